import type { JournalEntry } from "./journal-types.ts";

/**
 * The entries of a journal, which are always consecutive: only the oldest are ever dropped. The entry with
 * sequence `s` lies at `s` modulo the capacity, a power of two, so that nothing ever moves but when the ring
 * grows: `push`, `dropOldest` and `get` cost O(1), a growth is amortized.
 */
export interface EntryRing<T> {
  /** The sequence of the oldest entry; of the next to come when there is none. */
  readonly firstSequence: number;
  readonly nextSequence: number;
  readonly size: number;
  /** Takes the entry with the sequence `nextSequence`. */
  push(entry: JournalEntry<T>): void;
  get(sequence: number): JournalEntry<T> | undefined;
  dropOldest(): void;
  /** Drops all and lets go of the room they took. */
  clear(): void;
}

const CAPACITY_MIN = 16;

export function createEntryRing<T>(firstSequence: number): EntryRing<T> {
  type Slots = (JournalEntry<T> | undefined)[];
  const emptySlots = (capacity: number): Slots => Array.from<undefined>({ length: capacity });

  // `&` takes a number modulo 2^32 first, so it finds the place of sequences beyond that too.
  let slots = emptySlots(CAPACITY_MIN);
  let mask = CAPACITY_MIN - 1;

  function grow(): void {
    const larger = emptySlots(slots.length * 2);
    const largerMask = larger.length - 1;
    for (let sequence = ring.firstSequence; sequence < ring.nextSequence; sequence++) {
      larger[sequence & largerMask] = slots[sequence & mask];
    }
    slots = larger;
    mask = largerMask;
  }

  const ring = {
    firstSequence,
    nextSequence: firstSequence,
    size: 0,
    push(entry: JournalEntry<T>) {
      if (ring.size === slots.length) grow();
      slots[entry.sequence & mask] = entry;
      ring.nextSequence = entry.sequence + 1;
      ring.size++;
    },
    get(sequence: number) {
      const entry = slots[sequence & mask];
      return entry?.sequence === sequence ? entry : undefined;
    },
    dropOldest() {
      slots[ring.firstSequence & mask] = undefined;
      ring.firstSequence++;
      ring.size--;
    },
    clear() {
      slots = emptySlots(CAPACITY_MIN);
      mask = CAPACITY_MIN - 1;
      ring.firstSequence = ring.nextSequence;
      ring.size = 0;
    },
  };
  return ring;
}
