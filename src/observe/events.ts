/**
 * What the audit log of a cache records. Every `started` has exactly one end: `hit`, `miss` or `error` for a get,
 * `completed` or `error` for everything else.
 */
import type { FailureKind } from "./counting.ts";
import type { NodeStatus } from "../state.ts";
import type { StatisticsReport } from "./statistics.ts";

/** Whom an entry belongs to. */
interface OfOperation {
  /** `node@incarnation#number`: unique in the cluster, the same in every entry of the operation. */
  readonly operation: string;
  readonly key: string;
}

/** What is not part of an operation has none. */
interface OfBackground {
  readonly operation: null;
}

interface Failed {
  readonly code: FailureKind;
  readonly error: string;
}

export type HitSource = "local" | "remote";

/** What a round of health checks made of one peer. */
export interface CheckedNode {
  readonly nodeId: string;
  /** How long its answer took, in milliseconds; null when it gave none. */
  readonly latencyMs: number | null;
  /** What it counts as from now on; null for a node that is not known. */
  readonly status: NodeStatus | null;
  /** Milliseconds; null until it was measured once. */
  readonly avgLatencyMs: number | null;
}

export type CacheEvent =
  | (OfOperation & { readonly type: "cache.get.started" })
  | (OfOperation & {
      readonly type: "cache.get.hit";
      readonly source: HitSource;
      readonly version: string | null;
      /** Only when its time to be loaded anew had come. */
      readonly isStale?: true;
    })
  | (OfOperation & { readonly type: "cache.get.miss" })
  | (OfOperation & Failed & { readonly type: "cache.get.error" })
  | (OfOperation & { readonly type: "cache.set.started"; readonly ttlMs: number })
  | (OfOperation & { readonly type: "cache.set.completed" })
  | (OfOperation & Failed & { readonly type: "cache.set.error" })
  | (OfOperation & {
      readonly type: "cache.compare_and_set.started";
      /** The version that had to be there; null for none. */
      readonly expected: string | null;
      readonly ttlMs: number;
    })
  | (OfOperation & {
      readonly type: "cache.compare_and_set.completed";
      readonly isSet: boolean;
      readonly version: string | null;
    })
  | (OfOperation & Failed & { readonly type: "cache.compare_and_set.error" })
  | (OfOperation & { readonly type: "cache.delete.started" })
  | (OfOperation & { readonly type: "cache.delete.completed" })
  | (OfOperation & Failed & { readonly type: "cache.delete.error" })
  | (OfOperation & { readonly type: "cache.touch.started"; readonly ttlMs: number })
  | (OfOperation & { readonly type: "cache.touch.completed"; readonly isTouched: boolean })
  | (OfOperation & Failed & { readonly type: "cache.touch.error" })
  | (OfOperation & { readonly type: "cache.load.started" })
  | (OfOperation & {
      readonly type: "cache.load.completed";
      /** False: the value went to its callers, but is not in the cache. */
      readonly isStored: boolean;
      /** The loader said that there is no value. */
      readonly isNegative: boolean;
    })
  | (OfOperation & Failed & { readonly type: "cache.load.error" })
  | (OfOperation & { readonly type: "cache.node.error"; readonly nodeId: string; readonly error: string })
  | (OfOperation & { readonly type: "cache.replication.success"; readonly nodeId: string })
  | (OfOperation & {
      readonly type: "cache.replication.failure";
      readonly nodeId: string;
      readonly error: string;
    })
  | (OfBackground & {
      readonly type: "cache.policy.error";
      /** The node that it was to answer. */
      readonly nodeId: string;
      readonly error: string;
    })
  | (OfBackground & {
      readonly type: "cache.failover.completed";
      readonly key: string;
      readonly epoch: number;
    })
  | (OfBackground & {
      readonly type: "cache.failover.deposed";
      readonly key: string;
      /** In which the key is led now, and by whom. */
      readonly epoch: number;
      readonly nodeId: string;
      /** Writes that this node had acknowledged and its successor had not found. */
      readonly writesLost: number;
    })
  | (OfBackground & { readonly type: "cache.cleanup.completed"; readonly evictions: number })
  | (OfBackground & {
      readonly type: "cache.health_check.failure";
      readonly nodeId: string;
      readonly error: string;
    })
  | (OfBackground & {
      readonly type: "cache.health_check.completed";
      /** Every peer, in the order of the transport. */
      readonly nodes: readonly CheckedNode[];
    })
  | (OfBackground & {
      readonly type: "cache.background.failure";
      readonly process: string;
      readonly error: string;
    })
  | (OfBackground & { readonly type: "cache.background.restarted"; readonly process: string })
  | (OfBackground & { readonly type: "cache.stats.snapshot"; readonly stats: StatisticsReport })
  | (OfBackground & {
      readonly type: "cache.disk.opened";
      /** What the journal on disk was found to be. */
      readonly found: "none" | "whole" | "damaged";
      readonly records: number;
      /** Bytes at its end that could not be used. */
      readonly droppedBytes: number;
      readonly problem: string | null;
    })
  | (OfBackground & {
      readonly type: "cache.membership.changed";
      readonly epoch: number;
      readonly members: readonly string[];
      /** The members before, while both decide together: the change is under way. Null when it is complete. */
      readonly previous: readonly string[] | null;
      /** False: this node may stop, once the change is complete. */
      readonly isMember: boolean;
    })
  | (OfBackground & { readonly type: "cache.disk.error"; readonly error: string })
  | (OfBackground & { readonly type: "cache.disk.rewritten"; readonly bytes: number });

export type CacheEventType = CacheEvent["type"];

const EDGES: Readonly<Record<CacheEventType, "start" | "end" | null>> = {
  "cache.get.started": "start",
  "cache.get.hit": "end",
  "cache.get.miss": "end",
  "cache.get.error": "end",
  "cache.set.started": "start",
  "cache.set.completed": "end",
  "cache.set.error": "end",
  "cache.compare_and_set.started": "start",
  "cache.compare_and_set.completed": "end",
  "cache.compare_and_set.error": "end",
  "cache.delete.started": "start",
  "cache.delete.completed": "end",
  "cache.delete.error": "end",
  "cache.touch.started": "start",
  "cache.touch.completed": "end",
  "cache.touch.error": "end",
  "cache.load.started": "start",
  "cache.load.completed": "end",
  "cache.load.error": "end",
  "cache.node.error": null,
  "cache.replication.success": null,
  "cache.replication.failure": null,
  "cache.policy.error": null,
  "cache.failover.completed": null,
  "cache.failover.deposed": null,
  "cache.cleanup.completed": null,
  "cache.health_check.failure": null,
  "cache.health_check.completed": null,
  "cache.background.failure": null,
  "cache.background.restarted": null,
  "cache.stats.snapshot": null,
  "cache.membership.changed": null,
  "cache.disk.opened": null,
  "cache.disk.error": null,
  "cache.disk.rewritten": null,
};

/** Whether an entry opens an operation, closes it, or neither. */
export function edgeOf(type: CacheEventType): "start" | "end" | null {
  return EDGES[type];
}
