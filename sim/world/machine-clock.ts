import { type Clock, createClock, type Instant, type Millis, type Track } from "@phyxius/clock";
import type { Kernel, Scheduled } from "../kernel/kernel.ts";
import { mixInt } from "../kernel/mix.ts";
import type { HardwareClock } from "./hardware-clock.ts";
import type { Processor } from "./processor.ts";

/** What right wall clocks show at the start: 2026-01-01T00:00:00Z. */
export const WALL_START_MS = 1_767_225_600_000;

/** One life of a machine, as its clock sees it. */
export interface ClockOwner {
  readonly lane: number;
  readonly isAlive: boolean;
  readonly hardware: HardwareClock;
  /** Where on the hardware's monotonic track that of this life begins. */
  readonly monoStartUs: number;
  readonly processor: Processor;
  /** Something that the system's own code threw outside of any promise. */
  reportError(error: unknown): void;
  /** A life that is over tried to do something. */
  countGhost(): void;
}

/** A link of the ring of all timers that wait for their time, in the order in which they were set. */
class RingLink {
  before: RingLink = this;
  after: RingLink = this;
}

class MachineTimer extends RingLink {
  readonly track: Track;
  trackUs: number;
  readonly fire: () => void;
  /** How it waits: for its time, or for the machine to be free. */
  scheduled: Scheduled | null = null;

  constructor(track: Track, trackUs: number, fire: () => void) {
    super();
    this.track = track;
    this.trackUs = trackUs;
    this.fire = fire;
  }
}

/**
 * The clock of one life of a machine in virtual time. Timers are kernel events in the machine's lane, so a crash
 * drops them all. Both tracks show fractions of a millisecond, so that an expiry that is a microsecond early is
 * early.
 *
 * Timers wait for the machine's own time: one that runs slow sleeps longer. When the clock is set or its rate
 * changes, they are armed anew; what that makes due rings at once. On a clock that runs fast a timer may ring a
 * microsecond late, since the kernel's time is whole, but never early.
 *
 * Like the system clock, an interval keeps its cadence, and a tick that comes while the callback of the one
 * before is unfinished is skipped.
 */
export function createMachineClock(kernel: Kernel, owner: ClockOwner): Clock {
  const { hardware, processor, lane, monoStartUs } = owner;
  // A ring of links and no set: timers are short-lived, and the tables of a set would keep them from being freed.
  const waiting = new RingLink();
  let shown: Instant | null = null;
  let shownAtUs = -1;

  function now(): Instant {
    const { nowUs } = kernel;
    if (shown === null || nowUs !== shownAtUs) {
      shownAtUs = nowUs;
      const wallUs = hardware.isTrue ? nowUs : hardware.wallUs();
      const monoUs = hardware.isTrue ? nowUs : hardware.monoUsAt(nowUs);
      shown = {
        wallMs: (WALL_START_MS + wallUs / 1000) as Millis,
        monoMs: ((monoUs - monoStartUs) / 1000) as Millis,
      };
    }
    return shown;
  }

  function dueUs({ track, trackUs }: MachineTimer): number {
    return hardware.isTrue ? trackUs : hardware.dueUs(track, trackUs);
  }

  /** Timers of one machine that are due together fire in the order in which they were set; machines do not. */
  function tieAt(us: number): number {
    return mixInt(lane, us);
  }

  function arm(timer: MachineTimer): void {
    // The dead have no timers: what they wait for never comes.
    if (!owner.isAlive) {
      owner.countGhost();
      return;
    }
    timer.before = waiting.before;
    timer.after = waiting;
    waiting.before.after = timer;
    waiting.before = timer;
    const us = dueUs(timer);
    const cause = kernel.cause.afterTimer(lane);
    timer.scheduled = kernel.schedule(us, tieAt(us), lane, cause, timer.fire);
  }

  function unlink(timer: MachineTimer): void {
    timer.before.after = timer.after;
    timer.after.before = timer.before;
    timer.before = timer;
    timer.after = timer;
  }

  function fire(timer: MachineTimer, ring: () => void): void {
    unlink(timer);
    if (processor.isFree) ring();
    else timer.scheduled = processor.enter(ring) ?? timer.scheduled;
  }

  hardware.onChange = () => {
    shown = null;
    if (!owner.isAlive) return;
    for (let link = waiting.after; link !== waiting; link = link.after) {
      const timer = link as MachineTimer;
      const us = dueUs(timer);
      kernel.reschedule(timer.scheduled as Scheduled, us, tieAt(us));
    }
  };

  return createClock<MachineTimer>(
    {
      now,
      start(track, atMs, ring) {
        const trackUs =
          track === "wall"
            ? Math.round((atMs - WALL_START_MS) * 1000)
            : Math.round(atMs * 1000) + monoStartUs;
        const timer: MachineTimer = new MachineTimer(track, trackUs, () => fire(timer, ring));
        arm(timer);
        return timer;
      },
      restart(timer, atMs) {
        timer.trackUs = Math.round(atMs * 1000) + monoStartUs;
        arm(timer);
      },
      stop(timer) {
        unlink(timer);
        if (timer.scheduled !== null) processor.cancel(timer.scheduled);
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
