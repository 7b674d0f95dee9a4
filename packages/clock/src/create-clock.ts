import type { EmitFn, ClockEvent } from "./clock-events.ts";
import type { Clock, DeadlineTarget, Millis, TimerHandle } from "./clock.ts";
import { Interval, type IntervalOptions } from "./interval.ts";
import { InvalidArgumentError } from "./invalid-argument.ts";
import type { TimerHost } from "./timer-host.ts";

/**
 * How an interval meets a tick that it cannot have on time.
 *
 * - `every`: each tick of the cadence calls back, also while an earlier (asynchronous) callback is unfinished.
 *   What a test or a simulation wants: the number of ticks follows from the time alone.
 * - `skip`: ticks never overlap and never pile up. One that comes while the last callback is unfinished, or
 *   that was missed because the machine was busy, is left out. What a program in the real world wants.
 */
export type LateTicks = "every" | "skip";

export interface CreateClockOptions {
  readonly emit?: EmitFn<ClockEvent> | undefined;
  /** `every` by default. */
  readonly lateTicks?: LateTicks | undefined;
}

const DURATION_RULE = "A duration must be whole milliseconds";

/**
 * Makes a `Clock` of a host's time and timers: the argument checks, the events and the cadence of intervals
 * are here, once, for the system clock, the controlled clock and any clock of your own.
 */
export function createClock<Timer>(host: TimerHost<Timer>, options: CreateClockOptions = {}): Clock {
  const { emit, lateTicks = "every" } = options;
  if (emit !== undefined && typeof emit !== "function") {
    throw new InvalidArgumentError("Events go to a function", "options.emit", emit);
  }
  const intervals: IntervalOptions<Timer> = { host, emit, skipsLate: lateTicks === "skip" };

  function sleep(duration: Millis): Promise<void> {
    if (!Number.isInteger(duration)) {
      return Promise.reject(new InvalidArgumentError(DURATION_RULE, "duration", duration));
    }
    if (duration <= 0) return Promise.resolve();
    const start = host.now();
    const dueMs = start.monoMs + duration;
    if (emit === undefined) return new Promise((resolve) => void host.start("mono", dueMs, resolve));
    emit({ type: "time:sleep:start", durationMs: duration, at: start });
    return new Promise((resolve) => {
      host.start("mono", dueMs, () => {
        // First of all, so that a hook that throws does not cost the sleeper its wake-up.
        resolve();
        const at = host.now();
        emit({ type: "time:sleep:end", durationMs: duration, actualMs: at.monoMs - start.monoMs, at });
      });
    });
  }

  function emitReached(targetMs: number): void {
    if (emit === undefined) return;
    const at = host.now();
    const driftMs = at.wallMs - targetMs;
    const type = driftMs > 0 ? "time:deadline:err" : "time:deadline:ok";
    emit({ type, targetMs, actualMs: at.wallMs, driftMs, at });
  }

  function deadline(target: DeadlineTarget): Promise<void> {
    const targetMs: unknown = (target as DeadlineTarget | undefined | null)?.wallMs;
    if (typeof targetMs !== "number" || !Number.isFinite(targetMs)) {
      const rule = "A deadline must be a finite wall time in milliseconds";
      return Promise.reject(new InvalidArgumentError(rule, "target.wallMs", targetMs));
    }
    const start = host.now();
    const delayMs = Math.max(0, targetMs - start.wallMs);
    emit?.({ type: "time:deadline:start", targetMs, delayMs, at: start });
    if (delayMs === 0) {
      emitReached(targetMs);
      return Promise.resolve();
    }
    return new Promise((resolve) => {
      host.start("wall", targetMs, () => {
        resolve();
        emitReached(targetMs);
      });
    });
  }

  function interval(period: Millis, callback: () => void | Promise<void>): TimerHandle {
    if (!Number.isInteger(period) || period <= 0) {
      const rule = "Interval must be positive and whole milliseconds";
      throw new InvalidArgumentError(rule, "period", period);
    }
    if (typeof callback !== "function") {
      throw new InvalidArgumentError("An interval must call back a function", "callback", callback);
    }

    return new Interval(intervals, period, callback);
  }

  return { now: () => host.now(), sleep, timeout: sleep, deadline, interval };
}
