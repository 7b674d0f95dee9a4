import type { Operation } from "../../run/history.ts";
import { compareByTime, inTimeOrder } from "../certificate.ts";
import { effectEndUs } from "../operation-times.ts";
import type { RegisterOperation } from "./register-operation.ts";
import { countBelow } from "./sorted-search.ts";
import { joinChains } from "./register-chains.ts";
import { quoted } from "../wording.ts";

/**
 * Is the history of one register linearizable, when every value is written at most once? Exact, O(n log n).
 *
 * P. Gibbons and E. Korach, "Testing shared memories", SIAM J. Computing 26(4), 1997, section 4; in the words
 * of W. Golab, X. Li and M. Shah, "Analyzing consistency properties for fun and profit", PODC 2011.
 *
 * A value's *cluster* is its write and every read that returned it. In any right order a cluster is one
 * uninterrupted block, so only two of its moments matter: the earliest end f (from there on some operation of
 * the cluster has happened) and the latest call s (until there some has not).
 *
 * - f < s, a *forward* zone: the value was in the register from f to s without a break.
 * - otherwise a *backward* zone: every operation of the cluster covers all of [s, f], so that they can all
 *   happen at one moment in it, whichever is convenient.
 *
 * The history is linearizable if and only if
 * 1. every value read was written (`thin-air`),
 * 2. no read ends before its write is called (`read-before-write`),
 * 3. no two forward zones overlap (`two-values-at-once`),
 * 4. no backward zone lies strictly inside a forward zone (`value-came-back`).
 *
 * Intervals are closed: operations that touch at one instant are concurrent, so every comparison is strict.
 * Example: `set a` 0..1, `get a` 3..4, `set b` 2..3. Cluster a has the zone [1, 3], b the backward zone [2, 3]:
 * b may happen at 3 after the get, which may happen at 3 too. Were b to end at 2.999, it would be strictly
 * inside, and a would have come back after b replaced it.
 */

export type BrokenCondition =
  | "thin-air"
  | "read-before-write"
  | "two-values-at-once"
  | "value-came-back"
  /** Of compare-and-set: see register-chains.ts. */
  | "replaced-twice"
  | "replaced-in-a-circle"
  | "replaced-too-early";

/** The operations that deal with one write: the write itself and the reads that returned its value. */
export interface Cluster {
  /** Of a chain of compare-and-sets: the writes that hold it together. */
  readonly links?: readonly RegisterOperation[];
  /** Of such a chain: the write of the value that is there at its end, and that alone may expire. */
  readonly last?: RegisterOperation;
  /** A set; a delete, which writes a tombstone of its own; or a miss that stands for an eviction. */
  readonly write: RegisterOperation;
  /** The operation that ends first, and when (f): an indeterminate write has no end. */
  readonly earliestEnd: RegisterOperation;
  readonly earliestEndUs: number;
  /** The operation that is called last, and when (s). */
  readonly latestCall: RegisterOperation;
  readonly latestCallUs: number;
}

export interface RegisterConflict {
  readonly condition: BrokenCondition;
  /** The clusters that cannot both be right; none when a value was never written. */
  readonly clusters: readonly Cluster[];
  /** The certificate: at most six operations, which alone are already impossible. In time order. */
  readonly operations: readonly RegisterOperation[];
}

export interface Register {
  readonly clusters: readonly Cluster[];
  /** Gets that found nothing, for the caller to judge. */
  readonly misses: readonly RegisterOperation[];
}

type Mutable<T> = { -readonly [K in keyof T]: T[K] };

export function isForward(cluster: Cluster): boolean {
  return cluster.earliestEndUs < cluster.latestCallUs;
}

/** What identifies a cluster: the write, the operation that ends first, the one that is called last. */
export function witnesses(cluster: Cluster): readonly RegisterOperation[] {
  return [cluster.write, cluster.earliestEnd, cluster.latestCall, ...(cluster.links ?? [])];
}

/** A cluster of one operation, whose value nobody read. */
export function loneCluster(write: RegisterOperation): Cluster {
  return {
    write,
    earliestEnd: write,
    earliestEndUs: effectEndUs(write),
    latestCall: write,
    latestCallUs: write.callUs,
  };
}

/**
 * Sorts one key's operations into clusters. Failed operations did not happen and reads without an answer say
 * nothing: both are left out. An indeterminate write stays, without an end; if nobody read its value it harms
 * nobody, since it may as well happen after everything else.
 *
 * @throws when two writes have the same value, since then no verdict of this file would be right
 */
export function gatherClusters(operations: readonly RegisterOperation[]): Register | RegisterConflict {
  const clusters: Mutable<Cluster>[] = [];
  const byValue = new Map<string, Mutable<Cluster>>();
  let isChained = false;
  for (const operation of operations) {
    if (operation.kind === "get" || operation.result === "fail") continue;
    const cluster: Mutable<Cluster> = loneCluster(operation);
    clusters.push(cluster);
    if (operation.kind === "delete") continue;
    if (operation.replaces !== undefined) isChained = true;
    const value = writtenValue(operation);
    const rival = byValue.get(value);
    if (rival !== undefined) {
      throw new Error(
        `${rival.write.id} and ${operation.id} both write ${quoted(value)} to ${quoted(operation.key)}: ` +
          "the values written in a history must be unique",
      );
    }
    byValue.set(value, cluster);
  }

  const misses: RegisterOperation[] = [];
  let invented: RegisterOperation | null = null;
  let premature: { cluster: Cluster; read: RegisterOperation } | null = null;
  for (const read of operations) {
    if (read.kind !== "get" || read.result !== "ok") continue;
    if (read.value === null) {
      misses.push(read);
      continue;
    }
    const cluster = byValue.get(read.value);
    if (cluster === undefined) {
      if (invented === null || compareByTime(read, invented) < 0) invented = read;
      continue;
    }
    if (
      read.returnUs < cluster.write.callUs &&
      (premature === null || compareByTime(read, premature.read) < 0)
    ) {
      premature = { cluster, read };
    }
    addRead(cluster, read);
  }

  if (invented !== null) return inventedValue(invented, operations);
  if (premature !== null) {
    const { cluster, read } = premature;
    return {
      condition: "read-before-write",
      clusters: [cluster],
      operations: inTimeOrder([cluster.write, read]),
    };
  }
  if (!isChained) return { clusters, misses };
  const chained = joinChains(clusters, byValue);
  return "condition" in chained ? chained : { clusters: chained.clusters, misses };
}

/** Conditions 3 and 4. Of the conflicts of a kind, the one that shows first. */
export function findZoneConflict(clusters: readonly Cluster[]): RegisterConflict | null {
  const forward = clusters.filter(isForward).sort((a, b) => a.earliestEndUs - b.earliestEndUs);
  for (let index = 1; index < forward.length; index++) {
    const before = forward[index - 1] as Cluster;
    const after = forward[index] as Cluster;
    if (after.earliestEndUs < before.latestCallUs) return conflict("two-values-at-once", before, after);
  }

  // Forward zones now follow one another, so that only the last one that begins before a backward zone can
  // reach over it.
  const beginnings = forward.map((cluster) => cluster.earliestEndUs);
  let first: { around: Cluster; inside: Cluster } | null = null;
  for (const inside of clusters) {
    if (isForward(inside)) continue;
    const around = forward[countBelow(beginnings, inside.latestCallUs) - 1];
    if (around === undefined || inside.earliestEndUs >= around.latestCallUs) continue;
    if (first === null || showsBefore(inside, first.inside)) first = { around, inside };
  }
  return first === null ? null : conflict("value-came-back", first.around, first.inside);
}

/** The whole check of one register that starts empty. Misses say nothing here. */
export function checkRegister(operations: readonly RegisterOperation[]): RegisterConflict | null {
  const register = gatherClusters(operations);
  return "condition" in register ? register : findZoneConflict(register.clusters);
}

function writtenValue(write: Operation): string {
  if (write.value === null) throw new Error(`${write.id} sets ${quoted(write.key)} to no value`);
  return write.value;
}

function addRead(cluster: Mutable<Cluster>, read: RegisterOperation): void {
  if (read.returnUs < cluster.earliestEndUs) {
    cluster.earliestEnd = read;
    cluster.earliestEndUs = read.returnUs;
  }
  if (read.callUs > cluster.latestCallUs) {
    cluster.latestCall = read;
    cluster.latestCallUs = read.callUs;
  }
}

function inventedValue(read: RegisterOperation, operations: readonly RegisterOperation[]): RegisterConflict {
  const failed = operations.filter(({ kind, value }) => kind === "set" && value === read.value);
  return { condition: "thin-air", clusters: [], operations: inTimeOrder([...failed, read]) };
}

function showsBefore(a: Cluster, b: Cluster): boolean {
  if (a.earliestEndUs !== b.earliestEndUs) return a.earliestEndUs < b.earliestEndUs;
  return compareByTime(a.write, b.write) < 0;
}

function conflict(condition: BrokenCondition, a: Cluster, b: Cluster): RegisterConflict {
  return { condition, clusters: [a, b], operations: inTimeOrder([...witnesses(a), ...witnesses(b)]) };
}
