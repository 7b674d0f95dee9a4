import type { Atom } from "@phyxius/atom";
import { createJournal, type Journal } from "@phyxius/journal";
import { countJournalError } from "../observe/counting.ts";
import type { CacheEvent } from "../observe/events.ts";
import type { Subscriptions } from "../observe/subscriptions.ts";
import type { CacheOptions, Limits } from "../options.ts";
import type { CacheState } from "../state.ts";

export function createAuditJournal(
  { clock }: CacheOptions,
  { journalEntriesMax }: Limits,
): Journal<CacheEvent> {
  return createJournal({ clock, maxEntries: journalEntriesMax, overflow: "bounded:drop_oldest" });
}

/** Writes to the audit log, and tells whoever listens. Never throws. */
export function createEmit(
  state: Atom<CacheState>,
  journal: Journal<CacheEvent>,
  subscriptions: Subscriptions,
): (event: CacheEvent) => void {
  return (event) => {
    try {
      journal.append(event);
    } catch {
      // What happened has happened: a log that is full must not turn it into a failure.
      state.swap(countJournalError);
    }
    subscriptions.tell(event);
  };
}
