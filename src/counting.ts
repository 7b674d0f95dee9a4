/** How the statistics grow. Each takes a state and gives the next: made for `Atom.swap`. */
import type { CacheErrorCode } from "./errors.ts";
import type { CacheState } from "./state.ts";
import { type DiskCounts, NO_DISK_COUNTS, type RejectedFrameKind, type Statistics } from "./statistics.ts";

export type FailureKind = CacheErrorCode | "unexpected";

export function countHit(state: CacheState): CacheState {
  const { stats } = state;
  return withStats(state, { ...stats, hits: stats.hits + 1 });
}

export function countMiss(state: CacheState): CacheState {
  const { stats } = state;
  return withStats(state, { ...stats, misses: stats.misses + 1 });
}

export function countWrite(state: CacheState): CacheState {
  const { stats } = state;
  return withStats(state, { ...stats, writes: stats.writes + 1 });
}

export function countGetError(state: CacheState, kind: FailureKind): CacheState {
  const { stats } = state;
  const failures = oneMore(stats.failures, kind);
  return withStats(state, { ...stats, failures, getErrors: stats.getErrors + 1 });
}

export function countWriteError(state: CacheState, kind: FailureKind): CacheState {
  const { stats } = state;
  const failures = oneMore(stats.failures, kind);
  return withStats(state, { ...stats, failures, writeErrors: stats.writeErrors + 1 });
}

/** A call that was refused before it became an operation. */
export function countRefusal(state: CacheState, kind: FailureKind): CacheState {
  const { stats } = state;
  return withStats(state, { ...stats, failures: oneMore(stats.failures, kind) });
}

export function countRejectedFrame(state: CacheState, kind: RejectedFrameKind): CacheState {
  const { stats } = state;
  return withStats(state, { ...stats, rejectedFrames: oneMore(stats.rejectedFrames, kind) });
}

export function countJournalError(state: CacheState): CacheState {
  const { stats } = state;
  return withStats(state, { ...stats, journalErrors: stats.journalErrors + 1 });
}

export function countDisk(state: CacheState, what: keyof DiskCounts): CacheState {
  const { stats } = state;
  const disk = stats.disk ?? NO_DISK_COUNTS;
  return withStats(state, { ...stats, disk: { ...disk, [what]: disk[what] + 1 } });
}

/** Written out, because this is done for every operation and a spread of the state costs several times as much. */
function withStats(state: CacheState, stats: Statistics): CacheState {
  return {
    records: state.records,
    nodes: state.nodes,
    incarnations: state.incarnations,
    catchUp: state.catchUp,
    replicationFactor: state.replicationFactor,
    stats,
  };
}

function oneMore<Kind extends string>(
  counts: Readonly<Partial<Record<Kind, number>>>,
  kind: Kind,
): Readonly<Partial<Record<Kind, number>>> {
  return { ...counts, [kind]: (counts[kind] ?? 0) + 1 };
}
