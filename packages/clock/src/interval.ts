import type { ClockEvent, EmitFn } from "./clock-events.ts";
import type { TimerHandle } from "./clock.ts";
import type { TimerHost } from "./timer-host.ts";

export interface IntervalOptions<Timer> {
  readonly host: TimerHost<Timer>;
  readonly emit: EmitFn<ClockEvent> | undefined;
  /** Whether a tick is left out that comes too late or while the last callback is unfinished. */
  readonly skipsLate: boolean;
}

/**
 * One interval: its cadence, its count and its end. A class, and not a closure: programs and simulations set them
 * by the million, each for one wait.
 */
export class Interval<Timer> implements TimerHandle {
  /** A function of its own, so that it can be handed on without its interval. */
  declare readonly cancel: () => void;
  declare private readonly options: IntervalOptions<Timer>;
  declare private readonly period: number;
  declare private readonly callback: () => void | Promise<void>;
  declare private readonly originMs: number;
  declare private readonly timer: Timer;
  /** Which multiple of the period the timer waits for. Counting, not adding up, keeps the cadence exact. */
  declare private beat: number;
  declare private ticks: number;
  declare private isLive: boolean;
  declare private isUnfinished: boolean;

  constructor(options: IntervalOptions<Timer>, period: number, callback: () => void | Promise<void>) {
    const { host, emit } = options;
    const start = host.now();
    this.options = options;
    this.period = period;
    this.callback = callback;
    this.originMs = start.monoMs;
    this.beat = 1;
    this.ticks = 0;
    this.isLive = true;
    this.isUnfinished = false;
    // By way of a constant: a function that is written where a property is assigned, V8 puts among the long-lived
    // objects from the start, where it would keep this interval and all it knows for long after its end.
    const cancel = () => this.end();
    this.cancel = cancel;
    if (emit !== undefined) emit({ type: "time:interval:set", intervalMs: period, at: start });
    this.timer = host.start("mono", this.originMs + period, () => this.ring());
  }

  private end(): void {
    if (!this.isLive) return;
    this.isLive = false;
    const { host, emit } = this.options;
    host.stop(this.timer);
    if (emit === undefined) return;
    emit({ type: "time:interval:cancel", intervalMs: this.period, ticks: this.ticks, at: host.now() });
  }

  private ring(): void {
    const { host, emit } = this.options;
    // Before the callback: it may cancel, it may throw, and it may itself move a controlled clock on.
    this.beat = this.nextBeat();
    host.restart(this.timer, this.originMs + this.beat * this.period);
    if (this.isUnfinished) return;

    const tick = ++this.ticks;
    if (emit !== undefined) {
      emit({ type: "time:interval:tick", intervalMs: this.period, tick, at: host.now() });
      if (!this.isLive) return;
    }
    let result: void | Promise<void>;
    try {
      const { callback } = this;
      result = callback();
    } catch (error) {
      this.emitError(tick, error);
      return;
    }
    if (result !== undefined && typeof result?.then === "function") this.follow(tick, result);
  }

  private follow(tick: number, result: Promise<void>): void {
    this.isUnfinished = this.options.skipsLate;
    Promise.resolve(result)
      .catch((error: unknown) => this.emitError(tick, error))
      .finally(() => (this.isUnfinished = false));
  }

  private nextBeat(): number {
    const { host, skipsLate } = this.options;
    if (!skipsLate) return this.beat + 1;
    const missed = Math.floor((host.now().monoMs - this.originMs) / this.period);
    return Math.max(this.beat, missed) + 1;
  }

  private emitError(tick: number, error: unknown): void {
    const { host, emit } = this.options;
    emit?.({ type: "time:interval:error", intervalMs: this.period, tick, error, at: host.now() });
  }
}
