import type { Kernel } from "../kernel/kernel.ts";

/**
 * The clock of a machine's board, which goes on through all its lives: a crash is the end of a process as often as
 * of a machine, and a monotonic track that started anew would tell a program nothing that it could compare. It
 * counts whole microseconds on two tracks:
 *
 * - the monotonic one runs at its own rate and never goes back;
 * - the wall is the monotonic one plus a difference, which jumps.
 *
 * While nothing is wrong with it, both show the time of the kernel.
 */
export interface HardwareClock {
  /** It shows the kernel's own time, and always has. */
  readonly isTrue: boolean;
  /** Told after each change of the rate or of the difference; only the last listener counts. */
  onChange: () => void;
  /** What the monotonic track shows, or showed, at a moment of virtual time. */
  monoUsAt(us: number): number;
  /** What the wall shows now, counted from the time that a clock which was always right showed at the start. */
  wallUs(): number;
  /** The first moment of virtual time at which the track shows `trackUs` or more, as things stand. */
  dueUs(track: "mono" | "wall", trackUs: number): number;
  /** Lets the clock be wrong until its owner takes the error back. Errors of several owners add up. */
  impose(owner: object, error: ClockError): void;
  /** Takes an error back: the wall steps to where it would be without it. The monotonic track keeps its lead. */
  lift(owner: object): void;
}

/** What is wrong with a clock. */
export interface ClockError {
  /** How far the wall is ahead, in whole microseconds; negative when it is behind. */
  readonly aheadUs?: number;
  /** How much faster than right both tracks run, in millionths; negative when they are slow. */
  readonly ppm?: number;
}

/** A stretch of constant rate, up to the beginning of the next one. */
interface Run {
  readonly fromUs: number;
  readonly monoUs: number;
  readonly ppm: number;
}

interface Active extends ClockError {
  readonly sinceUs: number;
}

/** @param uptimeUs what the monotonic track shows at the start of the run */
export function createHardwareClock(kernel: Kernel, uptimeUs = 0): HardwareClock {
  const runs: Run[] = [{ fromUs: 0, monoUs: uptimeUs, ppm: 0 }];
  const errors = new Map<object, Active>();
  /** The wall minus the monotonic track. */
  let differenceUs = -uptimeUs;

  const last = (): Run => runs.at(-1) as Run;

  function monoUsAt(us: number): number {
    let run = last();
    for (let i = runs.length - 2; us < run.fromUs && i >= 0; i--) run = runs[i] as Run;
    return shown(run, us);
  }

  function setRate(): void {
    let ppm = 0;
    for (const error of errors.values()) ppm += error.ppm ?? 0;
    const { nowUs } = kernel;
    if (ppm !== last().ppm) runs.push({ fromUs: nowUs, monoUs: monoUsAt(nowUs), ppm });
  }

  /** Without any drift left, what its parts were rounded to must not stay behind. */
  function settle(): void {
    let aheadUs = 0;
    for (const error of errors.values()) {
      if (error.ppm !== undefined) return;
      aheadUs += error.aheadUs ?? 0;
    }
    differenceUs = kernel.nowUs + aheadUs - monoUsAt(kernel.nowUs);
  }

  const clock: HardwareClock & { isTrue: boolean } = {
    isTrue: uptimeUs === 0,
    onChange: () => {},
    monoUsAt,
    wallUs: () => monoUsAt(kernel.nowUs) + differenceUs,
    dueUs(track, trackUs) {
      const run = last();
      const monoUs = track === "wall" ? trackUs - differenceUs : trackUs;
      if (Math.abs(monoUs) > FAR_US) return monoUs;
      let us = Math.ceil(run.fromUs + (monoUs - run.monoUs) / (1 + run.ppm / MILLION));
      // The division may be off by one either way.
      while (shown(run, us) < monoUs) us++;
      while (shown(run, us - 1) >= monoUs) us--;
      return us;
    },
    impose(owner, error) {
      clock.isTrue = false;
      errors.set(owner, { ...error, sinceUs: kernel.nowUs });
      differenceUs += error.aheadUs ?? 0;
      setRate();
      clock.onChange();
    },
    lift(owner) {
      const error = errors.get(owner);
      if (error === undefined) return;
      errors.delete(owner);
      const { aheadUs = 0, ppm = 0, sinceUs } = error;
      differenceUs -= aheadUs + Math.trunc(((kernel.nowUs - sinceUs) * ppm) / MILLION);
      setRate();
      settle();
      clock.onChange();
    },
  };
  return clock;
}

const MILLION = 1_000_000;
/** Beyond any run, and where fractions of a microsecond are no longer told apart: a hundred years. */
const FAR_US = 3_155_760_000_000_000;

/** Never decreases with time, and never is ahead of the exact product. */
function shown({ fromUs, monoUs, ppm }: Run, us: number): number {
  const elapsedUs = us - fromUs;
  return monoUs + elapsedUs + Math.floor((elapsedUs * ppm) / MILLION);
}
