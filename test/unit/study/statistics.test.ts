import { describe, expect, test } from "vitest";
import type { Figure } from "../../../sim/check/measures/figure.ts";
import { samples } from "../../../sim/check/measures/figure.ts";
import { measureByName } from "../../../sim/check/measures/index.ts";
import { estimate, type Measure } from "../../../sim/check/measures/measure.ts";
import { createDraw } from "../../../sim/kernel/draw.ts";
import { meets, parseBound } from "../../../sim/check/measures/bounds.ts";
import { createSampler, worstShare } from "../../../sim/study/statistics.ts";
import { atMost, quantileInterval, shareInterval } from "../../../sim/study/validation/intervals.ts";

const p50 = measureByName("read-p50") as Measure;
const messages = measureByName("messages") as Measure;
const lost = measureByName("lost-writes") as Measure;

describe("intervals over seeds", () => {
  test("hold the truth about as often as they say", () => {
    let held = 0;
    for (let study = 0; study < 60; study++) {
      const draw = createDraw(study);
      const figures = Array.from({ length: 30 }, (_, run): Figure => {
        return { kind: "ratio", part: draw.at(run).uniform("part") * 10, whole: 10 };
      });
      const { low, high } = createSampler(30).estimate(messages, figures, null);
      if (low <= 0.5 && 0.5 <= high) held++;
    }
    // 95% are to be expected; percentile intervals of 30 runs hold a little less.
    expect(held).toBeGreaterThanOrEqual(51);
    expect(held).toBeLessThan(60);
  });

  test("a paired difference is as narrow as what differs", () => {
    const draw = createDraw("pairs");
    const shared = Array.from({ length: 40 }, (_, run) => draw.at(run).uniform("shared") * 100);
    const figures = (extra: number): Figure[] =>
      shared.map((part) => ({ kind: "ratio", part: part + extra, whole: 1 }));
    const sampler = createSampler(40);
    const alone = sampler.estimate(messages, figures(1), null);
    const paired = sampler.difference(messages, figures(1), figures(0));
    expect(alone.high - alone.low).toBeGreaterThan(10);
    expect(paired.value).toBeCloseTo(1);
    expect(paired.high - paired.low).toBeLessThan(1e-9);
  });

  test("a quantile of a resample is that of its runs put together", () => {
    const figures = [samples([1, 5, 9]), samples([2, 2]), samples([])];
    const { value, low, high } = createSampler(3).estimate(p50, figures, null);
    expect(value).toBe(estimate(p50, figures));
    expect([low, high]).toEqual([2, 5]);
  });

  test("what was never seen is not impossible", () => {
    const figures = Array.from({ length: 10 }, (): Figure => ({ kind: "ratio", part: 0, whole: 50 }));
    const bad: Figure = { kind: "ratio", part: 5, whole: 50 };
    const sampler = createSampler(10);
    const { value, low, high } = sampler.estimate(lost, figures, worstShare(lost, [...figures, bad]));
    expect([value, low]).toEqual([0, 0]);
    // Clopper and Pearson, 0 of 10 runs, each of which might be as bad as the worst of anybody.
    expect(high).toBeCloseTo(0.3085 * 0.1, 5);
    // When nobody has shown any: 0 of 500.
    expect(worstShare(lost, figures)).toBeNull();
    expect(sampler.estimate(lost, figures, null).high).toBeCloseTo(0.00735, 5);
  });

  test("what was always there may be missing as often as the worst run shows", () => {
    const all = Array.from({ length: 10 }, (): Figure => ({ kind: "ratio", part: 50, whole: 50 }));
    const availability = measureByName("availability") as Measure;
    const worst = worstShare(availability, [...all, { kind: "ratio", part: 40, whole: 50 }]);
    expect(worst).toBeCloseTo(0.2, 12);
    const { value, low, high } = createSampler(10).estimate(availability, all, worst);
    expect([value, high]).toEqual([1, 1]);
    expect(low).toBeCloseTo(1 - 0.3085 * 0.2, 5);
  });
});

describe("intervals of a sample", () => {
  test("a share is between Wilson's bounds", () => {
    const { low, high } = shareInterval(10, 100, 0.95);
    expect(low).toBeCloseTo(0.0552, 4);
    expect(high).toBeCloseTo(0.1744, 4);
  });

  test("a quantile is between two observed values", () => {
    const sorted = Array.from({ length: 1001 }, (_, index) => index);
    const { low, high } = quantileInterval(sorted, 0.5);
    expect(low).toBeLessThan(460);
    expect(low).toBeGreaterThan(430);
    expect(high).toBeGreaterThan(540);
  });

  test("a sum of Poisson probabilities", () => {
    expect(atMost(2, 1000, 0.003)).toBeCloseTo(0.4232, 3);
    expect(atMost(50, 50_000, 0)).toBe(1);
  });
});

describe("a bound", () => {
  test("is met by values on its side, and by none that was not measured", () => {
    const bound = parseBound("availability >= 99.5% in crash", {
      word: "in",
      what: "faults",
      names: ["crash"],
    });
    if ("problem" in bound) throw new Error(bound.problem);
    expect([0.995, 0.9949, null].map((value) => meets(bound, value))).toEqual([true, false, false]);
  });
});
