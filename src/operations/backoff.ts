import { type Clock, ms, type TimerHandle } from "@phyxius/clock";

export interface BackoffOptions {
  readonly clock: Clock;
  /** The first wait, in whole milliseconds: as long as it says. */
  readonly firstMs: number;
  /** Each wait is twice the one before, up to this. */
  readonly maxMs: number;
  /** Uniform in [0, 1): shortens every wait but the first by up to a half, so that not all come back together. */
  readonly random: () => number;
}

/**
 * Does something again and again, ever more slowly, until it is cancelled. (Exponential backoff with jitter: M. Brooker,
 * "Exponential Backoff And Jitter", AWS Architecture Blog, 2015.)
 */
export class Backoff implements TimerHandle {
  private readonly options: BackoffOptions;
  private readonly work: () => void;
  private waitMs: number;
  private timer: TimerHandle;

  constructor(options: BackoffOptions, work: () => void) {
    this.options = options;
    this.work = work;
    this.waitMs = options.firstMs;
    this.timer = this.arm(this.waitMs);
  }

  /** For something new that is waited for: the next wait is the first one again, if there was one since. */
  startAnew(): void {
    const { firstMs } = this.options;
    if (this.waitMs === firstMs) return;
    this.timer.cancel();
    this.waitMs = firstMs;
    this.timer = this.arm(firstMs);
  }

  cancel(): void {
    this.timer.cancel();
  }

  private arm(waitMs: number): TimerHandle {
    return this.options.clock.interval(ms(waitMs), () => this.fire());
  }

  private fire(): void {
    const { firstMs, maxMs, random } = this.options;
    this.timer.cancel();
    this.waitMs = Math.min(this.waitMs * 2, Math.max(firstMs, maxMs));
    this.timer = this.arm(Math.ceil(this.waitMs * (1 - random() / 2)));
    this.work();
  }
}
