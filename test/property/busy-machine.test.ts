import { fc, test } from "@fast-check/vitest";
import { expect } from "vitest";
import { injure } from "../support/injure.ts";
import { worldHarness } from "../support/world-harness.ts";

const END_MS = 200;

interface Case {
  readonly arrivals: readonly number[];
  readonly pauses: readonly Window[];
  readonly slow: readonly (Window & { readonly cost: number })[];
}

interface Window {
  readonly start: number;
  readonly length: number;
}

const window = { start: fc.nat(120), length: fc.integer({ min: 1, max: 60 }) };
const cases: fc.Arbitrary<Case> = fc.record({
  arrivals: fc.array(fc.nat(150), { minLength: 1, maxLength: 12 }),
  pauses: fc.array(fc.record(window), { maxLength: 3 }),
  slow: fc.array(fc.record({ ...window, cost: fc.integer({ min: 1, max: 40 }) }), { maxLength: 3 }),
});

/**
 * Times in hundredths of a millisecond, each with a rest of its own within the millisecond: then no two changes, and
 * no change and the end of some work, ever fall together.
 */
const TICKS = 100;
const pauseStart = ({ start }: Window, index: number): number => start * TICKS + index;
const slowStart = ({ start }: Window, index: number): number => start * TICKS + 10 + index;
const arrival = (ms: number, index: number): number => ms * TICKS + 20 + index;

/**
 * The definition, tick by tick: one server, first come, first served. What is first takes as long as anything costs
 * when it gets there, and never longer than anything costs at a later moment; in a pause nothing goes on. Gives the
 * ticks at which the arrivals run.
 */
function model({ arrivals, pauses, slow }: Case): number[] {
  const coming = arrivals.map(arrival);
  const isWithin = (tick: number, start: number, { length }: Window): boolean =>
    start <= tick && tick < start + length * TICKS;
  const done: number[] = [];
  let left: number | null = null;
  for (let tick = 0; done.length < coming.length; tick++) {
    const isPaused = pauses.some((pause, index) => isWithin(tick, pauseStart(pause, index), pause));
    const active = slow.filter((each, index) => isWithin(tick, slowStart(each, index), each));
    const cost = Math.max(0, ...active.map((each) => each.cost)) * TICKS;
    while ((coming[done.length] ?? Number.POSITIVE_INFINITY) <= tick) {
      left = Math.min(left ?? cost, cost);
      if (left > 0 || isPaused) break;
      done.push(tick);
      left = null;
    }
    if (left !== null && !isPaused) left--;
  }
  return done;
}

test.prop([cases], { seed: 20260301, numRuns: 400 })(
  "a busy machine serves what comes in order, as the definition says",
  async (drawn) => {
    const of = { ...drawn, arrivals: drawn.arrivals.toSorted((a, b) => a - b) };
    const harness = worldHarness(["n1", "n2"], { latency: { kind: "constant", ms: 0 } });
    for (const [index, ms] of of.arrivals.entries()) {
      harness.at(arrival(ms, index) / TICKS, () => harness.send("n1", "n2", `${index}`));
    }
    const during = (startTick: number, { length }: Window) => {
      const startMs = startTick / TICKS;
      return { startMs, endMs: startMs + length, machine: "n2" };
    };
    for (const [index, pause] of of.pauses.entries()) {
      injure(harness, "pause", during(pauseStart(pause, index), pause));
    }
    for (const [index, each] of of.slow.entries()) {
      injure(harness, "slow-cpu", { ...during(slowStart(each, index), each), costMs: each.cost });
    }
    await harness.kernel.run(END_MS * 1_000_000);
    expect(harness.arrivals.map(({ text }) => Number(text))).toEqual([...of.arrivals.keys()]);
    expect(harness.arrivals.map(({ atUs }) => Math.round((atUs * TICKS) / 1000))).toEqual(model(of));
    expect(harness.world.machine("n2").processor.isFree).toBe(true);
  },
);
