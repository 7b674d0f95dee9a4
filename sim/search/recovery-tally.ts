import type { Outcome } from "../run/outcome.ts";
import { barAtRank, type Bars, barsOf, mergeBars, upperEndOf } from "./histogram.ts";

/**
 * How long recovery took in many runs, by the kinds of faults that had been in the plan: as a histogram, so that
 * its size does not depend on the number of runs and merging is exact. Bars are an eighth of a power of two wide,
 * so a percentile is right to about 9 %.
 */
export interface RecoveryTally {
  /** The kind of fault; a run with several kinds counts for each. */
  readonly kind: string;
  /** Runs. */
  readonly count: number;
  /** Runs that had not recovered when they ended. */
  readonly neverCount: number;
  readonly maxUs: number;
  readonly bars: Bars;
}

export function tallyRecovery({ plan, statistics }: Outcome): RecoveryTally[] {
  const kinds = [...new Set(plan.faults.map(({ kind }) => kind))].sort();
  const { recoveryUs } = statistics;
  return kinds.map((kind) => ({
    kind,
    count: 1,
    neverCount: recoveryUs === null ? 1 : 0,
    maxUs: recoveryUs ?? 0,
    bars: recoveryUs === null ? [] : barsOf([recoveryUs], BARS_PER_OCTAVE),
  }));
}

export function mergeRecoveries(
  a: readonly RecoveryTally[],
  b: readonly RecoveryTally[],
): readonly RecoveryTally[] {
  if (a.length === 0) return b;
  if (b.length === 0) return a;
  const merged = new Map(a.map((each) => [each.kind, each]));
  for (const each of b) {
    const other = merged.get(each.kind);
    merged.set(each.kind, other === undefined ? each : mergeSame(other, each));
  }
  return [...merged.values()].sort((x, y) => (x.kind < y.kind ? -1 : 1));
}

function mergeSame(a: RecoveryTally, b: RecoveryTally): RecoveryTally {
  return {
    kind: a.kind,
    count: a.count + b.count,
    neverCount: a.neverCount + b.neverCount,
    maxUs: Math.max(a.maxUs, b.maxUs),
    bars: mergeBars(a.bars, b.bars),
  };
}

/** @returns microseconds, at least those of the given share of the runs; null when so many never recovered */
export function recoveryQuantileUs({ bars, count, maxUs }: RecoveryTally, share: number): number | null {
  const bar = barAtRank(bars, Math.ceil(share * count));
  return bar === null ? null : Math.min(upperEndOf(bar, BARS_PER_OCTAVE), maxUs);
}

const BARS_PER_OCTAVE = 8;
