import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { type LatencyModel, latencySampler } from "../../../sim/world/latency.ts";
import { normalQuantile, normalTail } from "../../../sim/world/normal.ts";

const models: readonly LatencyModel[] = [
  { kind: "constant", ms: 5 },
  { kind: "uniform", minMs: 2, maxMs: 8 },
  { kind: "exponential", minMs: 1, meanMs: 5 },
  { kind: "lognormal", medianMs: 3, p99Ms: 40 },
  { kind: "pareto", minMs: 2, shape: 3 },
  {
    kind: "empirical",
    points: [
      [0, 1],
      [0.5, 2],
      [0.9, 2],
      [1, 102],
    ],
  },
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

  test("pareto: of a thousand delays one is ten times the least, with shape 3", () => {
    const pareto = latencySampler(models[4] as LatencyModel);
    expect(pareto(0)).toBe(2);
    expect(pareto(0.999)).toBeCloseTo(20, 9);
    expect(pareto(0.875)).toBeCloseTo(4, 9);
    // The mean is shape / (shape - 1) times the least.
    expect(mean(models[4] as LatencyModel)).toBeCloseTo(3, 2);
  });

  test("empirical: through its points, and straight between them", () => {
    const empirical = latencySampler(models[5] as LatencyModel);
    expect([0, 0.25, 0.5, 0.7, 0.9, 0.95].map(empirical)).toEqual([1, 1.5, 2, 2, 2, expect.closeTo(52, 9)]);
    expect(empirical(1 - 1 / 4_294_967_296)).toBeCloseTo(102, 5);
    expect(mean(models[5] as LatencyModel)).toBeCloseTo(0.5 * 1.5 + 0.4 * 2 + 0.1 * 52, 3);
  });

  test("the normal quantile agrees with published values", () => {
    // Abramowitz and Stegun, Handbook of Mathematical Functions, table 26.5 and 26.6.
    expect(normalQuantile(0.5)).toBe(0);
    expect(normalQuantile(0.975)).toBeCloseTo(1.9599639845, 8);
    expect(normalQuantile(0.025)).toBeCloseTo(-1.9599639845, 8);
    expect(normalQuantile(0.999)).toBeCloseTo(3.0902323062, 8);
    expect(normalQuantile(0.01)).toBeCloseTo(-2.326347874, 8);
  });

  test("the normal tail agrees with published values, and with the quantile", () => {
    // Abramowitz and Stegun, tables 26.1 and 26.2; beyond 7 computed to 30 digits.
    expect(normalTail(0)).toBeCloseTo(0.5, 15);
    expect(normalTail(1)).toBeCloseTo(0.15865525393145707, 14);
    expect(normalTail(-2)).toBeCloseTo(0.9772498680518208, 14);
    for (const [z, tail] of [
      [5, 2.866515718791939e-7],
      [7, 1.279812543885835e-12],
      [8, 6.220960574271785e-16],
      [20, 2.753624118606234e-89],
    ] as const) {
      expect(normalTail(z) / tail).toBeCloseTo(1, 7);
    }
    expect(normalTail(40)).toBe(0);
    for (let p = 0.001; p < 1; p += 0.001) expect(normalTail(normalQuantile(p))).toBeCloseTo(1 - p, 8);
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
