import type { Clock, Instant, Millis, TimerHandle } from "@phyxius/clock";
import type { Cause } from "../kernel/cause.ts";
import type { Kernel, Scheduled } from "../kernel/kernel.ts";
import { mixInt } from "../kernel/mix.ts";

/** What the wall clocks of all machines show at the start: 2026-01-01T00:00:00Z. */
export const WALL_START_MS = 1_767_225_600_000;

/** One life of a machine, as its clock sees it. */
export interface ClockOwner {
  readonly lane: number;
  readonly isAlive: boolean;
  /** Something that the system's own code threw outside of any promise. */
  reportError(error: unknown): void;
  /** A life that is over tried to do something. */
  countGhost(): void;
}

/**
 * The clock of one machine in virtual time. Timers are kernel events in the machine's lane, so a crash drops
 * them all. The wall shows whole milliseconds, as the system's does; the monotonic track whole microseconds.
 *
 * Like the system clock, an interval keeps its cadence, and a tick that comes while the callback of the one
 * before is unfinished is skipped.
 */
export function createMachineClock(kernel: Kernel, owner: ClockOwner): Clock {
  let shown: Instant = { wallMs: WALL_START_MS as Millis, monoMs: 0 as Millis };
  let shownAtUs = 0;

  function now(): Instant {
    const { nowUs } = kernel;
    if (nowUs !== shownAtUs) {
      shownAtUs = nowUs;
      shown = {
        wallMs: (WALL_START_MS + Math.floor(nowUs / 1000)) as Millis,
        monoMs: (nowUs / 1000) as Millis,
      };
    }
    return shown;
  }

  function schedule(dueUs: number, cause: Cause, fire: () => void): Scheduled {
    // Timers of one machine that are due together fire in the order in which they were set; machines do not
    // always go in the same order.
    return kernel.schedule(dueUs, mixInt(owner.lane, dueUs), owner.lane, cause, fire);
  }

  function wait(durationUs: number): Promise<void> {
    if (durationUs <= 0) return Promise.resolve();
    // The dead have no timers: their promises stay pending.
    if (!owner.isAlive) {
      owner.countGhost();
      return new Promise(() => {});
    }
    return new Promise((resolve) => {
      schedule(kernel.nowUs + durationUs, kernel.cause.afterTimer(owner.lane), resolve);
    });
  }

  function sleep(duration: Millis): Promise<void> {
    return wait(microsOf(duration, "sleep duration"));
  }

  return {
    now,
    sleep,
    timeout: sleep,
    deadline: (target) =>
      wait(microsOf(target.wallMs, "deadline wallMs") - WALL_START_MS * 1000 - kernel.nowUs),
    interval(period, callback): TimerHandle {
      const periodUs = microsOf(period, "interval period");
      if (periodUs <= 0) throw new RangeError(`interval period must be more than 0 ms, got ${period}`);
      if (!owner.isAlive) {
        owner.countGhost();
        return { cancel() {} };
      }
      let isCancelled = false;
      let isBusy = false;
      let next: Scheduled;

      function arm(dueUs: number): void {
        next = schedule(dueUs, kernel.cause.afterTimer(owner.lane), () => tick(dueUs));
      }

      function tick(dueUs: number): void {
        if (!isBusy) {
          try {
            const pending = callback();
            if (pending !== undefined) {
              isBusy = true;
              const free = () => {
                isBusy = false;
              };
              pending.then(free, (error: unknown) => {
                free();
                owner.reportError(error);
              });
            }
          } catch (error) {
            owner.reportError(error);
          }
        }
        if (!isCancelled) arm(dueUs + periodUs);
      }

      arm(kernel.nowUs + periodUs);
      return {
        cancel() {
          if (isCancelled) return;
          isCancelled = true;
          kernel.cancel(next);
        },
      };
    },
  };
}

function microsOf(ms: number, what: string): number {
  if (!Number.isFinite(ms))
    throw new RangeError(`${what} must be a finite number of milliseconds, got ${ms}`);
  return Math.round(ms * 1000);
}
