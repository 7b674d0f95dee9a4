import { site, type Site } from "../kernel/choices.ts";
import type { Scheduled } from "../kernel/kernel.ts";
import type { LinkSettings } from "./network-settings.ts";

/** Where frames arrive: the machines, as the network sees them. */
export interface Endpoint {
  readonly id: string;
  /** No two have the same. */
  readonly lane: number;
  readonly isUp: boolean;
  receive(from: string, frame: Uint8Array): void;
  reset(peer: string): void;
}

/** One direction between two machines. */
export interface Link {
  readonly from: Endpoint;
  readonly to: Endpoint;
  /** Number of the link, by which causes count their messages on it. */
  readonly place: number;
  readonly settings: LinkSettings;
  readonly delaySite: Site;
  /** Null until one of them is needed: most links of a large cluster never do. */
  otherSites: OtherSites | null;

  /** The state of the conditions that the next fields were computed from. */
  conditionsVersion: number;
  isBlocked: boolean;
  isClogged: boolean;
  loss: number;
  duplicate: number;
  reorder: number;
  corrupt: number;
  delayFactor: number;
  /** Infinity when any amount can be sent at once. */
  bytesPerSecond: number;
  queueBytes: number;

  /** When the last byte of what was sent so far leaves the sender: later than now while bytes are waiting. */
  idleFromUs: number;
  /** The latest arrival of a message that keeps the order: the next one may not undercut it. */
  lastDueUs: number;
  /** The same of those whose arrival is settled, whatever becomes of the conditions. */
  lastSettledDueUs: number;
  /** Messages under way whose arrival depends on the conditions. Add with {@link addFlight}. */
  flights: Flight[];
  /** The number of flights at which those that have become settled are sorted out. */
  flightsMax: number;
  /** Messages that have arrived and may not go in, in the order of their arrival. Add with {@link addHeld}. */
  held: Scheduled[];
}

/** What else is chosen on a link. */
export interface OtherSites {
  readonly loss: Site;
  readonly duplicate: Site;
  readonly reorder: Site;
  readonly copyDelay: Site;
  readonly reset: Site;
}

/** A message under way that was sent while its link was slow or had bytes waiting. */
export interface Flight {
  readonly event: Scheduled;
  readonly isOrdered: boolean;
  /** The delay factor that its delay was computed with. */
  readonly factor: number;
  /** When its last byte leaves the sender. */
  readonly leavesUs: number;
  /** How long it takes from there, if nothing is ahead of it. */
  readonly delayUs: number;
  /** For a second copy, the first: it comes before. */
  readonly first: Scheduled | null;
}

const FLIGHTS_MAX_FIRST = 64;
/** Shared by all links that have none, and never written to. */
const NO_FLIGHTS: Flight[] = [];
const NO_HELD: Scheduled[] = [];

export function createLink(from: Endpoint, to: Endpoint, place: number, settings: LinkSettings): Link {
  return {
    from,
    to,
    place,
    settings,
    delaySite: site(`${linkLabel(from, to)}/delay`),
    otherSites: null,
    conditionsVersion: -1,
    isBlocked: false,
    isClogged: false,
    loss: 0,
    duplicate: 0,
    reorder: 0,
    corrupt: 0,
    delayFactor: 1,
    bytesPerSecond: Infinity,
    queueBytes: 0,
    idleFromUs: 0,
    lastDueUs: 0,
    lastSettledDueUs: 0,
    flights: NO_FLIGHTS,
    flightsMax: FLIGHTS_MAX_FIRST,
    held: NO_HELD,
  };
}

export function otherSitesOf(link: Link): OtherSites {
  link.otherSites ??= createOtherSites(linkLabel(link.from, link.to));
  return link.otherSites;
}

function createOtherSites(label: string): OtherSites {
  return {
    loss: site(`${label}/loss`),
    duplicate: site(`${label}/duplicate`),
    reorder: site(`${label}/reorder`),
    copyDelay: site(`${label}/copy-delay`),
    reset: site(`${label}/reset`),
  };
}

export function addFlight(link: Link, flight: Flight): void {
  if (link.flights.length === 0) link.flights = [flight];
  else link.flights.push(flight);
}

export function addHeld(link: Link, event: Scheduled): void {
  if (link.held.length === 0) link.held = [event];
  else link.held.push(event);
}

/** How the choices of a link are called: `net/n1>n2/delay`. */
export function linkLabel(from: Endpoint, to: Endpoint): string {
  return `net/${from.id}>${to.id}`;
}
