import type { EmitFn, ClockEvent } from "./clock-events.ts";
import type { Clock, DeadlineTarget, Millis, TimerHandle } from "./clock.ts";
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

    const start = host.now();
    const originMs = start.monoMs;
    /** Which multiple of the period the timer waits for. Counting, not adding up, keeps the cadence exact. */
    let beat = 1;
    let ticks = 0;
    let isLive = true;
    let isUnfinished = false;

    function nextBeat(): number {
      if (lateTicks === "every") return beat + 1;
      const missed = Math.floor((host.now().monoMs - originMs) / period);
      return Math.max(beat, missed) + 1;
    }

    function emitError(tick: number, error: unknown): void {
      emit?.({ type: "time:interval:error", intervalMs: period, tick, error, at: host.now() });
    }

    function ring(): void {
      // Before the callback: it may cancel, it may throw, and it may itself move a controlled clock on.
      beat = nextBeat();
      host.restart(timer, originMs + beat * period);
      if (isUnfinished) return;

      const tick = ++ticks;
      emit?.({ type: "time:interval:tick", intervalMs: period, tick, at: host.now() });
      if (!isLive) return;
      let result: void | Promise<void>;
      try {
        result = callback();
      } catch (error) {
        emitError(tick, error);
        return;
      }
      if (result === undefined || typeof result?.then !== "function") return;
      isUnfinished = lateTicks === "skip";
      Promise.resolve(result)
        .catch((error: unknown) => emitError(tick, error))
        .finally(() => (isUnfinished = false));
    }

    emit?.({ type: "time:interval:set", intervalMs: period, at: start });
    const timer = host.start("mono", originMs + period, ring);

    return {
      cancel() {
        if (!isLive) return;
        isLive = false;
        host.stop(timer);
        emit?.({ type: "time:interval:cancel", intervalMs: period, ticks, at: host.now() });
      },
    };
  }

  return { now: () => host.now(), sleep, timeout: sleep, deadline, interval };
}
