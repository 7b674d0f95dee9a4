import type { Instant } from "@phyxius/clock";

/** One state of an atom. */
export interface AtomSnapshot<T> {
  readonly value: T;
  readonly version: number;
  /** When the atom took this value. */
  readonly at: Instant;
}

/** What a watcher is told. */
export interface Change<T> {
  readonly from: T;
  readonly to: T;
  readonly versionFrom: number;
  readonly versionTo: number;
  readonly at: Instant;
  /** What the update gave as its reason; undefined when it gave none. */
  readonly cause: unknown;
}

export interface UpdateOptions {
  /** Whatever explains the change. Handed on to the watchers, kept nowhere. */
  readonly cause?: unknown;
}

/** May be asynchronous; nobody waits for it, but its rejection is reported like an error it throws. */
export type Watcher<T> = (change: Change<T>) => void | Promise<void>;

export interface AtomOptions<T> {
  /** Whether an update would change nothing. `Object.is` by default. */
  readonly equals?: ((current: T, next: T) => boolean) | undefined;
  /** The version of the initial value. 0 by default. */
  readonly baseVersion?: number | undefined;
  /** How many snapshots to keep, the current one included: a whole number, or `Infinity`. 1 by default. */
  readonly historySize?: number | undefined;
  /** Learns of the errors of watchers, which otherwise go nowhere. What it throws itself is dropped. */
  readonly onWatcherError?: ((error: unknown, change: Change<T>) => void) | undefined;
}

/**
 * A value that changes in one step, numbered and dated, in front of witnesses.
 *
 * Every update throws an `AtomReentrancyError` from inside a watcher of the same atom, or from inside the
 * function of another update of it.
 */
export interface Atom<T> {
  deref(): T;
  /** The same as `deref`. */
  get(): T;
  version(): number;
  /** Replaces the value by what `fn` makes of it, and returns the value that holds now. */
  swap(fn: (current: T) => T, options?: UpdateOptions): T;
  /** The same as `swap`. */
  update(fn: (current: T) => T, options?: UpdateOptions): T;
  /** Replaces the value whatever it was, and returns the value that holds now. */
  reset(value: T, options?: UpdateOptions): T;
  /** Replaces the value if it equals `expected`, and tells whether it did. */
  compareAndSet(expected: T, next: T, options?: UpdateOptions): boolean;
  snapshot(): AtomSnapshot<T>;
  /**
   * Calls `fn` after each change, synchronously, after the watchers that were there before. Watching again
   * with the same function changes nothing. The result ends it.
   */
  watch(fn: Watcher<T>): () => void;
  /** The last snapshots, oldest first; the last one is the current. */
  history(): readonly AtomSnapshot<T>[];
  /** Forgets all snapshots but the current one. */
  clearHistory(): void;
}
