import { InvalidArgumentError, type Clock, type Instant } from "@phyxius/clock";
import { requireFunction } from "@phyxius/clock/argument-checks";
import { createListenerList, type ListenerList } from "@phyxius/clock/listener-list";
import { checkOptions } from "./check-options.ts";
import { deepFreeze } from "./deep-freeze.ts";
import { EntryIds } from "./entry-ids.ts";
import { EntryRing } from "./entry-ring.ts";
import { JournalOverflowError, JournalReentrancyError, JournalSerializationError } from "./journal-errors.ts";
import type { EmitFn } from "./journal-events.ts";
import type {
  IdGenerator,
  JournalEntry,
  JournalOptions,
  JournalSnapshot,
  OverflowPolicy,
  SerializedJournal,
  Serializer,
  Subscriber,
  Unsubscribe,
} from "./journal-types.ts";
import { readSerializedJournal } from "./serialized-journal.ts";

/**
 * An append-only log in memory. Everything that can fail in an operation comes before its first change, so
 * that a journal which has thrown is the journal it was.
 */
export class Journal<T = unknown> implements Iterable<JournalEntry<T>> {
  readonly #clock: Clock;
  readonly #idGenerator: IdGenerator | undefined;
  readonly #emit: EmitFn | undefined;
  readonly #overflow: OverflowPolicy;
  /** Infinity where there is no bound. */
  readonly #maxEntries: number;
  readonly #serializer: Serializer<T> | undefined;
  readonly #subscribers: ListenerList<JournalEntry<T>>;
  readonly #entryIds = new EntryIds();
  #createdAt: Instant;
  #ring = new EntryRing<T>(0);
  /** While subscribers and hooks are told of an append, made or refused. */
  #isTelling = false;

  constructor(options: JournalOptions<T>) {
    checkOptions(options);
    this.#clock = options.clock;
    this.#idGenerator = options.idGenerator;
    this.#emit = options.emit;
    this.#overflow = options.overflow ?? "none";
    this.#maxEntries = this.#overflow === "none" ? Infinity : (options.maxEntries ?? Infinity);
    this.#serializer = options.serializer;
    this.#subscribers = createListenerList((error, { id, sequence }) => {
      const at = this.#clock.now();
      this.#emit?.({ type: "journal:subscriber:error", seq: sequence, id, error, at });
    });
    this.#createdAt = this.#clock.now();
    if (this.#emit !== undefined) {
      const journalId = this.#idGenerator === undefined ? "journal" : this.#nextId();
      this.#emit({ type: "journal:create", journalId, at: this.#createdAt });
    }
  }

  /**
   * Adds an entry at the end and tells the subscribers, synchronously.
   *
   * @throws JournalReentrancyError from inside a subscriber or an `emit` hook of this journal.
   * @throws JournalOverflowError when a `bounded:error` journal is full.
   */
  append(data: T): JournalEntry<T> {
    if (this.#isTelling) throw new JournalReentrancyError();
    const ring = this.#ring;
    const isFull = ring.size >= this.#maxEntries;
    if (isFull && this.#overflow === "bounded:error") this.#refuse();

    const sequence = ring.nextSequence;
    const id = this.#idGenerator === undefined ? this.#entryIds.idOf(sequence) : this.#nextId();
    const entry: JournalEntry<T> = { id, sequence, timestamp: this.#clock.now(), data };

    if (isFull) ring.replaceOldest(entry);
    else ring.push(entry);
    if (this.#emit !== undefined || this.#subscribers.size > 0) this.#tell(entry, isFull);
    return entry;
  }

  /** The entry with that sequence, unless it was dropped, cleared or never there. */
  getEntry(sequence: number): JournalEntry<T> | undefined {
    return this.#ring.get(sequence);
  }

  getFirst(): JournalEntry<T> | undefined {
    return this.#ring.get(this.#ring.firstSequence);
  }

  getLast(): JournalEntry<T> | undefined {
    return this.#ring.get(this.#ring.nextSequence - 1);
  }

  size(): number {
    return this.#ring.size;
  }

  isEmpty(): boolean {
    return this.#ring.size === 0;
  }

  /** Forgets all entries. The sequence goes on. */
  clear(): void {
    const previousSize = this.#ring.size;
    const at = this.#clock.now();
    this.#ring.clear();
    this.#emit?.({ type: "journal:clear", previousSize, at });
  }

  /**
   * Calls `fn` with each new entry, after the subscribers that were there before. Subscribing again with the
   * same function changes nothing. The result ends it.
   */
  subscribe(fn: Subscriber<T>): Unsubscribe {
    requireFunction("fn", fn);
    return this.#subscribers.add(fn);
  }

  /** The entries, oldest first, that were there when it began and still are when it comes to them. */
  *[Symbol.iterator](): IterableIterator<JournalEntry<T>> {
    const endSequence = this.#ring.nextSequence;
    let sequence = this.#ring.firstSequence;
    while (sequence < endSequence) {
      const entry = this.#ring.get(sequence);
      if (entry !== undefined) yield entry;
      // Jumps over what was dropped or cleared meanwhile.
      sequence = Math.max(sequence + 1, this.#ring.firstSequence);
    }
  }

  /** The data, oldest first, for which the predicate holds. */
  filter<S extends T>(predicate: (data: T, entry: JournalEntry<T>) => data is S): S[];
  filter(predicate: (data: T, entry: JournalEntry<T>) => boolean): T[];
  filter(predicate: (data: T, entry: JournalEntry<T>) => boolean): T[] {
    requireFunction("predicate", predicate);
    const matching: T[] = [];
    for (const entry of this) if (predicate(entry.data, entry)) matching.push(entry.data);
    return matching;
  }

  /**
   * A deep, frozen copy, taken as `structuredClone` does: class instances become plain objects.
   *
   * @throws JournalSerializationError when the data of an entry cannot be cloned, such as a function.
   */
  getSnapshot(): JournalSnapshot<T> {
    const { firstSequence, nextSequence, size } = this.#ring;
    const { wallMs, monoMs } = this.#clock.now();
    return deepFreeze({
      firstSequence,
      lastSequence: nextSequence - 1,
      totalCount: size,
      timestamp: { wallMs, monoMs },
      entries: cloneEntries([...this]),
    });
  }

  /**
   * The journal as plain data, for `JSON.stringify` and `Journal.fromJSON`. Without a serializer the data is
   * passed on as it is, so only what JSON has a form for survives the way through text.
   *
   * @throws JournalSerializationError when the data of an entry is circular or otherwise refused by JSON, or
   * when the serializer throws.
   */
  toJSON(): SerializedJournal {
    return {
      entries: Array.from(this, ({ id, sequence, timestamp, data }) => ({
        id,
        sequence,
        timestamp: { wallMs: timestamp.wallMs, monoMs: timestamp.monoMs },
        data: this.#toJsonData(data, sequence),
      })),
      nextSequence: this.#ring.nextSequence,
      createdAt: { wallMs: this.#createdAt.wallMs, monoMs: this.#createdAt.monoMs },
    };
  }

  /**
   * The journal that `json` (what `toJSON` returned, also after a way through text, or that text) was taken
   * from, with the options given now. A smaller bound applies at once.
   *
   * @throws InvalidArgumentError when `json` is not of that shape; it names the place.
   * @throws JournalSerializationError when the serializer throws.
   * @throws JournalOverflowError when a `bounded:error` journal cannot hold all of it.
   */
  static fromJSON<T>(json: SerializedJournal | string, options: JournalOptions<T>): Journal<T> {
    checkOptions(options);
    const { entries, nextSequence, createdAt } = readSerializedJournal(json);
    const { overflow = "none", maxEntries = Infinity, serializer } = options;
    const droppedCount = overflow === "none" ? 0 : Math.max(0, entries.length - maxEntries);
    if (droppedCount > 0 && overflow === "bounded:error") throw new JournalOverflowError(maxEntries);

    const kept = droppedCount === 0 ? entries : entries.slice(droppedCount);
    const ring = new EntryRing<T>(nextSequence - kept.length);
    for (const { id, sequence, timestamp, data } of kept) {
      const restored = fromJsonData(data, sequence, serializer);
      ring.push({ id, sequence, timestamp: toInstant(timestamp), data: restored });
    }

    const journal = new Journal<T>(options);
    journal.#ring = ring;
    if (createdAt !== undefined) journal.#createdAt = toInstant(createdAt);
    if (droppedCount > 0) {
      const at = journal.#clock.now();
      journal.#emit?.({ type: "journal:overflow", policy: overflow, maxEntries, droppedCount, at });
    }
    return journal;
  }

  #nextId(): string {
    const id = this.#idGenerator?.();
    if (typeof id !== "string") {
      throw new InvalidArgumentError("An id generator must return a string", "options.idGenerator()", id);
    }
    return id;
  }

  #refuse(): never {
    const maxEntries = this.#maxEntries;
    const at = this.#clock.now();
    this.#isTelling = true;
    try {
      this.#emit?.({ type: "journal:overflow", policy: this.#overflow, maxEntries, at });
    } finally {
      this.#isTelling = false;
    }
    throw new JournalOverflowError(maxEntries);
  }

  #tell(entry: JournalEntry<T>, hasDropped: boolean): void {
    const { id, sequence: seq, timestamp: at } = entry;
    this.#isTelling = true;
    try {
      if (hasDropped) {
        const maxEntries = this.#maxEntries;
        this.#emit?.({ type: "journal:overflow", policy: this.#overflow, maxEntries, droppedCount: 1, at });
      }
      this.#emit?.({ type: "journal:append", id, seq, size: this.#ring.size, at });
      this.#subscribers.notify(entry);
    } finally {
      this.#isTelling = false;
    }
  }

  #toJsonData(data: T, sequence: number): unknown {
    let json: unknown = data;
    if (this.#serializer !== undefined) {
      try {
        json = this.#serializer.serialize(data);
      } catch (cause) {
        throw new JournalSerializationError("The serializer refused", sequence, data, cause);
      }
    }
    try {
      // Tried here, where the entry at fault can be named; later it would be one long text that fails.
      JSON.stringify(json);
    } catch (cause) {
      throw new JournalSerializationError("JSON has no form for this", sequence, json, cause);
    }
    return json;
  }
}

function fromJsonData<T>(json: unknown, sequence: number, serializer: Serializer<T> | undefined): T {
  if (serializer === undefined) return json as T;
  try {
    return serializer.deserialize(json);
  } catch (cause) {
    throw new JournalSerializationError("The serializer refused", sequence, json, cause);
  }
}

function toInstant({ wallMs, monoMs }: { wallMs: number; monoMs: number }): Instant {
  return { wallMs, monoMs } as Instant;
}

/** All at once, so that what entries share stays shared; one by one only to name the one at fault. */
function cloneEntries<T>(entries: readonly JournalEntry<T>[]): readonly JournalEntry<T>[] {
  try {
    return structuredClone(entries);
  } catch (cause) {
    for (const { data, sequence } of entries) {
      try {
        structuredClone(data);
      } catch (dataCause) {
        throw new JournalSerializationError("This cannot be copied", sequence, data, dataCause);
      }
    }
    throw cause;
  }
}
