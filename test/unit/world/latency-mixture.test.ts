import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { type LatencyModel, latencySampler } from "../../../sim/world/latency.ts";
import { normalTail } from "../../../sim/world/normal.ts";

type Mixture = Extract<LatencyModel, { kind: "mixture" }>;

/** The fit of the PBS paper to LinkedIn's latencies on SSDs (Bailis et al., VLDB 2012, table 3). */
const linkedinSsd: Mixture = {
  kind: "mixture",
  parts: [
    { weight: 91.22, kind: "pareto", minMs: 0.235, shape: 10 },
    { weight: 8.78, kind: "exponential", minMs: 0, meanMs: 1 / 1.66 },
  ],
};

/** Steps, gaps, kinks and a heavy tail. */
const rough: Mixture = {
  kind: "mixture",
  parts: [
    { weight: 5, kind: "lognormal", medianMs: 2, p99Ms: 20 },
    { weight: 2, kind: "constant", ms: 3 },
    { weight: 2, kind: "uniform", minMs: 30, maxMs: 50 },
    { weight: 1, kind: "pareto", minMs: 5, shape: 1.1 },
  ],
};

const duration = fc.double({ min: 0.001, max: 1000, noNaN: true });
const weight = fc.double({ min: 0.01, max: 100, noNaN: true });
const anyPart = fc.oneof(
  fc.record({ weight, kind: fc.constant("constant" as const), ms: duration }),
  fc
    .record({ weight, kind: fc.constant("uniform" as const), minMs: duration, width: duration })
    .map(({ width, ...part }) => ({ ...part, maxMs: part.minMs + width })),
  fc
    .record({ weight, kind: fc.constant("exponential" as const), minMs: duration, scale: duration })
    .map(({ scale, ...part }) => ({ ...part, meanMs: part.minMs + scale })),
  fc
    .record({
      weight,
      kind: fc.constant("lognormal" as const),
      medianMs: duration,
      ratio: fc.double({ min: 1, max: 50, noNaN: true }),
    })
    .map(({ ratio, ...part }) => ({ ...part, p99Ms: part.medianMs * ratio })),
  fc.record({
    weight,
    kind: fc.constant("pareto" as const),
    minMs: duration,
    shape: fc.double({ min: 0.5, max: 1000, noNaN: true }),
  }),
);
const anyMixture: fc.Arbitrary<Mixture> = fc
  .array(anyPart, { minLength: 1, maxLength: 8 })
  .map((parts) => ({ kind: "mixture", parts }));

/** By definition: the parts' own survival functions, added up by weight. */
function survival(model: Mixture, ms: number): number {
  const total = model.parts.reduce((sum, { weight }) => sum + weight, 0);
  return model.parts.reduce((sum, part) => sum + (part.weight / total) * survivalOf(part, ms), 0);
}

function survivalOf(part: Mixture["parts"][number], ms: number): number {
  switch (part.kind) {
    case "constant":
      return ms < part.ms ? 1 : 0;
    case "uniform":
      return Math.min(1, Math.max(0, (part.maxMs - ms) / (part.maxMs - part.minMs)));
    case "exponential":
      return ms <= part.minMs ? 1 : Math.exp(-(ms - part.minMs) / (part.meanMs - part.minMs));
    case "lognormal": {
      const sigma = Math.log(part.p99Ms / part.medianMs) / 2.3263478740408408;
      if (sigma === 0) return ms < part.medianMs ? 1 : 0;
      return normalTail(Math.log(ms / part.medianMs) / sigma);
    }
    case "pareto":
      return ms <= part.minMs ? 1 : (part.minMs / ms) ** part.shape;
  }
}

/** Another generator than ours, and two numbers a draw: first which part, then how long. */
function monteCarlo(model: Mixture, count: number): Float64Array {
  let state = 12_345n;
  const random = (): number => {
    state = (state * 6364136223846793005n + 1442695040888963407n) & 0xffffffffffffffffn;
    return Number(state >> 11n) / 9_007_199_254_740_992;
  };
  const total = model.parts.reduce((sum, { weight }) => sum + weight, 0);
  const samplers = model.parts.map(({ weight: _weight, ...part }) => latencySampler(part));
  return Float64Array.from({ length: count }, () => {
    let left = random() * total;
    const which = model.parts.findIndex(({ weight }) => (left -= weight) < 0);
    return (samplers[which] as (quantile: number) => number)(random());
  }).sort();
}

describe("a mixture", () => {
  test("has the quantiles of the published fit, computed elsewhere to 30 digits", () => {
    const sample = latencySampler(linkedinSsd);
    const expected: readonly (readonly [quantile: number, ms: number])[] = [
      [0.25, 0.241610568701158],
      [0.5, 0.252643155179447],
      [0.9, 0.315470792907],
      [0.99, 1.30872264257],
      [0.999, 2.695820195],
      [0.9999, 4.082919637],
    ];
    for (const [quantile, ms] of expected) expect(sample(quantile)).toBeCloseTo(ms, 5);
  });

  test.each([
    ["a published fit", linkedinSsd],
    ["steps, gaps and a heavy tail", rough],
  ])("of %s is distributed as if one part were chosen, and then a delay of it", (_, model) => {
    // Kolmogorov-Smirnov: of so many draws the largest distance is below 1.95 / sqrt(n) in 999 of 1000 cases.
    const count = 20_000;
    const drawn = monteCarlo(model, count);
    const sample = latencySampler(model);
    let distance = 0;
    for (let i = 1; i < 2000; i++) {
      const quantile = i / 2000;
      const ms = sample(quantile);
      const below = drawn.findIndex((each) => each >= ms) / count;
      const notAbove = drawn.findLastIndex((each) => each <= ms) / count;
      distance = Math.max(distance, below - quantile, quantile - notAbove);
    }
    expect(distance).toBeLessThan(1.95 / Math.sqrt(count));
  });

  test("gives back the quantile, far into both tails, whatever its parts", () => {
    const bits = fc.oneof(
      fc.integer({ min: 1, max: 4_294_967_295 }),
      fc.integer({ min: 1, max: 1000 }),
      fc.integer({ min: 4_294_966_000, max: 4_294_967_295 }),
    );
    fc.assert(
      fc.property(anyMixture, fc.array(bits, { minLength: 1, maxLength: 20 }), (model, quantiles) => {
        const sample = latencySampler(model);
        for (const k of quantiles) {
          const tail = 1 - k / 4_294_967_296;
          const ms = sample(k / 4_294_967_296);
          // Less is exceeded too often, more too seldom; in a step or a gap both at once.
          expect(survival(model, ms * (1 - 1e-9))).toBeGreaterThanOrEqual(tail * (1 - 1e-9) - 1e-15);
          expect(survival(model, ms * (1 + 1e-9))).toBeLessThanOrEqual(tail * (1 + 1e-9) + 1e-15);
        }
      }),
      { seed: 1, numRuns: 200 },
    );
  });

  test("grows with its quantile, from one to the very next", () => {
    const quantile = fc.oneof(
      fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true }),
      fc.integer({ min: 0, max: 4_294_967_294 }).map((k) => k / 4_294_967_296),
    );
    fc.assert(
      fc.property(
        anyMixture,
        fc.array(quantile, { minLength: 1, maxLength: 20 }),
        quantile,
        (model, ones, other) => {
          const sample = latencySampler(model);
          for (const one of ones) {
            const next = Math.min(one + 1 / 4_294_967_296, 1 - 1 / 4_294_967_296);
            expect(sample(one)).toBeLessThanOrEqual(sample(Math.max(one, next)));
            expect(sample(Math.min(one, other))).toBeLessThanOrEqual(sample(Math.max(one, other)));
            expect(Number.isFinite(sample(one))).toBe(true);
          }
        },
      ),
      { seed: 1, numRuns: 200 },
    );
  });

  test("of one part is that part", () => {
    const sample = latencySampler({
      kind: "mixture",
      parts: [{ weight: 3, kind: "pareto", minMs: 2, shape: 1.5 }],
    });
    const alone = latencySampler({ kind: "pareto", minMs: 2, shape: 1.5 });
    for (const quantile of [0, 0.1, 0.5, 0.999]) expect(sample(quantile)).toBeCloseTo(alone(quantile), 4);
  });

  test("does not depend on what was asked before", () => {
    const fresh = (quantile: number) => latencySampler(rough)(quantile);
    const used = latencySampler(rough);
    for (let i = 0; i < 500; i++) used(i / 500);
    for (let i = 0; i < 50; i++) expect(used((i * 0.618) % 1)).toBe(fresh((i * 0.618) % 1));
  });
});
