/**
 * A timer that rings once and can be cancelled, on any clock.
 *
 * `Clock.sleep` cannot be cancelled, so a wait that is not needed any more would stay behind as a pending timer.
 * An interval that cancels itself at its first tick is a one-shot timer that leaves nothing behind.
 */
import type { Clock, Millis, TimerHandle } from "./clock.ts";

/** Whoever waits. An object and not a callback: who waits by the thousand is an object anyway. */
export interface Waiter {
  onDue(): void;
}

/**
 * Calls `waiter.onDue()` once, after `durationMs` rounded up to a whole millisecond, at least one. The result calls
 * it off, and is harmless afterwards.
 */
export function startTimer(clock: Clock, durationMs: number, waiter: Waiter): TimerHandle {
  const wholeMs = Math.max(1, Math.ceil(durationMs)) as Millis;
  if (typeof clock.interval !== "function") return startUncancellable(clock, wholeMs, waiter);
  const handle = clock.interval(wholeMs, () => {
    handle.cancel();
    waiter.onDue();
  });
  return handle;
}

/** For a clock that can only `sleep`: the timer stays, but nobody hears it. */
function startUncancellable(clock: Clock, wholeMs: Millis, waiter: Waiter): TimerHandle {
  let isLive = true;
  void clock.sleep(wholeMs).then(() => {
    if (isLive) waiter.onDue();
  });
  return {
    cancel() {
      isLive = false;
    },
  };
}
