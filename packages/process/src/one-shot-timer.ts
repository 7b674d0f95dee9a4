/**
 * A timer that can be cancelled, on any clock.
 *
 * `Clock.sleep` cannot be cancelled, so a wait that is not needed any more would stay behind as a pending timer.
 * An interval that cancels itself at its first tick is a one-shot timer that leaves nothing behind.
 */
import type { Clock, Millis } from "@phyxius/clock";

/** Calls back once, after `durationMs` (at least 1). Returns the cancel, which may be called at any time. */
export function startTimer(clock: Clock, durationMs: number, onFire: () => void): () => void {
  const handle = clock.interval(Math.max(1, Math.ceil(durationMs)) as Millis, () => {
    handle.cancel();
    onFire();
  });
  return () => handle.cancel();
}
