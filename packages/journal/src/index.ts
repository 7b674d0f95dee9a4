export { createJournal } from "./create-journal.ts";
export { Journal } from "./journal.ts";
export { JournalOverflowError, JournalReentrancyError, JournalSerializationError } from "./journal-errors.ts";
export type { EmitFn, JournalEvent } from "./journal-events.ts";
export type {
  IdGenerator,
  JournalEntry,
  JournalOptions,
  JournalSnapshot,
  OverflowPolicy,
  SerializedEntry,
  SerializedJournal,
  Serializer,
  Subscriber,
  Unsubscribe,
} from "./journal-types.ts";
