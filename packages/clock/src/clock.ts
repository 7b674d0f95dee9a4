/** Milliseconds: a duration, or a point of one of a clock's two tracks. */
export type Millis = number & { readonly __unit: "ms" };

/** One moment on both tracks: the wall (comparable between machines, may jump) and the monotonic (never does). */
export interface Instant {
  readonly wallMs: Millis;
  readonly monoMs: Millis;
}

export interface DeadlineTarget {
  readonly wallMs: Millis;
}

export interface TimerHandle {
  cancel(): void;
}

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
