/** A stretch of a list: `size` items that end before `end`. */
export interface Cut {
  readonly size: number;
  readonly end: number;
}

/**
 * What to leave out of a list, large stretches first and each size from the end of the list on: delta debugging, as
 * `minimize` does, but for somebody else who says which cut was one to go on from.
 *
 * @param from where an earlier search through a longer list succeeded, to go on from there
 */
export function* cuts(count: number, from: Cut | null): Iterable<Cut> {
  let size = Math.min(from?.size ?? count, count);
  let end = Math.min(from === null ? count : from.end - from.size, count);
  while (size > 0) {
    for (; end > 0; end -= size) yield { size: Math.min(size, end), end };
    if (size === 1) return;
    size = Math.ceil(size / 2);
    end = count;
  }
}

/** The list without a stretch of it. */
export function without<T>(items: readonly T[], { size, end }: Cut): T[] {
  return [...items.slice(0, end - size), ...items.slice(end)];
}
