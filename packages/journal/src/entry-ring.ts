import type { JournalEntry } from "./journal-types.ts";

/**
 * The entries of a journal, which are always consecutive: only the oldest is ever replaced. They lie in one array,
 * in order; from the moment the oldest is replaced for the first time, the array keeps its length and the order
 * begins anew at `oldestPlace`. An empty ring takes no room.
 *
 * `push` and `replaceOldest` cost O(1), but for the growing of the array, which is amortized; `get` costs O(1).
 */
export class EntryRing<T> {
  /** The sequence of the oldest entry; of the next to come when there is none. */
  declare firstSequence: number;
  declare private entries: JournalEntry<T>[];
  declare private oldestPlace: number;

  constructor(firstSequence: number) {
    this.firstSequence = firstSequence;
    this.entries = [];
    this.oldestPlace = 0;
  }

  get size(): number {
    return this.entries.length;
  }

  get nextSequence(): number {
    return this.firstSequence + this.entries.length;
  }

  /** Takes the entry with the sequence `nextSequence`. Only for a ring in which nothing was ever replaced. */
  push(entry: JournalEntry<T>): void {
    this.entries.push(entry);
  }

  /** The same, in the place of the oldest. */
  replaceOldest(entry: JournalEntry<T>): void {
    const { entries, oldestPlace } = this;
    entries[oldestPlace] = entry;
    this.oldestPlace = oldestPlace + 1 === entries.length ? 0 : oldestPlace + 1;
    this.firstSequence++;
  }

  get(sequence: number): JournalEntry<T> | undefined {
    const { entries } = this;
    const { length } = entries;
    const place = this.oldestPlace + (sequence - this.firstSequence);
    const entry = entries[place < length ? place : place - length];
    // What was asked for may be no sequence at all, or one that is not there.
    return entry?.sequence === sequence ? entry : undefined;
  }

  /** Drops all and lets go of the room they took. */
  clear(): void {
    this.firstSequence = this.nextSequence;
    this.entries = [];
    this.oldestPlace = 0;
  }
}
