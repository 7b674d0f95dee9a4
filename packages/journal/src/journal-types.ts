import type { Clock, Instant } from "@phyxius/clock";
import type { JournalEvent } from "./journal-events.ts";

export interface JournalEntry<T> {
  readonly id: string;
  /** Counts all appends of the journal from 0, the dropped and cleared ones too. */
  readonly sequence: number;
  readonly timestamp: Instant;
  readonly data: T;
}

/**
 * What a full journal does with one more entry.
 *
 * - `none`: there is no bound, whatever `maxEntries` says.
 * - `bounded:drop_oldest`: it forgets the oldest.
 * - `bounded:error`: it refuses, with a `JournalOverflowError`.
 */
export type OverflowPolicy = "none" | "bounded:drop_oldest" | "bounded:error";

export type IdGenerator = () => string;

/** Turns data into what JSON can carry, and back. */
export interface Serializer<T> {
  serialize(data: T): unknown;
  deserialize(data: unknown): T;
}

export interface JournalOptions<T> {
  readonly clock: Clock;
  /**
   * Gives each entry its id, and one to the journal itself for its `journal:create` event if there is an
   * `emit`. By default ids follow from the sequence: `entry-0`, `entry-1`.
   */
  readonly idGenerator?: IdGenerator | undefined;
  readonly emit?: ((event: JournalEvent) => void) | undefined;
  /** The bound of the two bounded policies, which need it. */
  readonly maxEntries?: number | undefined;
  /** `none` by default. */
  readonly overflow?: OverflowPolicy | undefined;
  readonly serializer?: Serializer<T> | undefined;
}

/** May be asynchronous; nobody waits for it, but its rejection is reported like an error it throws. */
export type Subscriber<T> = (entry: JournalEntry<T>) => void | Promise<void>;
export type Unsubscribe = () => void;

/** A deep, frozen copy of a journal. */
export interface JournalSnapshot<T> {
  /** The sequence of the first entry; of the next one to come when there is none. */
  readonly firstSequence: number;
  /** The sequence of the last append ever; -1 before the first. */
  readonly lastSequence: number;
  readonly totalCount: number;
  readonly timestamp: Instant;
  readonly entries: readonly JournalEntry<T>[];
}

export interface SerializedEntry {
  readonly id: string;
  readonly sequence: number;
  readonly timestamp: { readonly wallMs: number; readonly monoMs: number };
  /** Absent where the data is `undefined` and went through text. */
  readonly data?: unknown;
}

export interface SerializedJournal {
  readonly entries: readonly SerializedEntry[];
  readonly nextSequence: number;
  readonly createdAt?: { readonly wallMs: number; readonly monoMs: number };
}
