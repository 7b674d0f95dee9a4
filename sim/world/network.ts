import { site, type Site } from "../kernel/choices.ts";
import type { Kernel, Scheduled } from "../kernel/kernel.ts";
import { mixInt } from "../kernel/mix.ts";
import { type LatencyModel, latencySampler } from "./latency.ts";

/**
 * What a fault does to the links that it matches. Of several conditions on one link, probabilities add up as
 * independent causes do, and the largest delay factor counts.
 */
export interface LinkCondition {
  matches(from: string, to: string): boolean;
  readonly isBlocked?: boolean;
  /** Probabilities, in addition to the network's own. */
  readonly loss?: number;
  readonly duplicate?: number;
  readonly reorder?: number;
  /** Multiplies the delay, 1 or more. What is under way when the condition is lifted goes on at full speed. */
  readonly delayFactor?: number;
}

export interface NetworkOptions {
  readonly latency: LatencyModel;
  readonly loss: number;
  readonly duplicate: number;
  readonly reorder: number;
}

/** Where frames arrive: the machines, as the network sees them. */
export interface Endpoint {
  readonly id: string;
  readonly lane: number;
  readonly isUp: boolean;
  receive(from: string, frame: Uint8Array): void;
  reset(peer: string): void;
}

export interface NetworkStatistics {
  sent: number;
  delivered: number;
  bytes: number;
  lost: number;
  duplicated: number;
  /** Dropped because the link was cut when the message was sent or when it would have arrived. */
  blocked: number;
  /** Arrived at a machine that was down. */
  refused: number;
}

export interface Network {
  readonly statistics: Readonly<NetworkStatistics>;
  /** Sends one frame. From here on the bytes belong to the network: the sender must not change them. */
  send(from: Endpoint, to: string, frame: Uint8Array): void;
  /** Tells every machine that can be reached that the connections of `crashed` are gone. */
  announceCrash(crashed: Endpoint): void;
  /** Puts a condition on links until its owner lifts it. */
  impose(owner: object, condition: LinkCondition): void;
  lift(owner: object): void;
}

/** One direction between two machines. */
interface Link {
  readonly from: Endpoint;
  readonly to: Endpoint;
  /** Number of the link, by which causes count their messages on it. */
  readonly place: number;
  readonly lossSite: Site;
  readonly duplicateSite: Site;
  readonly reorderSite: Site;
  readonly delaySite: Site;
  readonly copyDelaySite: Site;
  readonly resetSite: Site;
  /** The latest arrival of a message that keeps the order: the next one may not undercut it. */
  lastDueUs: number;
  /** The same of those that were sent at full speed. */
  lastUnslowedDueUs: number;
  /** The state of the conditions that the fields below were computed from. */
  conditionsVersion: number;
  isBlocked: boolean;
  loss: number;
  duplicate: number;
  reorder: number;
  delayFactor: number;
  /** Messages under way that were sent with a delay factor, in the order of their arrival. */
  slowed: Flight[];
}

interface Flight {
  readonly event: Scheduled;
  readonly factor: number;
  readonly isOrdered: boolean;
}

function orIndependent(a: number, b: number): number {
  return 1 - (1 - a) * (1 - b);
}

export function createNetwork(
  kernel: Kernel,
  endpoints: readonly Endpoint[],
  options: NetworkOptions,
  describe: (frame: Uint8Array) => unknown,
): Network {
  const sample = latencySampler(options.latency);
  const indexOf = new Map(endpoints.map((endpoint, index) => [endpoint.id, index]));
  const links: (Link | undefined)[] = [];
  const conditions = new Map<object, LinkCondition>();
  const slowedLinks = new Set<Link>();
  let conditionsVersion = 0;

  const statistics: NetworkStatistics = {
    sent: 0,
    delivered: 0,
    bytes: 0,
    lost: 0,
    duplicated: 0,
    blocked: 0,
    refused: 0,
  };

  function linkBetween(from: Endpoint, to: string): Link {
    const toIndex = indexOf.get(to);
    const fromIndex = indexOf.get(from.id);
    if (toIndex === undefined || fromIndex === undefined) {
      throw new RangeError(`${from.id} sent a message to "${to}", which is not in the cluster`);
    }
    const place = fromIndex * endpoints.length + toIndex;
    const link = (links[place] ??= createLink(from, endpoints[toIndex] as Endpoint, place));
    if (link.conditionsVersion !== conditionsVersion) refresh(link);
    return link;
  }

  function createLink(from: Endpoint, to: Endpoint, place: number): Link {
    const label = `net/${from.id}>${to.id}`;
    return {
      from,
      to,
      place,
      lossSite: site(`${label}/loss`),
      duplicateSite: site(`${label}/duplicate`),
      reorderSite: site(`${label}/reorder`),
      delaySite: site(`${label}/delay`),
      copyDelaySite: site(`${label}/copy-delay`),
      resetSite: site(`${label}/reset`),
      lastDueUs: 0,
      lastUnslowedDueUs: 0,
      conditionsVersion: -1,
      isBlocked: false,
      loss: 0,
      duplicate: 0,
      reorder: 0,
      delayFactor: 1,
      slowed: [],
    };
  }

  function refresh(link: Link): void {
    link.conditionsVersion = conditionsVersion;
    link.isBlocked = false;
    link.loss = options.loss;
    link.duplicate = options.duplicate;
    link.reorder = options.reorder;
    link.delayFactor = 1;
    for (const condition of conditions.values()) {
      if (!condition.matches(link.from.id, link.to.id)) continue;
      if (condition.isBlocked === true) link.isBlocked = true;
      link.loss = orIndependent(link.loss, condition.loss ?? 0);
      link.duplicate = orIndependent(link.duplicate, condition.duplicate ?? 0);
      link.reorder = orIndependent(link.reorder, condition.reorder ?? 0);
      link.delayFactor = Math.max(link.delayFactor, condition.delayFactor ?? 1);
    }
  }

  function drop(link: Link, reason: string, frame: Uint8Array): void {
    if (!kernel.isTracing) return;
    kernel.trace("net.drop", link.to.id, { from: link.from.id, reason, message: describe(frame) });
  }

  /**
   * @param isOrdered it may not arrive before what was sent before it, and neither before it what comes after
   * @returns when it will arrive
   */
  function schedule(
    link: Link,
    quantile: number,
    isOrdered: boolean,
    tie: number,
    fire: () => void,
    earliestUs = 0,
  ): number {
    const delayUs = Math.round(sample(quantile) * link.delayFactor * 1000);
    let dueUs = Math.max(kernel.nowUs + delayUs, earliestUs);
    if (isOrdered) {
      if (dueUs <= link.lastDueUs) dueUs = link.lastDueUs + 1;
      link.lastDueUs = dueUs;
    }
    const event = kernel.schedule(dueUs, tie, link.to.lane + ARRIVALS, kernel.cause, fire);
    if (link.delayFactor > 1) {
      slowedLinks.add(link);
      link.slowed.push({ event, factor: link.delayFactor, isOrdered });
    } else if (isOrdered) link.lastUnslowedDueUs = dueUs;
    return dueUs;
  }

  /** Whatever is left of the way goes at the link's present speed, and what is ordered stays in order. */
  function speedUp(link: Link): void {
    const { nowUs } = kernel;
    const flights = link.slowed.filter(({ event }) => event.place >= 0);
    flights.sort((a, b) => a.event.due - b.event.due || a.event.sequence - b.event.sequence);
    // What was sent before the link was slow is ahead of all of these.
    let lastUs = Math.max(nowUs, link.lastUnslowedDueUs);
    link.slowed = [];
    for (const { event, factor, isOrdered } of flights) {
      const ratio = Math.min(1, link.delayFactor / factor);
      let dueUs = nowUs + Math.round((event.due - nowUs) * ratio);
      if (isOrdered) {
        dueUs = Math.max(dueUs, lastUs + 1);
        lastUs = dueUs;
      }
      kernel.reschedule(event, dueUs);
      if (link.delayFactor > 1) {
        link.slowed.push({ event, factor: Math.min(factor, link.delayFactor), isOrdered });
      }
    }
    link.lastDueUs = lastUs;
    if (link.slowed.length === 0) slowedLinks.delete(link);
  }

  function arrive(link: Link, frame: Uint8Array): void {
    if (link.conditionsVersion !== conditionsVersion) refresh(link);
    if (link.isBlocked) {
      statistics.blocked++;
      drop(link, "partition", frame);
      return;
    }
    if (!link.to.isUp) {
      statistics.refused++;
      drop(link, "down", frame);
      sendReset(linkBetween(link.to, link.from.id));
      return;
    }
    statistics.delivered++;
    if (kernel.isTracing) {
      kernel.trace("net.deliver", link.to.id, { from: link.from.id, message: describe(frame) });
    }
    link.to.receive(link.from.id, frame);
  }

  /** A reset travels like any message and in order with them, but is neither lost nor repeated. */
  function sendReset(link: Link): void {
    if (link.isBlocked) return;
    const ordinal = kernel.cause.nextOrdinal(RESETS + link.place);
    const quantile = kernel.chooser.quantile(link.resetSite, kernel.cause, ordinal);
    const tie = mixInt(link.resetSite.hash, ordinal);
    schedule(link, quantile, true, tie, () => {
      if (link.conditionsVersion !== conditionsVersion) refresh(link);
      if (link.isBlocked || !link.to.isUp) return;
      if (kernel.isTracing) kernel.trace("net.reset", link.to.id, { peer: link.from.id });
      link.to.reset(link.from.id);
    });
  }

  return {
    statistics,
    send(from, to, frame) {
      const link = linkBetween(from, to);
      const { cause, chooser } = kernel;
      const ordinal = cause.nextOrdinal(link.place);
      statistics.sent++;
      statistics.bytes += frame.length;
      if (kernel.isTracing) kernel.trace("net.send", from.id, { to, message: describe(frame) });
      if (link.isBlocked) {
        statistics.blocked++;
        drop(link, "partition", frame);
        return;
      }
      if (link.loss > 0 && chooser.quantile(link.lossSite, cause, ordinal) >= 1 - link.loss) {
        statistics.lost++;
        drop(link, "loss", frame);
        return;
      }
      const quantile = chooser.quantile(link.delaySite, cause, ordinal);
      const mayOvertake =
        link.reorder > 0 && chooser.quantile(link.reorderSite, cause, ordinal) >= 1 - link.reorder;
      const tie = mixInt(mixInt(link.delaySite.hash, cause.hash), ordinal);
      const fire = () => arrive(link, frame);
      const dueUs = schedule(link, quantile, !mayOvertake, tie, fire);
      if (link.duplicate > 0 && chooser.quantile(link.duplicateSite, cause, ordinal) >= 1 - link.duplicate) {
        statistics.duplicated++;
        // The copy comes after the first, at any time: perhaps after what was sent later. It holds nothing up.
        const copyQuantile = chooser.quantile(link.copyDelaySite, cause, ordinal);
        schedule(link, copyQuantile, false, tie + 1, fire, dueUs + 1);
      }
    },
    announceCrash(crashed) {
      for (const peer of endpoints) if (peer !== crashed) sendReset(linkBetween(crashed, peer.id));
    },
    impose(owner, condition) {
      conditions.set(owner, condition);
      conditionsVersion++;
    },
    lift(owner) {
      const condition = conditions.get(owner);
      if (condition === undefined) return;
      conditions.delete(owner);
      conditionsVersion++;
      if (condition.delayFactor === undefined) return;
      for (const link of slowedLinks) {
        refresh(link);
        speedUp(link);
      }
    },
  };
}

/** Lanes of arrivals: apart from the machine's own lane, so that a crash does not drop what is on the wire. */
const ARRIVALS = 0x40000000;
/** Places of resets among a cause's ordinals, apart from those of messages. */
const RESETS = 0x20000000;

/** The lane of the machine at which an event of `lane` happens. */
export function machineLane(lane: number): number {
  return lane & (ARRIVALS - 1);
}
