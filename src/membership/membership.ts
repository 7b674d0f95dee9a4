import type { Atom } from "@phyxius/atom";
import { Map } from "immutable";
import { type Configuration, includes, nodesOf } from "./configuration.ts";
import { createConfiguredPlacement, type Owners, type Placement } from "./placement.ts";
import { NO_VOTES } from "./agreement.ts";
import type { CacheState } from "../state.ts";

/**
 * The configuration in which this node is, and the placement that follows from it.
 *
 * A node is in one configuration at a time and only moves on to newer ones. From then on it refuses whatever belongs
 * to an older one, and that is what the safety of a change rests on; so whoever acts on the configuration learns of
 * the move before anything else is handled.
 */
export interface Membership extends Placement {
  readonly configuration: Configuration;
  readonly epoch: number;
  /** The other nodes that have a part in the configuration, in the order of the transport. */
  readonly others: readonly string[];
  /** Moves on to a configuration that was decided. False when it is no newer. */
  adopt(configuration: Configuration): boolean;
  /** Tells of every move, in the order of asking. */
  onMove(told: (configuration: Configuration) => void): void;
  /** Tells just before every move, to which configuration it is. */
  onLeave(told: (next: Configuration) => void): void;
}

export interface MembershipOptions {
  readonly self: string;
  readonly peers: readonly string[];
  readonly state: Atom<CacheState>;
  readonly replication: number;
  /** False for a policy in which any node may hold any key. */
  readonly hasFixedOwners: boolean;
}

export function createMembership(options: MembershipOptions): Membership {
  return new MovingMembership(options);
}

/** A class, since it has properties that change: as accessors of a literal they would cost a shape for each node. */
class MovingMembership implements Membership {
  readonly replication: number;
  configuration: Configuration;
  epoch: number;
  others: readonly string[];
  private placement: Placement;
  private readonly options: MembershipOptions;
  private readonly told: ((configuration: Configuration) => void)[] = [];
  private readonly toldBefore: ((next: Configuration) => void)[] = [];

  constructor(options: MembershipOptions) {
    const { state, replication } = options;
    this.options = options;
    this.replication = replication;
    this.configuration = state.deref().membership.configuration;
    this.epoch = this.configuration.epoch;
    this.others = this.othersOf(this.configuration);
    this.placement = createConfiguredPlacement(this.configuration, replication);
  }

  ownersOf(key: string): readonly string[] {
    return this.placement.quorumsOf(key).nodes;
  }

  quorumsOf(key: string): Owners {
    return this.placement.quorumsOf(key);
  }

  adopt(configuration: Configuration): boolean {
    if (configuration.epoch <= this.epoch) return false;
    const { state, replication } = this.options;
    for (const told of this.toldBefore) told(configuration);
    this.configuration = configuration;
    this.epoch = configuration.epoch;
    this.others = this.othersOf(configuration);
    this.placement = createConfiguredPlacement(configuration, replication);
    state.swap((current) => ({
      ...current,
      membership: { configuration, votes: NO_VOTES },
      records: this.ownedOf(current.records),
      // What was given in another configuration was given by others, of other keys.
      catchUp: { ...current.catchUp, pulledFrom: Map() },
    }));
    for (const told of this.told) told(configuration);
    return true;
  }

  onMove(told: (configuration: Configuration) => void): void {
    this.told.push(told);
  }

  onLeave(told: (next: Configuration) => void): void {
    this.toldBefore.push(told);
  }

  private othersOf(configuration: Configuration): readonly string[] {
    const nodes = new Set(nodesOf(configuration));
    return this.options.peers.filter((peer) => nodes.has(peer));
  }

  /** What this node need not keep any more: whoever owns it now has taken it over. */
  private ownedOf(records: CacheState["records"]): CacheState["records"] {
    const { self, hasFixedOwners } = this.options;
    return hasFixedOwners ? records.filter(({ key }) => this.ownersOf(key).includes(self)) : records;
  }
}

/** Whether the node is one of those who decide in the configuration, alone or with others. */
export function hasPart({ members, previous }: Configuration, node: string): boolean {
  return includes(members, node) || includes(previous, node);
}
