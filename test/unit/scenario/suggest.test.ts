import { describe, expect, test } from "vitest";
import { alternatives, didYouMean, editDistance, oneOf, suggest } from "../../../sim/run/suggest.ts";

describe("the edit distance", () => {
  test.each([
    ["", "", 0],
    ["", "abc", 3],
    ["kitten", "sitting", 3],
    ["lognomal", "lognormal", 1],
    ["partitoin", "partition", 1],
    ["abcd", "badc", 2],
    ["flaw", "lawn", 2],
  ])("from %j to %j is %i, both ways", (a, b, distance) => {
    expect(editDistance(a, b)).toBe(distance);
    expect(editDistance(b, a)).toBe(distance);
  });
});

describe("a suggestion", () => {
  const kinds = ["constant", "uniform", "exponential", "lognormal"];

  test("is the nearest candidate", () => {
    expect(suggest("lognomal", kinds)).toBe("lognormal");
    expect(suggest("Uniform", kinds)).toBe("uniform");
    expect(suggest("unifrom", kinds)).toBe("uniform");
  });

  test("is given only when it is close", () => {
    expect(suggest("pareto", kinds)).toBeUndefined();
    expect(suggest("n9", ["n1", "n2"])).toBeUndefined();
    expect(suggest("", kinds)).toBeUndefined();
    expect(suggest("x".repeat(100_000), kinds)).toBeUndefined();
    expect(didYouMean("pareto", kinds)).toBe("");
  });
});

test("names are listed as a sentence lists them, as long as they fit a line", () => {
  expect(alternatives([])).toBe("");
  expect(alternatives(["a"])).toBe("a");
  expect(alternatives(["a", "b", "c"])).toBe("a, b or c");
  expect(oneOf("machines", ["n1", "n2"])).toBe("one of the machines n1 or n2");
  expect(oneOf("machines", [])).toBe("one of the machines (there are none)");
  expect(
    oneOf(
      "machines",
      Array.from({ length: 50 }, (_, i) => `n${i}`),
    ),
  ).toBe("one of the 50 machines");
});
