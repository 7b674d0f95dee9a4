import { createSystemClock, InvalidArgumentError, type Clock } from "@phyxius/clock";
import { createListenerList } from "@phyxius/clock/listener-list";
import type { Atom, AtomOptions, Change, UpdateOptions } from "./atom.ts";
import { AtomReentrancyError, type AtomBusyWith } from "./atom-reentrancy-error.ts";
import { createSnapshotRing } from "./snapshot-ring.ts";

function requireFunction(value: unknown, argument: string): void {
  if (typeof value !== "function") throw new InvalidArgumentError("A function is needed", argument, value);
}

function checkOptions(clock: Clock | undefined, options: AtomOptions<never>): void {
  if (clock !== undefined && typeof clock?.now !== "function") {
    throw new InvalidArgumentError("A Clock is needed (or none, for the system's)", "clock", clock);
  }
  const { equals, baseVersion, historySize, onWatcherError } = options;
  if (equals !== undefined) requireFunction(equals, "options.equals");
  if (onWatcherError !== undefined) requireFunction(onWatcherError, "options.onWatcherError");
  if (baseVersion !== undefined && !Number.isSafeInteger(baseVersion)) {
    throw new InvalidArgumentError("A version must be a whole number", "options.baseVersion", baseVersion);
  }
  if (historySize !== undefined && historySize !== Infinity) {
    if (!Number.isSafeInteger(historySize) || historySize < 0) {
      const rule = "A history holds a whole number of snapshots, or Infinity";
      throw new InvalidArgumentError(rule, "options.historySize", historySize);
    }
  }
}

/**
 * Makes an atom. Without a clock it makes itself a system clock; pass one to share a monotonic track, and
 * always where time is not real.
 */
export function createAtom<T>(initial: T, clock?: Clock, options: AtomOptions<NoInfer<T>> = {}): Atom<T> {
  checkOptions(clock, options);
  const { equals = Object.is, baseVersion = 0, historySize = 1, onWatcherError } = options;
  const time = clock ?? createSystemClock();

  let value = initial;
  let version = baseVersion;
  // The current snapshot is always there, so a history of none is a history of one.
  const ring = createSnapshotRing<T>(Math.max(1, historySize), initial, time.now());
  const watchers = createListenerList<Change<T>>((error, change) => {
    try {
      onWatcherError?.(error, change);
    } catch {
      // The change has happened and the other watchers have a right to it; there is nobody left to tell.
    }
  });
  let busyWith: AtomBusyWith | undefined;

  function requireIdle(): void {
    if (busyWith !== undefined) throw new AtomReentrancyError(busyWith);
  }

  /** Everything that can throw comes first: from the first assignment on, the change happens as a whole. */
  function change(next: T, options: UpdateOptions | undefined): T {
    const from = value;
    if (equals(from, next)) return from;
    const at = time.now();
    value = next;
    version++;
    ring.push(next, at);
    if (watchers.size === 0) return next;

    busyWith = "watcher";
    watchers.notify({
      from,
      to: next,
      versionFrom: version - 1,
      versionTo: version,
      at,
      cause: options?.cause,
    });
    busyWith = undefined;
    return next;
  }

  function swap(fn: (current: T) => T, options?: UpdateOptions): T {
    requireIdle();
    requireFunction(fn, "fn");
    busyWith = "update";
    let next: T;
    try {
      next = fn(value);
    } finally {
      busyWith = undefined;
    }
    return change(next, options);
  }

  function deref(): T {
    return value;
  }

  return {
    deref,
    get: deref,
    version: () => version,
    swap,
    update: swap,
    reset(next, options) {
      requireIdle();
      return change(next, options);
    },
    compareAndSet(expected, next, options) {
      requireIdle();
      if (!equals(value, expected)) return false;
      change(next, options);
      return true;
    },
    snapshot: () => ({ value, version, at: ring.lastAt() }),
    watch(fn) {
      requireFunction(fn, "fn");
      return watchers.add(fn);
    },
    history: () => ring.toSnapshots(version),
    clearHistory: () => ring.keepLast(),
  };
}
