import type { Outcome } from "../run/outcome.ts";

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
  /** Number of the bar and runs in it, in the order of the bars. */
  readonly bars: readonly (readonly [bar: number, count: number])[];
}

export function tallyRecovery({ plan, statistics }: Outcome): RecoveryTally[] {
  const kinds = [...new Set(plan.faults.map(({ kind }) => kind))].sort();
  const { recoveryUs } = statistics;
  return kinds.map((kind) => ({
    kind,
    count: 1,
    neverCount: recoveryUs === null ? 1 : 0,
    maxUs: recoveryUs ?? 0,
    bars: recoveryUs === null ? [] : [[barOf(recoveryUs), 1]],
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
  const counts = new Map(a.bars);
  for (const [bar, count] of b.bars) counts.set(bar, (counts.get(bar) ?? 0) + count);
  return {
    kind: a.kind,
    count: a.count + b.count,
    neverCount: a.neverCount + b.neverCount,
    maxUs: Math.max(a.maxUs, b.maxUs),
    bars: [...counts].sort(([x], [y]) => x - y),
  };
}

/** @returns microseconds, at least those of the given share of the runs; null when so many never recovered */
export function recoveryQuantileUs({ bars, count, maxUs }: RecoveryTally, share: number): number | null {
  const wanted = Math.ceil(share * count);
  let seen = 0;
  for (const [bar, size] of bars) {
    seen += size;
    if (seen >= wanted) return Math.min(upperEndOf(bar), maxUs);
  }
  return null;
}

const BARS_PER_OCTAVE = 8;

/** Whole numbers up to 8 have bars of their own; above, the leading bit and the three after it count. */
function barOf(us: number): number {
  if (us < BARS_PER_OCTAVE) return us;
  let octave = 0;
  let rest = us;
  while (rest >= 2 * BARS_PER_OCTAVE) {
    rest = Math.floor(rest / 2);
    octave++;
  }
  return octave * BARS_PER_OCTAVE + rest;
}

function upperEndOf(bar: number): number {
  if (bar < BARS_PER_OCTAVE) return bar;
  const octave = Math.floor(bar / BARS_PER_OCTAVE) - 1;
  let end = (bar % BARS_PER_OCTAVE) + BARS_PER_OCTAVE + 1;
  for (let i = 0; i < octave; i++) end *= 2;
  return end - 1;
}
