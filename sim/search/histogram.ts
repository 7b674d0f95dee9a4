/**
 * How often whole numbers occurred, in bars whose width grows with the numbers: the size does not depend on how many
 * there are, and merging is exact. With n bars an octave, a quantile is right to one nth.
 */

/** Number of the bar and how many are in it, in the order of the bars. */
export type Bars = readonly (readonly [bar: number, count: number])[];

/** Numbers up to `perOctave`, a power of two, have bars of their own; above, the leading bits count. */
export function barOf(value: number, perOctave: number): number {
  if (value < perOctave) return value;
  let octave = 0;
  let rest = value;
  while (rest >= 2 * perOctave) {
    rest = Math.floor(rest / 2);
    octave++;
  }
  return octave * perOctave + rest;
}

/** The largest number of a bar. */
export function upperEndOf(bar: number, perOctave: number): number {
  return lowerEndOf(bar + 1, perOctave) - 1;
}

/** The smallest number of a bar. */
export function lowerEndOf(bar: number, perOctave: number): number {
  if (bar < perOctave) return bar;
  const octave = Math.floor(bar / perOctave) - 1;
  let end = (bar % perOctave) + perOctave;
  for (let i = 0; i < octave; i++) end *= 2;
  return end;
}

export function barsOf(values: readonly number[], perOctave: number): Bars {
  const counts = new Map<number, number>();
  for (const value of values) {
    const bar = barOf(value, perOctave);
    counts.set(bar, (counts.get(bar) ?? 0) + 1);
  }
  return sorted(counts);
}

export function mergeBars(a: Bars, b: Bars): Bars {
  if (a.length === 0) return b;
  if (b.length === 0) return a;
  const counts = new Map(a);
  for (const [bar, count] of b) counts.set(bar, (counts.get(bar) ?? 0) + count);
  return sorted(counts);
}

/** The bar of the value at a rank, counted from 1; null when there are not so many. */
export function barAtRank(bars: Bars, rank: number): number | null {
  let seen = 0;
  for (const [bar, count] of bars) {
    seen += count;
    if (seen >= rank) return bar;
  }
  return null;
}

function sorted(counts: ReadonlyMap<number, number>): Bars {
  return [...counts].sort(([a], [b]) => a - b);
}
