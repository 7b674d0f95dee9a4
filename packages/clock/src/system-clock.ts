import type { ClockEvent, EmitFn } from "./clock-events.ts";
import type { Clock, Millis } from "./clock.ts";
import { createClock } from "./create-clock.ts";
import type { Track } from "./timer-host.ts";

export interface SystemClockOptions {
  readonly emit?: EmitFn<ClockEvent> | undefined;
}

interface SystemTimer {
  readonly track: Track;
  readonly ring: () => void;
  atMs: number;
  handle: ReturnType<typeof setTimeout> | undefined;
}

/** The longest delay `setTimeout` takes; a longer one it would turn into 1 ms. */
const DELAY_MAX_MS = 2_147_483_647;

/** Nobody tells us that the wall time was set, so a deadline looks again this often. */
const WALL_RECHECK_MS = 1_000;

/**
 * The real clock. This function and what it returns are the only places of the package that touch real time;
 * all globals are looked up when used, so that a simulator or a test can replace them.
 */
export function createSystemClock(options: SystemClockOptions = {}): Clock {
  const originMs = performance.now();
  const monoMsNow = () => performance.now() - originMs;
  const remainingMs = ({ track, atMs }: SystemTimer) => atMs - (track === "mono" ? monoMsNow() : Date.now());

  function arm(timer: SystemTimer): void {
    const delayMaxMs = timer.track === "mono" ? DELAY_MAX_MS : WALL_RECHECK_MS;
    timer.handle = setTimeout(check, Math.min(Math.ceil(remainingMs(timer)), delayMaxMs), timer);
  }

  function check(timer: SystemTimer): void {
    timer.handle = undefined;
    // Not yet: the delay was cut, the wall was set back, or `setTimeout`, which rounds, came a little early.
    if (remainingMs(timer) > 0) arm(timer);
    else timer.ring();
  }

  return createClock<SystemTimer>(
    {
      now: () => ({ wallMs: Date.now() as Millis, monoMs: monoMsNow() as Millis }),
      start(track, atMs, ring) {
        const timer: SystemTimer = { track, atMs, ring, handle: undefined };
        arm(timer);
        return timer;
      },
      restart(timer, atMs) {
        timer.atMs = atMs;
        arm(timer);
      },
      stop(timer) {
        clearTimeout(timer.handle);
        timer.handle = undefined;
      },
    },
    { emit: options.emit, lateTicks: "skip" },
  );
}
