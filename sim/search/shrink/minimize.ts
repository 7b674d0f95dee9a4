/**
 * A smallest list that still passes `test`, in the sense that no single item of it can be left out: Zeller and
 * Hildebrandt, "Simplifying and Isolating Failure-Inducing Input" (2002). Large pieces are left out first, from the
 * end on, since what comes late seldom causes what came before. At most some n² tests, in practice n log n and fewer.
 *
 * @param items a list that passes
 * @param test whether a part of it, in the same order, passes too
 */
export async function minimize<T>(
  items: readonly T[],
  test: (kept: readonly T[]) => Promise<boolean>,
): Promise<readonly T[]> {
  if (items.length === 0 || (await test([]))) return [];
  let kept = items;
  let size = Math.ceil(kept.length / 2);
  while (kept.length > 1) {
    const before = kept.length;
    for (let end = kept.length; end > 0; end -= size) {
      const without = [...kept.slice(0, Math.max(0, end - size)), ...kept.slice(end)];
      if (without.length > 0 && (await test(without))) kept = without;
    }
    if (kept.length < before) size = Math.min(size, Math.ceil(kept.length / 2));
    else if (size === 1) break;
    else size = Math.ceil(size / 2);
  }
  return kept;
}
