/**
 * Catches code that asks the real world for time, randomness or a timer during a run. While events run, the
 * globals in question are replaced by functions that throw, naming the file and line of the caller. They are
 * put back whenever the run yields to the event loop and when it ends, so that a test runner or a progress
 * line beside the run is not disturbed.
 *
 * The offending code may swallow the error, so each leak is also kept, and the runner fails the run for it.
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
            "take time from the Clock and randomness from the machine's own source instead",
    );
    this.leaks = leaks;
  }
}

/** Enough to fix the cause; a loop that reads the clock must not fill the memory. */
const LEAKS_MAX = 20;

interface Trap {
  readonly owner: object;
  readonly property: string;
  readonly what: string;
}

const TRAPS: readonly Trap[] = [
  ...["Date", "setTimeout", "setInterval", "setImmediate", "fetch"].map((property) => ({
    owner: globalThis,
    property,
    what: property,
  })),
  { owner: Math, property: "random", what: "Math.random" },
  { owner: process, property: "nextTick", what: "process.nextTick" },
  { owner: process, property: "hrtime", what: "process.hrtime" },
  { owner: process, property: "uptime", what: "process.uptime" },
  { owner: globalThis.performance, property: "now", what: "performance.now" },
  { owner: globalThis.crypto, property: "getRandomValues", what: "crypto.getRandomValues" },
  { owner: globalThis.crypto, property: "randomUUID", what: "crypto.randomUUID" },
];

const OWN_FRAME = /kernel\/tripwire\.[jt]s[:?]/;

/** The first frame outside of this file: the caller of the replaced function. */
function callerOf(stack: string): string {
  for (const line of stack.split("\n").slice(1)) {
    if (OWN_FRAME.test(line)) continue;
    const match = /\(?((?:file:\/\/|\/|[A-Za-z]:\\).*:\d+:\d+)\)?$/.exec(line.trim());
    if (match?.[1] !== undefined) return match[1];
  }
  return "an unknown place";
}

export function createTripwire(whoRuns: () => string | null): Tripwire {
  const leaks: Leak[] = [];

  function trip(what: string): never {
    const leak = { what, where: callerOf(new Error().stack ?? ""), machine: whoRuns() };
    if (leaks.length < LEAKS_MAX) leaks.push(leak);
    throw new NondeterminismError([leak]);
  }

  /** Throws when it is called, constructed or asked for a property, such as `Date.now`. */
  function tripping(what: string): unknown {
    return new Proxy(function trapped() {}, {
      apply: () => trip(what),
      construct: () => trip(`new ${what}`),
      get: (_target, property) => trip(`${what}.${String(property)}`),
    });
  }

  const traps = TRAPS.map((trap) => ({ ...trap, value: tripping(trap.what) }));
  const saved: (PropertyDescriptor | undefined)[] = [];
  let isEngaged = false;

  return {
    leaks,
    engage() {
      if (isEngaged) return;
      isEngaged = true;
      traps.forEach(({ owner, property, value }, index) => {
        saved[index] = Object.getOwnPropertyDescriptor(owner, property);
        Object.defineProperty(owner, property, {
          value,
          configurable: true,
          enumerable: saved[index]?.enumerable ?? false,
          writable: true,
        });
      });
    },
    release() {
      if (!isEngaged) return;
      isEngaged = false;
      traps.forEach(({ owner, property }, index) => {
        const before = saved[index];
        // A method that lived on the prototype comes back by removing the one that covers it.
        if (before === undefined) delete (owner as Record<string, unknown>)[property];
        else Object.defineProperty(owner, property, before);
      });
    },
  };
}
