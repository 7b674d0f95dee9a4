import type { Instant } from "@phyxius/clock";
import type { AtomSnapshot } from "./atom.ts";

/**
 * The last `size` states of an atom. Values and times lie in two plain arrays and the versions follow from the
 * newest (they are consecutive), so that a change allocates nothing; snapshots are made when asked for.
 */
export interface SnapshotRing<T> {
  push(value: T, at: Instant): void;
  /** The time of the newest state. */
  lastAt(): Instant;
  /** Oldest first. `version` is that of the newest. */
  toSnapshots(version: number): AtomSnapshot<T>[];
  /** Drops all but the newest. */
  keepLast(): void;
}

export function createSnapshotRing<T>(size: number, firstValue: T, firstAt: Instant): SnapshotRing<T> {
  let values: T[] = [firstValue];
  let ats: Instant[] = [firstAt];
  /** Where the newest state is. */
  let newest = 0;

  return {
    push(value, at) {
      newest++;
      if (newest === size) newest = 0;
      // Until the ring is full this adds to the arrays, from then on it overwrites the oldest state.
      values[newest] = value;
      ats[newest] = at;
    },
    lastAt: () => ats[newest] as Instant,
    toSnapshots(version) {
      const count = values.length;
      return Array.from({ length: count }, (_, index) => {
        const place = (newest + 1 + index) % count;
        return {
          value: values[place] as T,
          version: version - (count - 1) + index,
          at: ats[place] as Instant,
        };
      });
    },
    keepLast() {
      values = [values[newest] as T];
      ats = [ats[newest] as Instant];
      newest = 0;
    },
  };
}
