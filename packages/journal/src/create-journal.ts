import { createSystemClock } from "@phyxius/clock";
import { Journal } from "./journal.ts";
import type { JournalOptions } from "./journal-types.ts";

/** A journal with all its options optional: without a clock it makes itself a system clock. */
export function createJournal<T = unknown>(options: Partial<JournalOptions<T>> = {}): Journal<T> {
  return new Journal<T>({ ...options, clock: options.clock ?? createSystemClock() });
}
