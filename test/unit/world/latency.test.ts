import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { type LatencyModel, latencySampler } from "../../../sim/world/latency.ts";
import { normalQuantile } from "../../../sim/world/normal.ts";

const models: readonly LatencyModel[] = [
  { kind: "constant", ms: 5 },
  { kind: "uniform", minMs: 2, maxMs: 8 },
  { kind: "exponential", minMs: 1, meanMs: 5 },
  { kind: "lognormal", medianMs: 3, p99Ms: 40 },
];

/** The mean over evenly spread quantiles: a numeric integral of the quantile function. */
function mean(model: LatencyModel, steps = 200_000): number {
  const sample = latencySampler(model);
  let sum = 0;
  for (let i = 0; i < steps; i++) sum += sample((i + 0.5) / steps);
  return sum / steps;
}

describe("latency models", () => {
  test("have the quantiles and means that define them", () => {
    const [constant, uniform, exponential, lognormal] = models.map(latencySampler) as [
      (quantile: number) => number,
      (quantile: number) => number,
      (quantile: number) => number,
      (quantile: number) => number,
    ];
    expect(constant(0.9)).toBe(5);
    expect([uniform(0), uniform(0.5)]).toEqual([2, 5]);
    expect(exponential(0)).toBe(1);
    expect(mean(models[2] as LatencyModel)).toBeCloseTo(5, 3);
    expect(lognormal(0.5)).toBeCloseTo(3, 9);
    expect(lognormal(0.99)).toBeCloseTo(40, 6);
  });

  test("the normal quantile agrees with published values", () => {
    // Abramowitz and Stegun, Handbook of Mathematical Functions, table 26.5 and 26.6.
    expect(normalQuantile(0.5)).toBe(0);
    expect(normalQuantile(0.975)).toBeCloseTo(1.9599639845, 8);
    expect(normalQuantile(0.025)).toBeCloseTo(-1.9599639845, 8);
    expect(normalQuantile(0.999)).toBeCloseTo(3.0902323062, 8);
    expect(normalQuantile(0.01)).toBeCloseTo(-2.326347874, 8);
  });

  test.each(models)("$kind grows with its quantile, and is never negative nor infinite", (model) => {
    const sample = latencySampler(model);
    const quantile = fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true });
    fc.assert(
      fc.property(quantile, quantile, (a, b) => {
        const [low, high] = [sample(Math.min(a, b)), sample(Math.max(a, b))];
        return low >= 0 && low <= high && Number.isFinite(high);
      }),
      { seed: 1 },
    );
  });
});
