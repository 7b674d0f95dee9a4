import { describe, expect, test } from "vitest";
import {
  count,
  counted,
  exactSpan,
  instant,
  intervals,
  percent,
  rate,
  span,
} from "../../../sim/report/units.ts";

describe("units", () => {
  test("counts have their thousands apart", () => {
    expect([0, 999, 1000, 1234567].map(count)).toEqual(["0", "999", "1,000", "1,234,567"]);
    expect(counted(1, "seed")).toBe("1 seed");
    expect(counted(1200, "seed")).toBe("1,200 seeds");
  });

  test("rates have three digits that mean something", () => {
    expect([0, 12.4, 999.7, 123_456, 9_876_543].map(rate)).toEqual([
      "0",
      "12",
      "1,000",
      "123,000",
      "9,880,000",
    ]);
    expect(rate(Number.NaN)).toBe("-");
    expect(rate(Number.POSITIVE_INFINITY)).toBe("-");
  });

  test("spans of time have two units, and never sixty of one", () => {
    const ms = [
      0, 850.4, 999.6, 12_500, 59_940, 59_960, 200_000, 3_599_600, 6_000_000, 86_399_999, 183_600_000,
    ];
    expect(ms.map(span)).toEqual([
      "0 ms",
      "850 ms",
      "1.0 s",
      "12.5 s",
      "59.9 s",
      "1 m 0 s",
      "3 m 20 s",
      "1 h 0 m",
      "1 h 40 m",
      "1 d 0 h",
      "2 d 3 h",
    ]);
    expect(span(1e12)).toBe("31.7 years");
  });

  test("points of time are exact to the microsecond, one under the other", () => {
    expect(instant(1_204_350)).toBe("1204.350");
    expect(instant(Number.POSITIVE_INFINITY)).toBe("never");
    expect(
      intervals([
        { fromUs: 1, toUs: 20_000_000 },
        { fromUs: 3_000_000, toUs: Number.POSITIVE_INFINITY },
      ]),
    ).toEqual(["   0.001 to 20000.000", "3000.000 to     never"]);
  });

  test("what a plan says is not rounded", () => {
    expect([0, 20, 1500, 0.125].map(exactSpan)).toEqual(["0 ms", "20 ms", "1.5 s", "0.125 ms"]);
    expect([0.05, 1, 0.0001].map(percent)).toEqual(["5 %", "100 %", "0.01 %"]);
  });
});
