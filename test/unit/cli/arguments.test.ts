import { describe, expect, test } from "vitest";
import { parseSeed, parseSeeds } from "../../../sim/cli/parse/parse-seeds.ts";
import { parseWorkers } from "../../../sim/cli/parse/parse-workers.ts";

describe("--seeds", () => {
  test("is one seed or a range with both its ends", () => {
    expect(parseSeeds("17")).toEqual({ first: 17, last: 17 });
    expect(parseSeeds("1..200")).toEqual({ first: 1, last: 200 });
    expect(parseSeeds("0..9999999")).toEqual({ first: 0, last: 9_999_999 });
    expect(parseSeeds("9007199254740990..9007199254740991").last).toBe(Number.MAX_SAFE_INTEGER);
  });

  test.each([
    ["1..1000000000", "at most 10,000,000 seeds, got 1,000,000,000"],
    ["5..1", "did you mean 1..5?"],
    ["", "a seed such as 17"],
    ["-1", "a seed such as 17"],
    ["1.5", "a seed such as 17"],
    ["1...3", "a seed such as 17"],
    ["1..2..3", "a seed such as 17"],
    ["1e3", "a seed such as 17"],
    ["99999999999999999999", "at most 9007199254740991"],
  ])("refuses %s in one line", (input, message) => {
    expect(() => parseSeeds(input)).toThrow(message);
  });
});

describe("--seed", () => {
  test("is one seed and not a range", () => {
    expect(parseSeed("17")).toBe(17);
    expect(() => parseSeed("1..2")).toThrow("a seed such as 17");
  });
});

describe("--workers", () => {
  test("is a sensible number of threads", () => {
    expect(parseWorkers("2")).toBe(2);
    for (const input of ["0", "-1", "1.5", "x", "", "257", "1e9"]) {
      expect(() => parseWorkers(input)).toThrow("from 1 to 256");
    }
  });
});
