import { fc, test } from "@fast-check/vitest";
import { describe, expect } from "vitest";
import { lanesOf } from "../../../sim/world/lanes.ts";

describe("the lane of a machine", () => {
  test("is the number in its name, as machines are usually called", () => {
    expect([...lanesOf(["n1", "n2", "n10"])]).toEqual([
      ["n1", 1],
      ["n2", 2],
      ["n10", 10],
    ]);
  });

  test("leaves room for those of its arrivals, random numbers and timers", () => {
    const names = ["n0", "n01", "n9999999", "n99999999", "node", "a", "", "x".repeat(64)];
    for (const lane of lanesOf(names).values()) {
      expect(lane).toBeGreaterThan(0);
      expect(lane).toBeLessThan(0x4000000);
    }
  });

  const names = fc.uniqueArray(
    fc.oneof(
      fc.string({ maxLength: 8 }),
      fc.nat(50).map((n) => `n${n}`),
    ),
    {
      minLength: 1,
      maxLength: 100,
    },
  );

  test.prop([names, fc.nat()], { seed: 1 })(
    "is its own, and stays when another machine leaves",
    (all, at) => {
      const lanes = lanesOf(all);
      expect(new Set(lanes.values()).size).toBe(all.length);
      const left = all.toSpliced(at % all.length, 1);
      expect([...lanesOf(left)]).toEqual(left.map((name) => [name, lanes.get(name)]));
    },
  );
});
