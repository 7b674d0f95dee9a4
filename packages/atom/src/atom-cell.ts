import type { Clock, Instant } from "@phyxius/clock";
import { requireFunction } from "@phyxius/clock/argument-checks";
import { createListenerList, type ListenerList } from "@phyxius/clock/listener-list";
import type { AtomOptions, AtomSnapshot, Change, UpdateOptions } from "./atom.ts";
import { AtomReentrancyError, type AtomBusyWith } from "./atom-reentrancy-error.ts";

/**
 * The value itself, its last states and its watchers. A class, because the fields of one are found faster than
 * the variables of a closure, and every update touches most of them.
 *
 * The states lie in a ring: values and times in two plain arrays, while the versions follow from the newest (they
 * are consecutive). So a change allocates nothing; snapshots are made when asked for.
 */
export class AtomCell<T> {
  declare value: T;
  declare version: number;
  declare readonly watchers: ListenerList<Change<T>>;
  declare private readonly clock: Clock;
  declare private readonly equals: ((current: T, next: T) => boolean) | undefined;
  declare private busyWith: AtomBusyWith | undefined;
  declare private readonly ringSize: number;
  declare private values: T[];
  declare private ats: Instant[];
  /** Where in the ring the newest state is. */
  declare private newest: number;

  constructor(initial: T, clock: Clock, options: AtomOptions<T>) {
    const { equals, baseVersion = 0, historySize = 1, onWatcherError } = options;
    this.value = initial;
    this.version = baseVersion;
    this.clock = clock;
    this.equals = equals;
    this.busyWith = undefined;
    // The current snapshot is always there, so a history of none is a history of one.
    this.ringSize = Math.max(1, historySize);
    this.values = [initial];
    this.ats = [clock.now()];
    this.newest = 0;
    this.watchers = createListenerList((error, change) => {
      try {
        onWatcherError?.(error, change);
      } catch {
        // The change has happened and the other watchers have a right to it; there is nobody left to tell.
      }
    });
  }

  swap(fn: (current: T) => T, options: UpdateOptions | undefined): T {
    this.requireIdle();
    requireFunction("fn", fn);
    this.busyWith = "update";
    let next: T;
    try {
      next = fn(this.value);
    } finally {
      this.busyWith = undefined;
    }
    return this.change(next, options);
  }

  reset(next: T, options: UpdateOptions | undefined): T {
    this.requireIdle();
    return this.change(next, options);
  }

  compareAndSet(expected: T, next: T, options: UpdateOptions | undefined): boolean {
    this.requireIdle();
    if (!this.areEqual(this.value, expected)) return false;
    this.change(next, options);
    return true;
  }

  snapshot(): AtomSnapshot<T> {
    return { value: this.value, version: this.version, at: this.ats[this.newest] as Instant };
  }

  history(): AtomSnapshot<T>[] {
    const { values, ats, newest } = this;
    const count = values.length;
    const oldestVersion = this.version - (count - 1);
    return Array.from({ length: count }, (_, index) => {
      const place = (newest + 1 + index) % count;
      return { value: values[place] as T, version: oldestVersion + index, at: ats[place] as Instant };
    });
  }

  clearHistory(): void {
    this.values = [this.value];
    this.ats = [this.ats[this.newest] as Instant];
    this.newest = 0;
  }

  private requireIdle(): void {
    if (this.busyWith !== undefined) throw new AtomReentrancyError(this.busyWith);
  }

  private areEqual(current: T, next: T): boolean {
    const { equals } = this;
    return equals === undefined ? Object.is(current, next) : equals(current, next);
  }

  /** Everything that can throw comes first: from the first assignment on, the change happens as a whole. */
  private change(next: T, options: UpdateOptions | undefined): T {
    const from = this.value;
    if (this.areEqual(from, next)) return from;
    const at = this.clock.now();
    this.value = next;
    this.version++;
    this.remember(next, at);
    if (this.watchers.size > 0) this.notify(from, next, at, options?.cause);
    return next;
  }

  private remember(value: T, at: Instant): void {
    let place = this.newest + 1;
    if (place === this.ringSize) place = 0;
    this.newest = place;
    // Until the ring is full this adds to the arrays, from then on it overwrites the oldest state.
    this.values[place] = value;
    this.ats[place] = at;
  }

  private notify(from: T, to: T, at: Instant, cause: unknown): void {
    this.busyWith = "watcher";
    this.watchers.notify({ from, to, versionFrom: this.version - 1, versionTo: this.version, at, cause });
    this.busyWith = undefined;
  }
}
