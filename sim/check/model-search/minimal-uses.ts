/** How many optional operations of each kind a configuration has used. */
export type Uses = readonly number[];

/**
 * Configurations that differ only in the optional operations they have used: one that has used more of none and fewer
 * of some can do whatever the other can. So only the least are kept.
 */
export interface MinimalUses {
  /** False when something at least as good is known for this name. */
  add(name: string, uses: Uses): boolean;
}

export function createMinimalUses(): MinimalUses {
  const known = new Map<string, Uses[]>();
  return {
    add(name, uses) {
      const others = known.get(name);
      if (others === undefined) {
        known.set(name, [uses]);
        return true;
      }
      if (others.some((other) => isWithin(other, uses))) return false;
      const kept = others.filter((other) => !isWithin(uses, other));
      kept.push(uses);
      known.set(name, kept);
      return true;
    },
  };
}

/** Whether one has used at most what the other has. */
export function isWithin(a: Uses, b: Uses): boolean {
  for (let kind = 0; kind < a.length; kind++) {
    if ((a[kind] as number) > (b[kind] ?? 0)) return false;
  }
  return true;
}
