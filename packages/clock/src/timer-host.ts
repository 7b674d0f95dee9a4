import type { Instant } from "./clock.ts";

/** Which of a clock's two tracks a timer waits for. */
export type Track = "mono" | "wall";

/**
 * The little that a clock must have of its own: the time, and one-shot timers on either track. `createClock`
 * makes a whole `Clock` of it, so that every clock checks, emits and ticks alike.
 *
 * `Timer` is whatever the host hands out; nobody else looks into it.
 */
export interface TimerHost<Timer> {
  now(): Instant;
  /**
   * Rings once, when `track` reaches `atMs` (which lies ahead), never before `start` has returned.
   * A timer on the wall track must follow the jumps of that track, in both directions.
   */
  start(track: Track, atMs: number, ring: () => void): Timer;
  /** Lets a timer that just rang ring again at `atMs`. It keeps its place among those due at the same time. */
  restart(timer: Timer, atMs: number): void;
  /** The timer must not ring any more, and leaves nothing behind. */
  stop(timer: Timer): void;
}
