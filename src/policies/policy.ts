/**
 * The one interface of all replication policies. A policy decides where records go, whose answers count and when
 * an operation is over. Everything else (time, messages, storage, placement, audit, limits) it finds in its kit.
 * No policy knows another.
 */
import type { Atom } from "@phyxius/atom";
import type { Clock } from "@phyxius/clock";
import type { CatchUpWatch } from "../replication/catch-up.ts";
import type { CacheEvent, HitSource } from "../observe/events.ts";
import type { HealthThresholds } from "../observe/node-health.ts";
import type { Reach } from "./reach.ts";
import type { Gather, GatherOptions } from "../replication/gather.ts";
import type { KeepRecord } from "../durable/record-log.ts";
import type { Hints } from "../replication/hints.ts";
import type { Hooks, Probe } from "../hooks.ts";
import type { Incarnations } from "../membership/incarnations.ts";
import type { Durability, Timing } from "../options.ts";
import type { Operation } from "../operations/operation.ts";
import type { Handover, HandoverWatch } from "../membership/handover.ts";
import type { Membership } from "../membership/membership.ts";
import type { Placement } from "../membership/placement.ts";
import type { CacheRecord } from "../local/record.ts";
import type { Rpc } from "../transport/rpc.ts";
import type { CacheState } from "../state.ts";
import type { Store } from "../local/store.ts";
import type { TtlClock, TtlMode } from "../ttl/ttl-clock.ts";
import type { Version } from "../local/version.ts";
import type { DataRequest, ReplyMessage } from "../wire/messages.ts";
import type { PolicyParameter, PolicyParameters } from "./parameters.ts";

/** What a policy may promise: the names of the properties that the harness can check. */
export type PolicyPromise =
  | "linearizable"
  | "regular"
  | "read-your-writes"
  | "monotonic-reads"
  | "monotonic-writes"
  | "writes-follow-reads"
  | "no-thin-air"
  | "no-resurrection"
  | "no-expired-hit"
  | "acknowledged-writes-survive"
  | "replicas-converge"
  | "replication-factor"
  | "single-flight"
  | "operations-end"
  | "audit-complete"
  | "statistics-add-up"
  | "bounds";

/** Background work that the cache does for a policy that asks for it. */
export type BackgroundWork = "expiry" | "health" | "statistics" | "repair" | "hints";

/** How much may go wrong before the promises no longer hold. */
export interface FaultBudget {
  /** In words, for lists and reports. */
  readonly summary: string;
  /**
   * How many of a key's N owners may be down, cut off or catching up at the same time. With a journal, more may be
   * down or cut off: operations then wait, and nothing is lost. What counts is whose disk was lost or damaged.
   */
  ownersLost(replication: number, parameters?: PolicyParameters): number;
  /**
   * Which share of all messages the network may lose for good, up to which operations succeed within a second and copies
   * become equal within some seconds, once nothing else is wrong; any share where nothing is said. What an operation
   * that succeeded gave does not depend on it.
   */
  readonly lossMax?: number;
}

/** A policy as data. */
export interface PolicyCard {
  readonly name: string;
  /** One line. */
  readonly summary: string;
  /** Those with the usual parameters. */
  readonly promises: readonly PolicyPromise[];
  /**
   * What it promises besides, in every run in which that probe does not fire: a node of the cluster that takes part in
   * what ends the promise must report it.
   */
  readonly promisesUntil?: Readonly<Partial<Record<Probe, readonly PolicyPromise[]>>>;
  /** What may be set besides the replication; nothing by default. */
  readonly parameters?: readonly PolicyParameter[];
  /** The promises with other parameters, if these matter. */
  readonly promisesOf?: (parameters: PolicyParameters, replication: number) => readonly PolicyPromise[];
  /**
   * From how many of a key's N - 1 other owners a replica that lost its memory must have taken over all before it
   * votes; by default enough for writes that a majority confirms. See `CatchUpWatch`.
   */
  readonly catchUpPeers?: (replication: number, parameters: PolicyParameters) => number;
  /** Of how many of a key's owners a change of members needs the word; by default of majorities. See `Handover`. */
  readonly handover?: (replication: number, parameters: PolicyParameters) => Handover;
  /**
   * The hook points that it may come to and the messages that its nodes send: what a campaign misses when it never meets
   * them. Anything, where nothing is said.
   */
  readonly reach?: readonly Reach[];
  readonly faultBudget: FaultBudget;
  readonly background: readonly BackgroundWork[];
  /** False: operations wait as long as it takes, whatever their deadline. */
  readonly honoursDeadlines: boolean;
  /** Whether a node may keep a journal on disk and vote at once after a crash. */
  readonly durability: readonly Durability[];
  /** In whose time it can keep times to live; `absolute` only unless it says so. */
  readonly ttlModes?: readonly TtlMode[];
  /** False: any node may hold any key. True: a key's owners are those of `Placement`, always. */
  readonly hasFixedOwners: boolean;
  /**
   * How many of a key's N fixed owners hold a write, at least, when it is acknowledged. Near copies rely on it; a
   * policy without versions or fixed owners has none.
   */
  readonly acknowledgedBy?: ((replication: number, parameters: PolicyParameters) => number) | undefined;
}

/** A value that a get found. */
export interface Found {
  /** As it was encoded when it was set. */
  readonly value: string;
  readonly source: HitSource;
  readonly version: string | null;
  /** When it may no longer be served, as its record says. A policy that has `fill` says it. */
  readonly expireAtMs?: number | undefined;
}

/** What became of a compare-and-set: see `Swap`, which has the value decoded. */
export interface PolicySwap {
  readonly isSet: boolean;
  /** The version that is there now; null for none. */
  readonly version: string | null;
  /** When another one was there: its value as it was encoded; null for none. */
  readonly value: string | null;
}

/** A policy at work on one node, for one life of it. */
export interface PolicyNode {
  /** Null: a miss. Rejects when it could not be found out. */
  readonly get: (operation: Operation) => Promise<Found | null>;
  /** Resolves when the write is acknowledged. `ttlMs` counts from the start of the operation. */
  readonly set: (operation: Operation, value: string, ttlMs: number) => Promise<void>;
  readonly delete: (operation: Operation) => Promise<void>;
  /**
   * Stores a value that was loaded because a get had met `seen`, or nothing: it must not replace what was written
   * since. False when it is known that something was. Where there is no `fill`, the cache uses `set`, unless the key was
   * written through this node meanwhile.
   */
  readonly fill?: (
    operation: Operation,
    value: string,
    ttlMs: number,
    seen: Version | null,
  ) => Promise<boolean>;
  /**
   * Lets the present value live at least `ttlMs` from the start of the operation; false when there is none. It must
   * not replace what was written since. Where there is none, nothing can be touched.
   */
  readonly touch?: (operation: Operation, ttlMs: number) => Promise<boolean>;
  /**
   * Sets the value if the version that is there now is the expected one, as `Found` names it, or if there is none and
   * null is expected; both in one step, whoever else writes. Left out by a policy that cannot do that.
   */
  readonly compareAndSet?: (
    operation: Operation,
    expected: string | null,
    value: string,
    ttlMs: number,
  ) => Promise<PolicySwap>;
  /** Answers a peer, at once; null says nothing. */
  readonly answer: (from: string, request: DataRequest) => ReplyMessage | null;
  /** False for a record that must not be stored, as `answer` will say too. All are admitted by default. */
  readonly admits?: (record: CacheRecord) => boolean;
}

export interface Policy extends PolicyCard {
  readonly create: (kit: PolicyKit) => PolicyNode;
}

/** What a policy works with. */
export interface PolicyKit {
  readonly self: string;
  readonly peers: readonly string[];
  readonly incarnation: number;
  /** An earlier life of this node confirmed what this one does not know of. */
  readonly hasForgotten: boolean;
  /** A value for each parameter of the policy. */
  readonly parameters: PolicyParameters;
  readonly clock: Clock;
  readonly timing: Timing;
  readonly health: HealthThresholds;
  /** What times to live are measured with. A policy that asks nothing else serves both modes. */
  readonly ttl: TtlClock;
  /** How wrong wall clocks may be: see the option of this name. */
  readonly clockSkewMs: number;
  readonly state: Atom<CacheState>;
  readonly store: Store;
  /** Stores a record: at once in memory; with a journal when it is on disk. Then it calls back, once or never. */
  readonly keep: KeepRecord;
  readonly placement: Placement;
  readonly membership: Membership;
  readonly handover: HandoverWatch;
  readonly rpc: Rpc;
  readonly incarnations: Incarnations;
  readonly catchUp: CatchUpWatch;
  /** Asks several replicas; ends with the operation at the latest. */
  readonly gather: (operation: Operation, options: GatherOptions) => Gather;
  /** Sends an answer that could not be given at once, to a peer or to this node itself. */
  readonly reply: (to: string, reply: ReplyMessage) => void;
  /** Asks a node, this one too, to store a record, and does not wait. Returns the number of the request. */
  readonly handOver: (to: string, record: CacheRecord) => number;
  readonly hints: Hints;
  /** Writes to the audit log. Never throws. */
  readonly emit: (event: CacheEvent) => void;
  /** A record was refused since its stamp was too far ahead. */
  readonly countStampAhead: () => void;
  readonly hooks: Hooks;
  /** Runs when the cache stops. */
  readonly onStop: (cleanUp: () => void | Promise<void>) => void;
}
