/**
 * What a full replica does with a new key. `refuse`: it says so, and the write fails. `lru`: it gives up the value
 * that was used longest ago.
 *
 * Giving up a value must not uncover an older one that another replica has kept. So what is left of it is a stub: a
 * record of the same version without a value, which to everybody else is a tombstone. It stays as long as a tombstone
 * would, until the grace after its end, is counted apart, and goes through journal, repair and catch-up as any record
 * does. A reader that meets the value and a stub of it takes the value.
 */
import type { Map } from "immutable";
import type { CacheRecord } from "./record.ts";
import { RecencyMap } from "./recency-map.ts";

export type Eviction = "refuse" | "lru";

type Records = Map<string, CacheRecord>;

/** Which records are there to be evicted, and which of them goes next. */
export interface Evictor {
  /** A record is held now, in place of what was held of its key. */
  noteHeld(record: CacheRecord): void;
  noteUsed(key: string): void;
  noteDropped(key: string): void;
  /**
   * Leaves stubs of the values used longest ago, in records that may be changed, until no more are left than may be.
   * O(1) for each. Returns their keys.
   */
  evict(draft: Records): readonly string[];
}

export function createLruEvictor(valuesMax: number, held: Records): Evictor {
  const values = new RecencyMap<true>();

  function noteHeld({ key, value }: CacheRecord): void {
    if (value === null) values.delete(key);
    else values.set(key, true);
  }

  for (const record of held.values()) noteHeld(record);

  return {
    noteHeld,
    noteUsed: (key) => void values.use(key),
    noteDropped: (key) => values.delete(key),
    evict(draft) {
      const evicted: string[] = [];
      while (values.size > valuesMax) {
        const key = values.oldest() as string;
        values.delete(key);
        const record = draft.get(key);
        if (record === undefined) continue;
        draft.set(key, { ...record, value: null });
        evicted.push(key);
      }
      return evicted;
    },
  };
}
