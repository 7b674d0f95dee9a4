import type { Kernel } from "../kernel/kernel.ts";
import { mixInt } from "../kernel/mix.ts";
import { chooseBits, type CorruptionSites, corruptionSites, flipBits } from "./corruption.ts";
import { createLink, type Endpoint, type Link, otherSitesOf } from "./link.ts";
import { type LinkCondition, LinkConditions } from "./link-conditions.ts";
import { createJourneys, type Journeys, type KindOf } from "./journeys.ts";
import { linkSettings, type LinkSettings, type NetworkOptions } from "./network-settings.ts";
import { type Stretch, Transit } from "./transit.ts";

export type { Endpoint } from "./link.ts";
export type { NetworkOptions } from "./network-settings.ts";

export interface NetworkStatistics {
  sent: number;
  delivered: number;
  bytes: number;
  lost: number;
  duplicated: number;
  /** Arrives with some bits flipped, if it arrives. */
  corrupted: number;
  /** Dropped because the link was cut when the message was sent or when it would have arrived. */
  blocked: number;
  /** Dropped because there was no room to wait in front of a narrow link. */
  overflowed: number;
  /** How often a message that had arrived was held up by a clog. */
  held: number;
  /** Arrived at a machine that was down. */
  refused: number;
}

export interface Network {
  readonly statistics: Readonly<NetworkStatistics>;
  /** How many messages have been delivered to each machine, by its name. */
  arrivals(): Readonly<Record<string, number>>;
  /**
   * When messages were under way for at least as long as the network was told to notice, in the order of time; stretches
   * that meet are one.
   */
  readonly longJourneys: readonly Stretch[];
  /** The kinds of messages that have been delivered, by the system's names. */
  readonly kinds: ReadonlySet<string | null>;
  /** Sends one frame. From here on the bytes belong to the network: the sender must not change them. */
  send(from: Endpoint, to: string, frame: Uint8Array): void;
  /** Tells every machine that can be reached that the connections of `crashed` are gone. */
  announceCrash(crashed: Endpoint): void;
  /** Puts a condition on links until its owner lifts it. */
  impose(owner: object, condition: LinkCondition): void;
  lift(owner: object): void;
}

/**
 * @param describe a frame as the trace shows it; asked only when the run is traced
 * @param kindOf asked for every message that is delivered
 * @param longJourneyMs from how long on a message's journey is noted
 */
export function createNetwork(
  kernel: Kernel,
  endpoints: readonly Endpoint[],
  options: NetworkOptions,
  describe: (frame: Uint8Array) => unknown,
  kindOf: KindOf,
  longJourneyMs: number,
): Network {
  return new SimulatedNetwork(kernel, endpoints, options, describe, kindOf, longJourneyMs);
}

/** Places of resets among a cause's ordinals, apart from those of messages. */
const RESETS = 0x20000000;

/** A class for the reason given at the kernel's: the networks of all runs have one shape. */
class SimulatedNetwork implements Network {
  readonly statistics: NetworkStatistics = {
    sent: 0,
    delivered: 0,
    bytes: 0,
    lost: 0,
    duplicated: 0,
    corrupted: 0,
    blocked: 0,
    overflowed: 0,
    held: 0,
    refused: 0,
  };
  private readonly kernel: Kernel;
  private readonly endpoints: readonly Endpoint[];
  readonly kinds = new Set<string | null>();
  private readonly kindOf: KindOf;
  private readonly describe: (frame: Uint8Array) => unknown;
  private readonly indexOf: ReadonlyMap<string, number>;
  private readonly settingsOf: (from: string, to: string) => LinkSettings;
  private readonly conditions = new LinkConditions();
  private readonly transit: Transit;
  private readonly journeys: Journeys | null;
  /** By the sender's lane, then by the receiver's name. A link is made when it is first used. */
  private readonly links = new Map<number, Map<string, Link>>();
  private readonly corruption = new Map<Link, CorruptionSites>();
  /** By the receiver's place among the endpoints. */
  private readonly arrivedAt: number[];

  constructor(
    kernel: Kernel,
    endpoints: readonly Endpoint[],
    options: NetworkOptions,
    describe: (frame: Uint8Array) => unknown,
    kindOf: KindOf,
    longJourneyMs: number,
  ) {
    this.kernel = kernel;
    this.endpoints = endpoints;
    this.arrivedAt = endpoints.map(() => 0);
    this.describe = describe;
    this.kindOf = kindOf;
    const machines = endpoints.map(({ id }) => id);
    this.indexOf = new Map(machines.map((id, index) => [id, index]));
    this.settingsOf = linkSettings(machines, options);
    this.transit = new Transit(kernel, this.conditions, longJourneyMs * 1000);
    this.journeys = createJourneys(options, kindOf);
  }

  send(from: Endpoint, to: string, frame: Uint8Array): void {
    const { kernel, statistics, transit, journeys } = this;
    const link = this.linkBetween(from, to);
    const { cause, chooser } = kernel;
    const ordinal = cause.nextOrdinal(link.place);
    statistics.sent++;
    statistics.bytes += frame.length;
    if (kernel.isTracing) kernel.trace("net.send", from.id, { to, message: this.describe(frame) });
    if (link.isBlocked) {
      statistics.blocked++;
      this.drop(link, "partition", frame);
      return;
    }
    let leavesUs = 0;
    if (link.bytesPerSecond !== Infinity) {
      leavesUs = transit.enqueue(link, frame.length);
      if (leavesUs < 0) {
        statistics.overflowed++;
        this.drop(link, "overflow", frame);
        return;
      }
    }
    if (link.loss > 0 && chooser.quantile(otherSitesOf(link).loss, cause, ordinal) >= 1 - link.loss) {
      statistics.lost++;
      this.drop(link, "loss", frame);
      return;
    }
    const mayOvertake =
      link.reorder > 0 && chooser.quantile(otherSitesOf(link).reorder, cause, ordinal) >= 1 - link.reorder;
    const quantile = chooser.quantile(link.delaySite, cause, ordinal);
    const tie = mixInt(mixInt(link.delaySite.hash, cause.hash), ordinal);
    const received = link.corrupt > 0 ? this.perhapsDamaged(link, frame, ordinal) : frame;
    const sample = journeys?.sampler(frame) ?? link.settings.sample;
    const extraUs = journeys === null ? 0 : journeys.extraUs(from.id, to, chooser, cause);
    const first = transit.depart(link, {
      quantile,
      sample,
      extraUs,
      isOrdered: !mayOvertake,
      tie,
      leavesUs,
      first: null,
      arrive: () => this.arrive(link, received),
    });
    if (
      link.duplicate > 0 &&
      chooser.quantile(otherSitesOf(link).duplicate, cause, ordinal) >= 1 - link.duplicate
    ) {
      statistics.duplicated++;
      transit.depart(link, {
        quantile: chooser.quantile(otherSitesOf(link).copyDelay, cause, ordinal),
        sample,
        extraUs,
        isOrdered: false,
        tie: tie + 1,
        leavesUs,
        first,
        arrive: () => this.arrive(link, frame),
      });
    }
  }

  get longJourneys(): readonly Stretch[] {
    return this.transit.longJourneys;
  }

  arrivals(): Readonly<Record<string, number>> {
    return Object.fromEntries(this.endpoints.map(({ id }, index) => [id, this.arrivedAt[index] ?? 0]));
  }

  announceCrash(crashed: Endpoint): void {
    for (const peer of this.endpoints) {
      if (peer !== crashed) this.sendReset(this.linkBetween(crashed, peer.id));
    }
  }

  impose(owner: object, condition: LinkCondition): void {
    this.conditions.impose(owner, condition);
    if (condition.bytesPerSecond !== undefined) this.transit.replan();
  }

  lift(owner: object): void {
    const lifted = this.conditions.lift(owner);
    if (lifted === undefined) return;
    if (lifted.delayFactor !== undefined || lifted.bytesPerSecond !== undefined) this.transit.replan();
    if (lifted.isClogged === true) this.transit.release();
  }

  private linkBetween(from: Endpoint, to: string): Link {
    const link = this.links.get(from.lane)?.get(to) ?? this.addLink(from, to);
    if (link.conditionsVersion !== this.conditions.version) this.conditions.apply(link);
    return link;
  }

  private addLink(from: Endpoint, to: string): Link {
    const fromIndex = this.indexOf.get(from.id);
    const toIndex = this.indexOf.get(to);
    if (fromIndex === undefined || toIndex === undefined) {
      throw new RangeError(`${from.id} sent a message to "${to}", which is not in the cluster`);
    }
    const place = fromIndex * this.endpoints.length + toIndex;
    const link = createLink(from, this.endpoints[toIndex] as Endpoint, place, this.settingsOf(from.id, to));
    const links = this.links.get(from.lane) ?? new Map<string, Link>();
    this.links.set(from.lane, links.set(to, link));
    return link;
  }

  private drop(link: Link, reason: string, frame: Uint8Array): void {
    const { kernel } = this;
    if (!kernel.isTracing) return;
    kernel.trace("net.drop", link.to.id, { from: link.from.id, reason, message: this.describe(frame) });
  }

  private perhapsDamaged(link: Link, frame: Uint8Array, ordinal: number): Uint8Array {
    const { kernel } = this;
    const { cause, chooser } = kernel;
    let sites = this.corruption.get(link);
    if (sites === undefined) this.corruption.set(link, (sites = corruptionSites(link.from, link.to)));
    if (frame.length === 0 || chooser.quantile(sites.happens, cause, ordinal) < 1 - link.corrupt)
      return frame;
    this.statistics.corrupted++;
    const bits = chooseBits(sites, frame.length, chooser, cause, ordinal);
    if (kernel.isTracing) kernel.trace("net.corrupt", link.to.id, { from: link.from.id, bits });
    return flipBits(frame, bits);
  }

  private arrive(link: Link, frame: Uint8Array): void {
    const { kernel, statistics } = this;
    if (link.conditionsVersion !== this.conditions.version) this.conditions.apply(link);
    if (link.isBlocked) {
      statistics.blocked++;
      this.drop(link, "partition", frame);
      return;
    }
    if (link.isClogged) {
      statistics.held++;
      if (kernel.isTracing) {
        kernel.trace("net.hold", link.to.id, { from: link.from.id, message: this.describe(frame) });
      }
      this.transit.hold(link, () => this.arrive(link, frame));
      return;
    }
    if (!link.to.isUp) {
      statistics.refused++;
      this.drop(link, "down", frame);
      this.sendReset(this.linkBetween(link.to, link.from.id));
      return;
    }
    statistics.delivered++;
    this.kinds.add(this.kindOf(frame));
    const receiver = link.place % this.arrivedAt.length;
    this.arrivedAt[receiver] = (this.arrivedAt[receiver] ?? 0) + 1;
    if (kernel.isTracing) {
      kernel.trace("net.deliver", link.to.id, { from: link.from.id, message: this.describe(frame) });
    }
    link.to.receive(link.from.id, frame);
  }

  /** A reset travels like any message and in order with them, but is neither lost nor repeated. */
  private sendReset(link: Link): void {
    if (link.isBlocked) return;
    const { cause, chooser } = this.kernel;
    const ordinal = cause.nextOrdinal(RESETS + link.place);
    const { reset } = otherSitesOf(link);
    this.transit.depart(link, {
      quantile: chooser.quantile(reset, cause, ordinal),
      sample: link.settings.sample,
      extraUs: 0,
      isOrdered: true,
      tie: mixInt(reset.hash, ordinal),
      leavesUs: link.idleFromUs,
      first: null,
      arrive: () => this.arriveReset(link),
    });
  }

  private arriveReset(link: Link): void {
    const { kernel } = this;
    if (link.conditionsVersion !== this.conditions.version) this.conditions.apply(link);
    if (link.isBlocked) return;
    if (link.isClogged) {
      this.transit.hold(link, () => this.arriveReset(link));
      return;
    }
    if (!link.to.isUp) return;
    if (kernel.isTracing) kernel.trace("net.reset", link.to.id, { peer: link.from.id });
    link.to.reset(link.from.id);
  }
}
