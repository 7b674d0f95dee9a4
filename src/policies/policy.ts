/**
 * The one interface of all replication policies. A policy decides where records go, whose answers count and when
 * an operation is over. Everything else (time, messages, storage, placement, audit, limits) it finds in its kit.
 * No policy knows another.
 */
import type { Atom } from "@phyxius/atom";
import type { Clock } from "@phyxius/clock";
import type { CatchUpWatch } from "../catch-up.ts";
import type { CacheEvent, HitSource } from "../events.ts";
import type { Gather, GatherOptions } from "../gather.ts";
import type { Hooks } from "../hooks.ts";
import type { Incarnations } from "../incarnations.ts";
import type { Durability, Timing } from "../options.ts";
import type { Operation } from "../operation.ts";
import type { Placement } from "../placement.ts";
import type { Rpc } from "../rpc.ts";
import type { CacheState } from "../state.ts";
import type { Store } from "../store.ts";
import type { DataRequest, ReplyMessage } from "../wire/messages.ts";

/** What a policy may promise: the names of the properties that the harness can check. */
export type PolicyPromise =
  | "linearizable"
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
  | "operations-end"
  | "audit-complete";

/** Background work that the cache does for a policy that asks for it. */
export type BackgroundWork = "expiry" | "health" | "statistics" | "repair";

/** How much may go wrong before the promises no longer hold. */
export interface FaultBudget {
  /** In words, for lists and reports. */
  readonly summary: string;
  /**
   * How many of a key's N owners may be down, cut off or catching up at the same time. With a journal, more may be
   * down or cut off: operations then wait, and nothing is lost. What counts is whose disk was lost or damaged.
   */
  ownersLost(replication: number): number;
}

/** A policy as data. */
export interface PolicyCard {
  readonly name: string;
  /** One line. */
  readonly summary: string;
  readonly promises: readonly PolicyPromise[];
  readonly faultBudget: FaultBudget;
  readonly background: readonly BackgroundWork[];
  /** False: operations wait as long as it takes, whatever their deadline. */
  readonly honoursDeadlines: boolean;
  /** Whether a node may keep a journal on disk and vote at once after a crash. */
  readonly durability: readonly Durability[];
  /** False: any node may hold any key. True: a key's owners are those of `Placement`, always. */
  readonly hasFixedOwners: boolean;
}

/** A value that a get found. */
export interface Found {
  /** As it was encoded when it was set. */
  readonly value: string;
  readonly source: HitSource;
  readonly version: string | null;
}

/** A policy at work on one node, for one life of it. */
export interface PolicyNode {
  /** Null: a miss. Rejects when it could not be found out. */
  readonly get: (operation: Operation) => Promise<Found | null>;
  /** Resolves when the write is acknowledged. `ttlMs` counts from the start of the operation. */
  readonly set: (operation: Operation, value: string, ttlMs: number) => Promise<void>;
  readonly delete: (operation: Operation) => Promise<void>;
  /** Answers a peer, at once; null says nothing. */
  readonly answer: (from: string, request: DataRequest) => ReplyMessage | null;
}

export interface Policy extends PolicyCard {
  readonly create: (kit: PolicyKit) => PolicyNode;
}

/** What a policy works with. */
export interface PolicyKit {
  readonly self: string;
  readonly peers: readonly string[];
  readonly incarnation: number;
  readonly clock: Clock;
  readonly timing: Timing;
  /** How wrong wall clocks may be: see the option of this name. */
  readonly clockSkewMs: number;
  readonly state: Atom<CacheState>;
  readonly store: Store;
  readonly placement: Placement;
  readonly rpc: Rpc;
  readonly incarnations: Incarnations;
  readonly catchUp: CatchUpWatch;
  /** Asks several replicas; ends with the operation at the latest. */
  readonly gather: (operation: Operation, options: GatherOptions) => Gather;
  /** Writes to the audit log. Never throws. */
  readonly emit: (event: CacheEvent) => void;
  readonly hooks: Hooks;
  /** Runs when the cache stops. */
  readonly onStop: (cleanUp: () => void | Promise<void>) => void;
}
