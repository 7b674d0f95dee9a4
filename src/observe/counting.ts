/** How the statistics grow. Each takes a state and gives the next: made for `Atom.swap`. */
import type { CacheErrorCode } from "../errors.ts";
import { type CacheState, copyOf } from "../state.ts";
import {
  copyOfStatistics,
  type DiskCounts,
  type LoadingCounts,
  NO_DISK_COUNTS,
  NO_LOADING_COUNTS,
  NO_FAILOVER_COUNTS,
  type RejectedFrameKind,
  type Statistics,
} from "./statistics.ts";

export type FailureKind = CacheErrorCode | "unexpected";

export function countHit(state: CacheState): CacheState {
  const stats = copyOfStatistics(state.stats);
  stats.hits++;
  return withStats(state, stats);
}

export function countMiss(state: CacheState): CacheState {
  const stats = copyOfStatistics(state.stats);
  stats.misses++;
  return withStats(state, stats);
}

export function countWrite(state: CacheState): CacheState {
  const stats = copyOfStatistics(state.stats);
  stats.writes++;
  return withStats(state, stats);
}

export function countGetError(state: CacheState, kind: FailureKind): CacheState {
  const stats = copyOfStatistics(state.stats);
  stats.failures = oneMore(stats.failures, kind);
  stats.getErrors++;
  return withStats(state, stats);
}

export function countWriteError(state: CacheState, kind: FailureKind): CacheState {
  const stats = copyOfStatistics(state.stats);
  stats.failures = oneMore(stats.failures, kind);
  stats.writeErrors++;
  return withStats(state, stats);
}

export function countEvictions(state: CacheState, evicted: number): CacheState {
  const stats = copyOfStatistics(state.stats);
  stats.evictions += evicted;
  return withStats(state, stats);
}

export function countExpirations(state: CacheState, dropped: number): CacheState {
  const stats = copyOfStatistics(state.stats);
  stats.expirations += dropped;
  return withStats(state, stats);
}

/** A call that was refused before it became an operation. */
export function countRefusal(state: CacheState, kind: FailureKind): CacheState {
  const stats = copyOfStatistics(state.stats);
  stats.failures = oneMore(stats.failures, kind);
  return withStats(state, stats);
}

export function countRejectedFrame(state: CacheState, kind: RejectedFrameKind): CacheState {
  const stats = copyOfStatistics(state.stats);
  stats.rejectedFrames = oneMore(stats.rejectedFrames, kind);
  return withStats(state, stats);
}

export function countJournalError(state: CacheState): CacheState {
  const stats = copyOfStatistics(state.stats);
  stats.journalErrors++;
  return withStats(state, stats);
}

export function countLoading(state: CacheState, what: keyof LoadingCounts): CacheState {
  const stats = copyOfStatistics(state.stats);
  const loading = stats.loading ?? NO_LOADING_COUNTS;
  stats.loading = { ...loading, [what]: loading[what] + 1 };
  return withStats(state, stats);
}

/** A load that failed, as one of its kind of failure too. */
export function countLoadError(state: CacheState, kind: FailureKind): CacheState {
  return countLoading(countRefusal(state, kind), "loadErrors");
}

export function countStampAhead(state: CacheState): CacheState {
  const stats = copyOfStatistics(state.stats);
  stats.stampsAhead = (stats.stampsAhead ?? 0) + 1;
  return withStats(state, stats);
}

export function countDisk(state: CacheState, what: keyof DiskCounts): CacheState {
  const stats = copyOfStatistics(state.stats);
  const disk = stats.disk ?? NO_DISK_COUNTS;
  stats.disk = { ...disk, [what]: disk[what] + 1 };
  return withStats(state, stats);
}

export function countConflict(state: CacheState): CacheState {
  const stats = copyOfStatistics(state.stats);
  stats.conflicts = (stats.conflicts ?? 0) + 1;
  return withStats(state, stats);
}

export function countPolicyError(state: CacheState): CacheState {
  const stats = copyOfStatistics(state.stats);
  stats.policyErrors = (stats.policyErrors ?? 0) + 1;
  return withStats(state, stats);
}

export function countTakeover(state: CacheState): CacheState {
  const stats = copyOfStatistics(state.stats);
  const failover = stats.failover ?? NO_FAILOVER_COUNTS;
  stats.failover = { ...failover, takeovers: failover.takeovers + 1 };
  return withStats(state, stats);
}

export function countDeposed(state: CacheState, writesLost: number): CacheState {
  const stats = copyOfStatistics(state.stats);
  const failover = stats.failover ?? NO_FAILOVER_COUNTS;
  stats.failover = {
    ...failover,
    deposed: failover.deposed + 1,
    writesLost: failover.writesLost + writesLost,
  };
  return withStats(state, stats);
}

function withStats(state: CacheState, stats: Statistics): CacheState {
  const next = copyOf(state);
  next.stats = stats;
  return next;
}

function oneMore<Kind extends string>(
  counts: Readonly<Partial<Record<Kind, number>>>,
  kind: Kind,
): Readonly<Partial<Record<Kind, number>>> {
  return { ...counts, [kind]: (counts[kind] ?? 0) + 1 };
}
