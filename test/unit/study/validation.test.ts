import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { quantileInterval, shareInterval } from "../../../sim/study/validation/intervals.ts";
import { pbsModels } from "../../../sim/study/validation/pbs-models.ts";
import { runTrials } from "../../../sim/study/validation/pbs-trials.ts";
import { findVisibility, staleAfter } from "../../../sim/study/validation/pbs-visibility.ts";
import { holdGuards } from "../../../sim/kernel/guards.ts";
import { cacheSystem } from "../../../sim/systems/cache.ts";

const disk = pbsModels.find(({ name }) => name === "LNKD-DISK");
if (disk === undefined) throw new Error("no model LNKD-DISK");
/** The guards are put up once for all runs, each of which takes but a few milliseconds. */
let letGo: () => void;
beforeAll(() => {
  letGo = holdGuards();
});
afterAll(() => letGo());

const trials = Array.from({ length: 120 }, (_, trial) => trial);

describe("the cache under the model of Bailis et al.", () => {
  test("finds what was just written as often as published, R = W = 1", async () => {
    const setting = { model: disk, read: 1, write: 1, seed: 1 };
    const atOnce = await runTrials(cacheSystem, setting, trials, () => 0);
    const count = atOnce.consistent.filter(Boolean).length;
    const { low, high } = shareInterval(count, trials.length);
    expect(low).toBeLessThan(0.439);
    expect(high).toBeGreaterThan(0.439);

    // The same trials, waiting: each is stale up to its own edge, and consistent from there on.
    const visibility = await findVisibility(cacheSystem, setting, atOnce, 0.02);
    const [edge = 0] = visibility.longestMs;
    expect(edge).toBeGreaterThan(visibility.fromMs);
    const late = await runTrials(cacheSystem, setting, trials, () => edge + 0.1);
    expect(late.consistent.every(Boolean)).toBe(true);
    const early = await runTrials(cacheSystem, setting, trials, () => visibility.fromMs);
    const stale = early.consistent.filter((isConsistent) => !isConsistent).length;
    expect(stale / trials.length).toBe(staleAfter(visibility, visibility.fromMs));
  });

  test("always does when R + W > N", async () => {
    const { consistent } = await runTrials(
      cacheSystem,
      { model: disk, read: 2, write: 2, seed: 1 },
      trials,
      () => 0,
    );
    expect(consistent.every(Boolean)).toBe(true);
  });
});

test("the interval of a quantile has no upper end where the sample has no observation beyond it", () => {
  const sample = Array.from({ length: 10_000 }, (_, index) => index);
  const few = quantileInterval(sample.slice(0, 2000), 0.999);
  expect(few.high).toBe(Infinity);
  expect(few.low).toBe(1992);
  const many = quantileInterval(sample, 0.99);
  expect(many.high).toBeLessThan(sample.length);
  expect(many.high).toBeGreaterThan(9900);
});
