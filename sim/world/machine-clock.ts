import { type Clock, createClock, type Instant, type Millis } from "@phyxius/clock";
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

interface MachineTimer {
  readonly ring: () => void;
  scheduled: Scheduled | null;
}

/**
 * The clock of one machine in virtual time. Timers are kernel events in the machine's lane, so a crash drops
 * them all. Both tracks show fractions of a millisecond, so that an expiry that is a microsecond early is early.
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
        wallMs: (WALL_START_MS + nowUs / 1000) as Millis,
        monoMs: (nowUs / 1000) as Millis,
      };
    }
    return shown;
  }

  function arm(timer: MachineTimer, dueUs: number): void {
    // The dead have no timers: what they wait for never comes.
    if (!owner.isAlive) {
      owner.countGhost();
      return;
    }
    // Timers of one machine that are due together fire in the order in which they were set; machines do not
    // always go in the same order.
    const tie = mixInt(owner.lane, dueUs);
    const cause = kernel.cause.afterTimer(owner.lane);
    timer.scheduled = kernel.schedule(dueUs, tie, owner.lane, cause, timer.ring);
  }

  return createClock<MachineTimer>(
    {
      now,
      start(track, atMs, ring) {
        const timer: MachineTimer = { ring, scheduled: null };
        arm(timer, Math.round((track === "wall" ? atMs - WALL_START_MS : atMs) * 1000));
        return timer;
      },
      restart: (timer, atMs) => arm(timer, Math.round(atMs * 1000)),
      stop({ scheduled }) {
        if (scheduled !== null) kernel.cancel(scheduled);
      },
    },
    {
      lateTicks: "skip",
      emit(event) {
        if (event.type === "time:interval:error") owner.reportError(event.error);
      },
    },
  );
}
