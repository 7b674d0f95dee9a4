import fc from "fast-check";
import { expect, test } from "vitest";
import { createLatencyHistogram } from "../../../src/observe/latency-histogram.ts";

test("a percentile is never below the true one, and above it by an eighth at most", () => {
  const latencies = fc.array(fc.integer({ min: 0, max: 100_000 }), { minLength: 1, maxLength: 200 });
  fc.assert(
    fc.property(latencies, fc.integer({ min: 1, max: 100 }), (values, percentile) => {
      const histogram = createLatencyHistogram();
      for (const value of values) histogram.note(value);
      const sorted = values.toSorted((a, b) => a - b);
      const truth = sorted[Math.ceil((values.length * percentile) / 100) - 1] as number;
      const told = histogram.percentileMs(percentile);
      expect(told).toBeGreaterThanOrEqual(truth);
      expect(told).toBeLessThanOrEqual(truth + truth / 8);
    }),
  );
});

test("what is old fades", () => {
  const histogram = createLatencyHistogram();
  for (let count = 0; count < 1000; count++) histogram.note(900);
  expect(histogram.percentileMs(50)).toBeGreaterThanOrEqual(900);
  for (let count = 0; count < 3000; count++) histogram.note(5);
  expect(histogram.percentileMs(50)).toBe(5);
  expect(histogram.percentileMs(90)).toBe(5);
});

test("an empty one says nothing, and fractions are rounded up", () => {
  const histogram = createLatencyHistogram();
  expect([histogram.count, histogram.percentileMs(99)]).toEqual([0, 0]);
  histogram.note(2.1);
  expect(histogram.percentileMs(99)).toBe(3);
});
