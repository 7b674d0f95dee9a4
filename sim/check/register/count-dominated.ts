import { countBelow } from "./sorted-search.ts";

export interface Point {
  readonly x: number;
  readonly y: number;
}

/**
 * For each limit, how many of the points are strictly below it in both coordinates. O(n log n): goes through all by x
 * and keeps the counts by y in a binary indexed tree (Fenwick 1994).
 */
export function countDominated(points: readonly Point[], limits: readonly Point[]): number[] {
  const heights = points.map(({ y }) => y).sort((a, b) => a - b);
  const tree = new Int32Array(heights.length + 1);
  const byX = [...points].sort((a, b) => a.x - b.x);
  const counts = limits.map(() => 0);
  const inOrder = limits.map((limit, index) => ({ limit, index })).sort((a, b) => a.limit.x - b.limit.x);
  let next = 0;
  for (const { limit, index } of inOrder) {
    for (let point = byX[next]; point !== undefined && point.x < limit.x; point = byX[++next]) {
      add(countBelow(heights, point.y) + 1);
    }
    counts[index] = sumOfFirst(countBelow(heights, limit.y));
  }
  return counts;

  function add(place: number): void {
    for (let at = place; at < tree.length; at += at & -at) tree[at] = (tree[at] as number) + 1;
  }

  function sumOfFirst(count: number): number {
    let sum = 0;
    for (let at = count; at > 0; at -= at & -at) sum += tree[at] as number;
    return sum;
  }
}
