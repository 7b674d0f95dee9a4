import { describe, expect, it } from "vitest";
import { InvalidArgumentError } from "@phyxius/clock";

describe("InvalidArgumentError", () => {
  it("names the argument and the value, and keeps both", () => {
    const error = new InvalidArgumentError("A size must be positive", "options.size", -1);
    expect(error.message).toBe("A size must be positive: options.size = -1");
    expect(error).toMatchObject({ name: "InvalidArgumentError", argument: "options.size", value: -1 });
    expect(error).toBeInstanceOf(RangeError);
  });

  const circular: unknown[] = [];
  circular.push(circular);
  it.each<[unknown, string]>([
    ["a text", '"a text"'],
    ["x".repeat(200), `"${"x".repeat(58)}…`],
    [12n, "12n"],
    [undefined, "undefined"],
    [null, "null"],
    [-0, "-0"],
    [Symbol("s"), "Symbol(s)"],
    [() => {}, "a function"],
    [circular, "an array of 1"],
    [{}, "an object without keys"],
    [Object.create(null), "an object without keys"],
    [{ a: 1, b: 2, toString: "no function" }, "an object { a, b, toString }"],
    [{ a: 1, b: 2, c: 3, d: 4, e: 5, f: 6 }, "an object { a, b, c, d, e, … }"],
  ])("describes value %# in one short line", (value, description) => {
    expect(new InvalidArgumentError("Wrong", "it", value).message).toBe(`Wrong: it = ${description}`);
  });
});
