import type { Kernel, Scheduled } from "../kernel/kernel.ts";
import { addFlight, addHeld, type Flight, type Link } from "./link.ts";
import type { LatencySampler } from "./latency.ts";
import type { LinkConditions } from "./link-conditions.ts";

/** Lanes of arrivals: apart from the machine's own lane, so that a crash does not drop what is on the wire. */
const ARRIVALS = 0x40000000;

/** The lane of the machine at which an event of `lane` happens. */
export function machineLane(lane: number): number {
  return lane & (ARRIVALS - 1);
}

/** What makes one message's journey different from another's. */
export interface Departure {
  readonly quantile: number;
  /** Milliseconds for the quantile. */
  readonly sample: LatencySampler;
  /** Added to them, in microseconds. */
  readonly extraUs: number;
  /** It may not arrive before what was sent before it, and neither before it what comes after. */
  readonly isOrdered: boolean;
  readonly tie: number;
  /** When its last byte leaves; anything in the past is now. */
  readonly leavesUs: number;
  /** For a second copy, the first: it comes before. */
  readonly first: Scheduled | null;
  readonly arrive: () => void;
}

/** A stretch of virtual time, in microseconds. */
export interface Stretch {
  readonly fromUs: number;
  readonly untilUs: number;
}

/**
 * When messages arrive: the delay, the order, the queue in front of a narrow link, and what becomes of all that
 * when conditions come and go. What they mean is written at `LinkCondition`.
 */
export class Transit {
  private readonly kernel: Kernel;
  private readonly conditions: LinkConditions;
  /** Links with flights, or with bytes waiting. */
  private readonly unsettled = new Set<Link>();
  private readonly holding = new Set<Link>();
  private readonly longUs: number;
  /** When messages were under way for at least `longUs`, in the order of time; stretches that meet are one. */
  readonly longJourneys: Stretch[] = [];

  constructor(kernel: Kernel, conditions: LinkConditions, longUs: number) {
    this.kernel = kernel;
    this.conditions = conditions;
    this.longUs = longUs;
  }

  /**
   * Puts so many bytes behind those that wait on a link of limited bandwidth.
   *
   * @returns when the last of them leaves, or -1 when there is no room for them
   */
  enqueue(link: Link, bytes: number): number {
    const { nowUs } = this.kernel;
    const bytesPerUs = link.bytesPerSecond / 1_000_000;
    this.unsettled.add(link);
    const isIdle = link.idleFromUs <= nowUs;
    if (!isIdle && (link.idleFromUs - nowUs) * bytesPerUs + bytes > link.queueBytes) return -1;
    link.idleFromUs = (isIdle ? nowUs : link.idleFromUs) + bytes / bytesPerUs;
    return link.idleFromUs;
  }

  /** Sends something on its way. */
  depart(
    link: Link,
    { quantile, sample, extraUs, isOrdered, tie, leavesUs, first, arrive }: Departure,
  ): Scheduled {
    const { kernel } = this;
    const { nowUs } = kernel;
    const { delayFactor } = link;
    const delayUs = Math.round((sample(quantile) + extraUs / 1000) * delayFactor * 1000);
    const isWaiting = leavesUs > nowUs;
    let dueUs = (isWaiting ? Math.ceil(leavesUs) : nowUs) + delayUs;
    if (first !== null && dueUs <= first.due) dueUs = first.due + 1;
    if (isOrdered) {
      if (dueUs <= link.lastDueUs) dueUs = link.lastDueUs + 1;
      link.lastDueUs = dueUs;
    }
    if (dueUs - nowUs >= this.longUs) this.noteLong(nowUs, dueUs);
    const event = kernel.schedule(dueUs, tie, link.to.lane + ARRIVALS, kernel.cause, arrive);
    if (delayFactor > 1 || isWaiting) {
      this.watch(link, { event, isOrdered, factor: delayFactor, leavesUs, delayUs, first });
    } else if (isOrdered) link.lastSettledDueUs = dueUs;
    return event;
  }

  private noteLong(fromUs: number, untilUs: number): void {
    const last = this.longJourneys.at(-1);
    if (last === undefined || last.untilUs < fromUs) this.longJourneys.push({ fromUs, untilUs });
    else if (last.untilUs < untilUs) this.longJourneys.splice(-1, 1, { fromUs: last.fromUs, untilUs });
  }

  /** Keeps what has arrived on a clogged link until it is no longer clogged. */
  hold(link: Link, arrive: () => void): void {
    const { kernel } = this;
    // Ahead of everything that is due at the same instant, link by link.
    const tie = -1 - link.place;
    addHeld(link, kernel.schedule(Infinity, tie, link.to.lane + ARRIVALS, kernel.cause, arrive));
    this.holding.add(link);
  }

  /** To be called when a clog was lifted. */
  release(): void {
    for (const link of this.holding) {
      this.conditions.apply(link);
      if (link.isClogged) continue;
      this.holding.delete(link);
      const { held } = link;
      link.held = [];
      for (const event of held) this.kernel.reschedule(event, this.kernel.nowUs);
    }
  }

  /** To be called when a delay factor was lifted, or a bandwidth has come or gone. */
  replan(): void {
    for (const link of this.unsettled) this.replanLink(link);
  }

  private watch(link: Link, flight: Flight): void {
    this.unsettled.add(link);
    addFlight(link, flight);
    if (link.flights.length < link.flightsMax) return;
    link.flights = this.stillUnsettled(link);
    link.flightsMax = Math.max(link.flightsMax, 2 * link.flights.length);
  }

  /** Of those still under way: the others, and those that nothing can change any more, are sorted out. */
  private stillUnsettled(link: Link): Flight[] {
    return link.flights.filter((flight) => {
      if (flight.event.place < 0) return false;
      if (flight.factor > 1 || flight.leavesUs > this.kernel.nowUs) return true;
      settle(link, flight);
      return false;
    });
  }

  /** What waits leaves at the link's present bandwidth; whatever is left of the way goes at its present speed. */
  private replanLink(link: Link): void {
    const { kernel } = this;
    const { nowUs } = kernel;
    const bytesPerSecondBefore = link.bytesPerSecond;
    this.conditions.apply(link);
    const { delayFactor, bytesPerSecond } = link;
    const leavingAt = (leavesUs: number): number => {
      if (leavesUs <= nowUs || bytesPerSecond === Infinity) return Math.min(leavesUs, nowUs);
      return nowUs + (leavesUs - nowUs) * (bytesPerSecondBefore / bytesPerSecond);
    };

    const flights = this.stillUnsettled(link);
    flights.sort((a, b) => a.event.due - b.event.due || a.event.sequence - b.event.sequence);
    // What is settled was sent before all of these, and is ahead of them.
    let lastUs = Math.max(nowUs, link.lastSettledDueUs);
    link.flights = [];
    for (const flight of flights) {
      const { event, isOrdered, first } = flight;
      const ratio = Math.min(1, delayFactor / flight.factor);
      const wasWaiting = flight.leavesUs > nowUs;
      const leavesUs = leavingAt(flight.leavesUs);
      const delayUs = Math.round(flight.delayUs * ratio);
      let dueUs = wasWaiting
        ? Math.ceil(leavesUs) + delayUs
        : nowUs + Math.round((event.due - nowUs) * ratio);
      if (isOrdered) {
        dueUs = Math.max(dueUs, lastUs + 1);
        lastUs = dueUs;
      }
      if (first !== null && first.place >= 0) dueUs = Math.max(dueUs, first.due + 1);
      kernel.reschedule(event, dueUs);
      const replanned = { ...flight, factor: Math.min(flight.factor, delayFactor), leavesUs, delayUs };
      if (replanned.factor > 1 || leavesUs > nowUs) addFlight(link, replanned);
      else settle(link, replanned);
    }
    link.idleFromUs = leavingAt(link.idleFromUs);
    link.lastDueUs = lastUs;
    if (link.flights.length === 0 && link.idleFromUs <= nowUs) this.unsettled.delete(link);
  }
}

/** Its arrival no longer changes; what is ordered and comes after must not be moved before it. */
function settle(link: Link, { event, isOrdered }: Flight): void {
  if (isOrdered) link.lastSettledDueUs = Math.max(link.lastSettledDueUs, event.due);
}
