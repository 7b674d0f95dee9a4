import fc from "fast-check";
import { expect, it } from "vitest";
import { createAtom, type Change } from "@phyxius/atom";
import { createControlledClock } from "@phyxius/clock";

type Step =
  | { do: "reset" | "swap"; value: number }
  | { do: "compareAndSet"; expected: number; value: number }
  | { do: "failingSwap" }
  | { do: "watch"; which: number }
  | { do: "unwatch"; which: number }
  | { do: "clearHistory" }
  | { do: "advance"; durationMs: number };

const WATCHERS = 4;
// Few values, so that equal updates and expected values that match are common.
const value = fc.integer({ min: 0, max: 3 });
const which = fc.nat(WATCHERS - 1);
const step: fc.Arbitrary<Step> = fc.oneof(
  { weight: 4, arbitrary: fc.record({ do: fc.constantFrom("reset" as const, "swap" as const), value }) },
  { weight: 3, arbitrary: fc.record({ do: fc.constant("compareAndSet" as const), expected: value, value }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant("failingSwap" as const) }) },
  { weight: 2, arbitrary: fc.record({ do: fc.constant("watch" as const), which }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant("unwatch" as const), which }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant("clearHistory" as const) }) },
  { weight: 2, arbitrary: fc.record({ do: fc.constant("advance" as const), durationMs: fc.nat(5) }) },
);

/** An atom as a list of all its states and a list of who watches. */
function createModel(historySize: number, baseVersion: number, equals: (a: number, b: number) => boolean) {
  let states = [{ value: 0, version: baseVersion, at: { wallMs: 0, monoMs: 0 } }];
  let watching: number[] = [];
  let timeMs = 0;
  const heard: [number, Change<number>][] = [];
  const current = () => states.at(-1)!;

  function set(next: number, cause: unknown): void {
    const from = current();
    if (equals(from.value, next)) return;
    const at = { wallMs: timeMs, monoMs: timeMs };
    states.push({ value: next, version: from.version + 1, at });
    for (const watcher of watching) {
      const versions = { versionFrom: from.version, versionTo: from.version + 1 };
      heard.push([watcher, { from: from.value, to: next, ...versions, at, cause } as Change<number>]);
    }
  }

  return {
    heard,
    current,
    set,
    history: () => states.slice(-Math.max(1, historySize)),
    clear: () => void (states = [current()]),
    advance: (durationMs: number) => void (timeMs += durationMs),
    watch: (watcher: number) => void (watching.includes(watcher) || watching.push(watcher)),
    unwatch: (watcher: number) => void (watching = watching.filter((other) => other !== watcher)),
  };
}

it("an atom behaves as the list of its states, whatever is done to it", () => {
  fc.assert(
    fc.property(
      fc.integer({ min: 0, max: 5 }),
      fc.integer({ min: -2, max: 2 }),
      fc.boolean(),
      fc.array(step, { maxLength: 60 }),
      (historySize, baseVersion, isCoarse, steps) => {
        // The coarse comparison takes 0 and 1 for equal, and 2 and 3.
        const equals = isCoarse ? (a: number, b: number) => a >> 1 === b >> 1 : Object.is;
        const clock = createControlledClock();
        const atom = createAtom(0, clock, { historySize, baseVersion, equals });
        const model = createModel(historySize, baseVersion, equals);
        const heard: [number, Change<number>][] = [];
        const watchers = Array.from({ length: WATCHERS }, (_, index) => (change: Change<number>) => {
          heard.push([index, change]);
          // Some are ill-behaved: neither must be felt by anybody else.
          if (index === 1) throw new Error("a watcher fails");
          if (index === 2) atom.reset(change.to + 1);
        });
        const stops = new Map<number, () => void>();

        steps.forEach((action, cause) => {
          switch (action.do) {
            case "reset":
              expect(atom.reset(action.value, { cause })).toBe(
                equals(model.current().value, action.value) ? model.current().value : action.value,
              );
              model.set(action.value, cause);
              break;
            case "swap": {
              const next = (model.current().value + action.value) % 4;
              atom.swap((now) => (now + action.value) % 4, { cause });
              model.set(next, cause);
              break;
            }
            case "compareAndSet": {
              const matches = equals(model.current().value, action.expected);
              expect(atom.compareAndSet(action.expected, action.value, { cause })).toBe(matches);
              if (matches) model.set(action.value, cause);
              break;
            }
            case "failingSwap":
              expect(() =>
                atom.swap(() => {
                  throw new Error("an updater fails");
                }),
              ).toThrow("an updater fails");
              break;
            case "watch":
              stops.set(action.which, atom.watch(watchers[action.which]!));
              model.watch(action.which);
              break;
            case "unwatch":
              stops.get(action.which)?.();
              model.unwatch(action.which);
              break;
            case "clearHistory":
              atom.clearHistory();
              model.clear();
              break;
            case "advance":
              clock.advanceBy(action.durationMs);
              model.advance(action.durationMs);
              break;
          }
          expect(atom.snapshot()).toEqual(model.current());
          expect(atom.deref()).toBe(model.current().value);
          expect(atom.version()).toBe(model.current().version);
          expect(atom.history()).toEqual(model.history());
        });
        expect(heard).toEqual(model.heard);
      },
    ),
    { seed: 20_260_201, numRuns: 800 },
  );
});
