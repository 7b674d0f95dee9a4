import type { Instant } from "@phyxius/clock";
import type { OverflowPolicy } from "./journal-types.ts";

/** What a journal tells an `emit` hook. */
export type JournalEvent =
  | { type: "journal:create"; journalId: string; at: Instant }
  | { type: "journal:append"; id: string; seq: number; size: number; at: Instant }
  | { type: "journal:subscriber:error"; seq: number; id: string; error: unknown; at: Instant }
  | { type: "journal:clear"; previousSize: number; at: Instant }
  /** `droppedCount` is there when entries were dropped, not when one was refused. */
  | {
      type: "journal:overflow";
      policy: OverflowPolicy;
      maxEntries: number;
      droppedCount?: number;
      at: Instant;
    };

/** A hook for events. It must not throw: its error reaches whoever caused the event. */
export type EmitFn = (event: JournalEvent) => void;
