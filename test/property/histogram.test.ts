import { fc, test } from "@fast-check/vitest";
import { describe, expect } from "vitest";
import { Histogram } from "../../src/observe/histogram.ts";

fc.configureGlobal({ seed: 20_251_122 });

/** Whole microseconds, as likely small as large, as milliseconds. */
const durationMs = fc
  .tuple(fc.integer({ min: 0, max: 30 }), fc.double({ min: 1, max: 2, maxExcluded: true, noNaN: true }))
  .map(([bits, mantissa]) => Math.floor(mantissa * (1 << bits)) / 1000);

describe("a histogram", () => {
  test.prop([
    fc.array(durationMs, { minLength: 1, maxLength: 300 }),
    fc.double({ min: 0, max: 1, noNaN: true }),
  ])(
    "gives a quantile that is not below the exact one, and above it by less than 1/32",
    (durations, quantile) => {
      const histogram = new Histogram();
      for (const duration of durations) histogram.record(duration);
      const sorted = durations.toSorted((a, b) => a - b);
      const exact = sorted[Math.max(1, Math.ceil(quantile * sorted.length)) - 1] ?? Number.NaN;
      const given = histogram.quantileMs(quantile);
      expect(given).toBeGreaterThanOrEqual(exact);
      expect(given).toBeLessThanOrEqual(exact * (1 + 1 / 32) + 0.001);
      expect(histogram.quantileMs(1)).toBe(sorted.at(-1));
      expect(histogram.maxMs).toBe(sorted.at(-1));
      expect(histogram.count).toBe(durations.length);
    },
  );

  test("takes whatever a clock may say", () => {
    const histogram = new Histogram();
    for (const odd of [-5, 0, 0.0004, 1e12]) histogram.record(odd);
    expect(histogram.count).toBe(4);
    expect(histogram.quantileMs(0.5)).toBe(0);
    expect(histogram.quantileMs(1)).toBe(2_147_483.647);
    expect(new Histogram().quantileMs(0.99)).toBe(0);
  });
});
