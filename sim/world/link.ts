import { site, type Site } from "../kernel/choices.ts";
import type { Scheduled } from "../kernel/kernel.ts";
import type { LinkSettings } from "./network-settings.ts";

/** Where frames arrive: the machines, as the network sees them. */
export interface Endpoint {
  readonly id: string;
  /** Distinct and small: the network keeps its links by it. */
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
  readonly lossSite: Site;
  readonly duplicateSite: Site;
  readonly reorderSite: Site;
  readonly delaySite: Site;
  readonly copyDelaySite: Site;
  readonly resetSite: Site;

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
  /** Messages under way whose arrival depends on the conditions. */
  flights: Flight[];
  /** The number of flights at which those that have become settled are sorted out. */
  flightsMax: number;
  /** Messages that have arrived and may not go in, in the order of their arrival. */
  held: Scheduled[];
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

export function createLink(from: Endpoint, to: Endpoint, place: number, settings: LinkSettings): Link {
  const label = linkLabel(from, to);
  return {
    from,
    to,
    place,
    settings,
    lossSite: site(`${label}/loss`),
    duplicateSite: site(`${label}/duplicate`),
    reorderSite: site(`${label}/reorder`),
    delaySite: site(`${label}/delay`),
    copyDelaySite: site(`${label}/copy-delay`),
    resetSite: site(`${label}/reset`),
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
    flights: [],
    flightsMax: FLIGHTS_MAX_FIRST,
    held: [],
  };
}

/** How the choices of a link are called: `net/n1>n2/delay`. */
export function linkLabel(from: Endpoint, to: Endpoint): string {
  return `net/${from.id}>${to.id}`;
}
