import { findCaller } from "./caller.ts";
import { setAlarm } from "./guard.ts";
import { holdGuards } from "./guards.ts";

/**
 * Catches code that asks the real world for time, randomness, input or output during a run. While events run, the
 * guards of everything in question throw, naming the file and line of the caller. They are off whenever the run
 * yields to the event loop and gone when it ends, so that a test runner or a progress line beside the run is not
 * disturbed.
 *
 * The offending code may swallow the error, so each leak is also kept, and the runner fails the run for it. What
 * was taken from the real world before the harness was there, as with `const { random } = Math`, is out of reach:
 * running twice and comparing finds that.
 */

export interface Leak {
  /** What was touched, such as `Date.now`. */
  readonly what: string;
  /** The caller's place, `file:line:column`. */
  readonly where: string;
  /** Whose code was running. */
  readonly machine: string | null;
}

export interface Tripwire {
  engage(): void;
  release(): void;
  readonly leaks: readonly Leak[];
}

export class NondeterminismError extends Error {
  override readonly name = "NondeterminismError";
  readonly leaks: readonly Leak[];

  constructor(leaks: readonly Leak[]) {
    const [first] = leaks;
    const more = leaks.length > 1 ? ` (and ${leaks.length - 1} more)` : "";
    super(
      first === undefined
        ? "the run touched the real world"
        : `${first.what} was used during a simulated run at ${first.where}` +
            `${first.machine === null ? "" : ` by ${first.machine}`}${more}; ` +
            "take time from the Clock, randomness from the machine's own source, and talk to the network alone",
    );
    this.leaks = leaks;
  }
}

/** Enough to fix the cause; a loop that reads the clock must neither fill the memory nor take for ever. */
const LEAKS_MAX = 20;

/** Engaging takes 0.2 ms, and next to nothing while somebody holds the guards. */
export function createTripwire(whoRuns: () => string | null): Tripwire {
  const leaks: Leak[] = [];
  let letGo: (() => void) | null = null;

  function trip(what: string, isModule: boolean): void {
    if (leaks.length >= LEAKS_MAX) throw new NondeterminismError(leaks.slice(-1));
    // Whoever prepares the stack for reading may want to read files for it.
    setAlarm(null);
    const caller = findCaller();
    setAlarm(trip);
    if (caller === null || (isModule && !caller.isDirect)) return;
    const leak = { what, where: caller.where, machine: whoRuns() };
    leaks.push(leak);
    throw new NondeterminismError([leak]);
  }

  return {
    leaks,
    engage() {
      letGo ??= holdGuards();
      setAlarm(trip);
    },
    release() {
      if (letGo === null) return;
      setAlarm(null);
      letGo();
      letGo = null;
    },
  };
}
