import type { ClockEvent, EmitFn } from "./clock-events.ts";
import type { Clock, Instant, Millis } from "./clock.ts";
import { createClock } from "./create-clock.ts";
import { InvalidArgumentError } from "./invalid-argument.ts";
import { promiseBarrier } from "./promise-barrier.ts";
import type { TimerHost } from "./timer-host.ts";
import { createTimerQueue, type QueueEntry } from "./timer-queue.ts";

export interface ControlledClockOptions {
  /** Where both tracks start. 0 by default. */
  readonly initialTime?: number | undefined;
  readonly emit?: EmitFn<ClockEvent> | undefined;
}

/** A clock that stands still until it is told to move. */
export interface ControlledClock extends Clock {
  /**
   * Moves both tracks by `duration`. Every timer that becomes due on the way fires synchronously, at its own
   * due time: the earliest first, and of those due together the one that was registered first.
   */
  advanceBy(duration: number): void;
  /** The same as `advanceBy`. */
  advance(duration: number): void;
  /** Moves on until the monotonic track shows `monoMs`. Does nothing when it is there or beyond. */
  advanceTo(monoMs: number): void;
  /** Moves on to the next due time and fires what is due then. Does nothing when no timer is pending. */
  tick(): void;
  /**
   * Sets the wall track, forwards or backwards; the monotonic track and what waits on it notice nothing. Fires
   * the deadlines that are due after a jump forwards; after one backwards they are due as much later.
   */
  jumpWallTime(wallMs: number): void;
  /** Sleeps, deadlines and intervals that are waiting. */
  getPendingTimerCount(): number;
  /** Resolves when every promise callback set off so far, and all that those set off, have run. */
  flush(): Promise<void>;
}

interface ControlledTimer extends QueueEntry {
  readonly ring: () => void;
  readonly isOnWall: boolean;
}

function requireFinite(value: number, argument: string): void {
  if (!Number.isFinite(value)) {
    throw new InvalidArgumentError("A point of time must be finite milliseconds", argument, value);
  }
}

export function createControlledClock(options: number | ControlledClockOptions = {}): ControlledClock {
  if (typeof options !== "number" && (typeof options !== "object" || options === null)) {
    throw new InvalidArgumentError("A start time or an object of options is needed", "options", options);
  }
  const { initialTime = 0, emit } = typeof options === "number" ? { initialTime: options } : options;
  requireFinite(initialTime, typeof options === "number" ? "initialTime" : "options.initialTime");

  // Two heaps, because a jump moves all deadlines against all other timers at once: each heap keeps its order,
  // and only their tops need comparing. One counter over both is the order of registration.
  const monoTimers = createTimerQueue<ControlledTimer>();
  const wallTimers = createTimerQueue<ControlledTimer>();
  let registrations = 0;

  let monoMs = initialTime;
  // The wall track runs parallel to the monotonic one from where they were last set against each other.
  let wallBaseMs = initialTime;
  let monoBaseMs = initialTime;
  /** Made when first asked for and shared until time moves: instants are frozen. */
  let instant: Instant | undefined;

  function wallMsNow(): number {
    return wallBaseMs + (monoMs - monoBaseMs);
  }

  function now(): Instant {
    instant ??= Object.freeze({ wallMs: wallMsNow() as Millis, monoMs: monoMs as Millis });
    return instant;
  }

  const host: TimerHost<ControlledTimer> = {
    now,
    start(track, atMs, ring) {
      const isOnWall = track === "wall";
      const timer = { due: atMs, tie: registrations++, sequence: 0, place: -1, ring, isOnWall };
      (isOnWall ? wallTimers : monoTimers).push(timer);
      return timer;
    },
    restart(timer, atMs) {
      timer.due = atMs;
      (timer.isOnWall ? wallTimers : monoTimers).push(timer);
    },
    stop(timer) {
      (timer.isOnWall ? wallTimers : monoTimers).remove(timer);
    },
  };

  /** When a timer is due on the monotonic track, as the wall track runs now. */
  function dueMonoMs(timer: ControlledTimer): number {
    return timer.isOnWall ? monoBaseMs + (timer.due - wallBaseMs) : timer.due;
  }

  function nextTimer(): ControlledTimer | undefined {
    const onMono = monoTimers.peek();
    const onWall = wallTimers.peek();
    if (onMono === undefined || onWall === undefined) return onMono ?? onWall;
    const aheadMs = dueMonoMs(onWall) - onMono.due;
    return aheadMs < 0 || (aheadMs === 0 && onWall.tie < onMono.tie) ? onWall : onMono;
  }

  /** Never goes back: a callback may have moved the clock past the due time of the timer that comes next. */
  function moveTo(targetMonoMs: number): void {
    if (targetMonoMs <= monoMs) return;
    monoMs = targetMonoMs;
    instant = undefined;
  }

  function runUntil(targetMonoMs: number): void {
    if (targetMonoMs <= monoMs) return;
    emit?.({
      type: "time:advance",
      byMs: targetMonoMs - monoMs,
      fromMono: monoMs,
      toMono: targetMonoMs,
    });
    for (;;) {
      const timer = nextTimer();
      if (timer === undefined) break;
      const dueMs = dueMonoMs(timer);
      if (dueMs > targetMonoMs) break;
      (timer.isOnWall ? wallTimers : monoTimers).pop();
      moveTo(dueMs);
      timer.ring();
    }
    moveTo(targetMonoMs);
  }

  function advanceBy(duration: number): void {
    if (!Number.isInteger(duration) || duration < 0) {
      const rule = "Time advances by whole milliseconds, never backwards";
      throw new InvalidArgumentError(rule, "duration", duration);
    }
    runUntil(monoMs + duration);
  }

  return {
    ...createClock(host, { emit }),
    now,
    advanceBy,
    advance: advanceBy,
    advanceTo(targetMonoMs) {
      requireFinite(targetMonoMs, "monoMs");
      runUntil(targetMonoMs);
    },
    tick() {
      const timer = nextTimer();
      if (timer !== undefined) runUntil(dueMonoMs(timer));
    },
    jumpWallTime(wallMs) {
      requireFinite(wallMs, "wallMs");
      emit?.({ type: "time:wall_jump", fromWall: wallMsNow(), toWall: wallMs, monoMs });
      wallBaseMs = wallMs;
      monoBaseMs = monoMs;
      instant = undefined;
      for (;;) {
        const timer = wallTimers.peek();
        if (timer === undefined || timer.due > wallMsNow()) break;
        wallTimers.pop();
        timer.ring();
      }
    },
    getPendingTimerCount: () => monoTimers.size + wallTimers.size,
    flush: promiseBarrier,
  };
}
