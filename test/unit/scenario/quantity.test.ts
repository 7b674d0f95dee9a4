import { describe, expect, test } from "vitest";
import type { z } from "zod";
import {
  count,
  countRange,
  duration,
  durationRange,
  factorRange,
  share,
  shareRange,
} from "../../../sim/world/quantity.ts";
import { durationText } from "../../../sim/world/quantity-text.ts";

function problemOf(schema: z.ZodType, input: unknown): { message: string; suggestion: unknown } {
  const issue = schema.safeParse(input).error?.issues[0];
  if (issue?.code !== "custom") throw new Error(`${String(input)} was accepted`);
  return { message: issue.message, suggestion: issue.params?.["suggestion"] };
}

describe("a duration", () => {
  test.each([
    ["20ms", 20],
    ["1.5s", 1500],
    ["250us", 0.25],
    ["2m", 120_000],
    ["1 h", 3_600_000],
    ["0s", 0],
    ["0.0004ms", 0],
    ["1.0006ms", 1.001],
  ])("reads %s as %d ms, in whole microseconds", (text, ms) => {
    expect(duration.parse(text)).toBe(ms);
  });

  test.each([
    [20, "20ms"],
    ["20", "20ms"],
    ["20sec", "20s"],
    ["20 MS", "20ms"],
    ["5min", "5m"],
    ["7µs", "7us"],
    ["20parsecs", undefined],
    ["-5ms", undefined],
    ["", undefined],
    ["ms", undefined],
    ["1e3ms", undefined],
    [Number.NaN, undefined],
    [Number.POSITIVE_INFINITY, undefined],
    [-1, undefined],
    [null, undefined],
    [true, undefined],
    [["20ms"], undefined],
    [{ ms: 20 }, undefined],
    ["5constructor", undefined],
  ])("refuses %j, suggesting %j", (input, suggestion) => {
    expect(problemOf(duration, input)).toEqual({
      message: "expected a duration with its unit (us, ms, s, m, h), such as 20ms or 1.5s",
      suggestion,
    });
  });

  test("is at most 30 days", () => {
    expect(duration.parse("720h")).toBe(2_592_000_000);
    expect(problemOf(duration, "721h").message).toBe("expected at most 30 days");
  });

  test("is shown as a scenario would write it", () => {
    expect([0, 0.25, 20, 999, 1000, 1500, 120_000].map(durationText)).toEqual([
      "0ms",
      "250us",
      "20ms",
      "999ms",
      "1s",
      "1.5s",
      "120s",
    ]);
  });
});

describe("a range", () => {
  test("has two ends, or one quantity as both", () => {
    expect(durationRange.parse("200ms..3s")).toEqual({ min: 200, max: 3000 });
    expect(durationRange.parse(" 200ms .. 3s ")).toEqual({ min: 200, max: 3000 });
    expect(durationRange.parse("1s")).toEqual({ min: 1000, max: 1000 });
    expect(countRange.parse(3)).toEqual({ min: 3, max: 3 });
    expect(countRange.parse("2..5")).toEqual({ min: 2, max: 5 });
    expect(shareRange.parse("5%..0.2")).toEqual({ min: 0.05, max: 0.2 });
    expect(factorRange.parse("1.5..10")).toEqual({ min: 1.5, max: 10 });
  });

  test("has its smaller end first", () => {
    expect(problemOf(durationRange, "3s..500ms")).toEqual({
      message: "expected a range with its smaller end first",
      suggestion: "500ms..3s",
    });
    expect(problemOf(countRange, "5..2").suggestion).toBe("2..5");
  });

  test("has units at both ends", () => {
    expect(problemOf(durationRange, "500..800ms").suggestion).toBe("500ms..800ms");
    expect(problemOf(durationRange, "1s..2").suggestion).toBe("1s..2s");
    expect(problemOf(durationRange, "1..2").suggestion).toBe("1ms..2ms");
    expect(problemOf(durationRange, "1sec..2sec").suggestion).toBe("1s..2s");
    expect(problemOf(durationRange, "1s..soon").suggestion).toBeUndefined();
  });

  test("has no more and no fewer than two ends", () => {
    expect(problemOf(durationRange, "1s..2s..3s").message).toBe(
      "expected one quantity or a range such as 200ms..3s",
    );
    expect(problemOf(durationRange, "1s..").message).toContain("expected a duration");
    expect(problemOf(durationRange, "..1s").message).toContain("expected a duration");
    expect(problemOf(countRange, ["1", "2"]).message).toBe("expected a whole number, zero or more");
  });
});

describe("a probability", () => {
  test("is a number or a percentage", () => {
    expect(share.parse(0.05)).toBe(0.05);
    expect(share.parse("5%")).toBe(0.05);
    expect(share.parse("0.05")).toBe(0.05);
    expect(share.parse(1e-7)).toBe(1e-7);
    expect(share.parse("100%")).toBe(1);
    expect(share.parse(0)).toBe(0);
  });

  test.each([
    [5, "5%"],
    ["5", "5%"],
    [101, undefined],
    ["101%", undefined],
    [-0.1, undefined],
    ["-5%", undefined],
    [Number.NaN, undefined],
    ["often", undefined],
  ])("refuses %j, suggesting %j", (input, suggestion) => {
    const message = "expected a probability from 0 to 1, such as 0.05 or 5%";
    expect(problemOf(share, input)).toEqual({ message, suggestion });
  });
});

test("a count is a whole number up to a million", () => {
  expect(count.parse(3)).toBe(3);
  expect(count.parse("3")).toBe(3);
  for (const input of [3.5, -1, "three", Number.NaN, null, 1e21]) {
    expect(problemOf(count, input).message).toBe("expected a whole number, zero or more");
  }
  expect(problemOf(count, 1_000_001).message).toBe("expected at most 1000000");
});

test("a factor is from 1 to 1000", () => {
  expect(factorRange.parse(10)).toEqual({ min: 10, max: 10 });
  for (const input of [0.5, 1001, "-2", "0x10", "", " "]) {
    expect(problemOf(factorRange, input).message).toBe("expected a factor from 1 to 1000");
  }
});
