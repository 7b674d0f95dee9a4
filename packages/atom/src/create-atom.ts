import { createSystemClock, InvalidArgumentError, type Clock } from "@phyxius/clock";
import { requireClock, requireFunction } from "@phyxius/clock/argument-checks";
import type { Atom, AtomOptions } from "./atom.ts";
import { AtomCell } from "./atom-cell.ts";

function checkOptions(clock: Clock | undefined, options: AtomOptions<never>): void {
  if (clock !== undefined) requireClock("clock", clock);
  const { equals, baseVersion, historySize, onWatcherError } = options;
  if (equals !== undefined) requireFunction("options.equals", equals);
  if (onWatcherError !== undefined) requireFunction("options.onWatcherError", onWatcherError);
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
  const cell = new AtomCell<T>(initial, clock ?? createSystemClock(), options);
  const deref: Atom<T>["deref"] = () => cell.value;
  const swap: Atom<T>["swap"] = (fn, options) => cell.swap(fn, options);

  return {
    deref,
    get: deref,
    version: () => cell.version,
    swap,
    update: swap,
    reset: (next, options) => cell.reset(next, options),
    compareAndSet: (expected, next, options) => cell.compareAndSet(expected, next, options),
    snapshot: () => cell.snapshot(),
    watch(fn) {
      requireFunction("fn", fn);
      return cell.watchers.add(fn);
    },
    history: () => cell.history(),
    clearHistory: () => cell.clearHistory(),
  };
}
