/**
 * A timer that can be cancelled, on any clock.
 *
 * `Clock.sleep` cannot be cancelled, so a wait that loses would stay behind as a pending timer. An interval
 * that cancels itself at its first tick is a one-shot timer that leaves nothing behind.
 */
import type { Clock, Millis } from "@phyxius/clock";

/** Calls back once, after `durationMs` rounded up to a whole millisecond; at once for zero. Returns the cancel. */
export function startTimer(clock: Clock, durationMs: number, onFire: () => void): () => void {
  if (durationMs <= 0) {
    onFire();
    return () => {};
  }
  const wholeMs = Math.ceil(durationMs) as Millis;
  if (typeof clock.interval !== "function") return startUncancellable(clock, wholeMs, onFire);
  let active = true;
  const handle = clock.interval(wholeMs, () => {
    if (!active) return;
    active = false;
    handle.cancel();
    onFire();
  });
  return () => {
    if (!active) return;
    active = false;
    handle.cancel();
  };
}

/** For a clock that can only `sleep`: the timer stays, but nobody hears it. */
function startUncancellable(clock: Clock, wholeMs: Millis, onFire: () => void): () => void {
  let active = true;
  void clock.sleep(wholeMs).then(() => {
    if (active) onFire();
  });
  return () => {
    active = false;
  };
}
