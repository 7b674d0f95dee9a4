/** Milliseconds: a duration, or a point of one of a clock's two tracks. */
export type Millis = number & { readonly __unit: "ms" };

/** One moment on both tracks: the wall (comparable between machines, may jump) and the monotonic (never does). */
export interface Instant {
  readonly wallMs: Millis;
  readonly monoMs: Millis;
}

export interface DeadlineTarget {
  /** A point of the wall track. A plain number, because it is nearly always the result of arithmetic. */
  readonly wallMs: number;
}

export interface TimerHandle {
  /** Stops the timer for good. Harmless the second time. */
  cancel(): void;
}

/**
 * Time as something that is passed in.
 *
 * Durations are whole milliseconds. A duration that is NaN, infinite or fractional is an
 * `InvalidArgumentError`: thrown by `interval`, and the rejection of the promise elsewhere.
 */
export interface Clock {
  now(): Instant;
  /** Resolves after `duration`; at once, without an event, when it is zero or less. */
  sleep(duration: Millis): Promise<void>;
  /** The same as `sleep`. */
  timeout(duration: Millis): Promise<void>;
  /** Resolves when the wall track reaches the target, however that comes about. */
  deadline(target: DeadlineTarget): Promise<void>;
  /** Calls back every `period` until cancelled. Throws when `period` is not positive. */
  interval(period: Millis, callback: () => void | Promise<void>): TimerHandle;
}
