import { countBelow, countUpTo } from "./sorted-search.ts";

/** Answers, of the items placed before a limit, which one ranks highest. */
export interface RunningBest<T> {
  /** Of the items placed below the limit; null when there are none. */
  below(limit: number): T | null;
  /** Of the items placed at the limit or below; null when there are none. */
  upTo(limit: number): T | null;
}

/** O(n log n) to build, O(log n) to ask. */
export function runningBest<T>(
  items: readonly T[],
  placeOf: (item: T) => number,
  rankOf: (item: T) => number,
): RunningBest<T> {
  const inPlace = [...items].sort((a, b) => placeOf(a) - placeOf(b));
  const places = inPlace.map(placeOf);
  const best: T[] = [];
  let bestRank = Number.NEGATIVE_INFINITY;
  for (const item of inPlace) {
    const rank = rankOf(item);
    const isBetter = best.length === 0 || rank > bestRank;
    if (isBetter) bestRank = rank;
    best.push(isBetter ? item : (best.at(-1) as T));
  }
  return {
    below: (limit) => best[countBelow(places, limit) - 1] ?? null,
    upTo: (limit) => best[countUpTo(places, limit) - 1] ?? null,
  };
}
