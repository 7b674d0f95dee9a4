import { describe, expect, it } from "vitest";
import { createControlledClock, InvalidArgumentError } from "@phyxius/clock";
import { requireClock, requireDuration, requireFunction } from "@phyxius/clock/argument-checks";

describe("the argument checks", () => {
  it("let pass what will do", () => {
    for (const durationMs of [0, -0, 1, Number.MAX_SAFE_INTEGER]) requireDuration("ms", durationMs);
    requireFunction("fn", () => {});
    requireFunction("fn", Map);
    requireClock("clock", createControlledClock());
    requireClock("clock", { now: () => 0 });
  });

  it.each([
    [requireDuration, -1, "-1"],
    [requireDuration, 0.5, "0.5"],
    [requireDuration, Number.NaN, "NaN"],
    [requireDuration, Number.POSITIVE_INFINITY, "Infinity"],
    [requireDuration, Number.NEGATIVE_INFINITY, "-Infinity"],
    [requireDuration, "10", '"10"'],
    [requireDuration, undefined, "undefined"],
    [requireFunction, {}, "an object without keys"],
    [requireFunction, null, "null"],
    [requireClock, null, "null"],
    [requireClock, undefined, "undefined"],
    [requireClock, { now: 1 }, "an object { now }"],
  ])("%o refuses %o, naming it", (check, value, shown) => {
    const act = () => check("some.argument", value);
    expect(act).toThrow(InvalidArgumentError);
    expect(act).toThrow(`some.argument = ${shown}`);
    expect(act).toThrow(expect.objectContaining({ argument: "some.argument", value }) as Error);
  });
});
