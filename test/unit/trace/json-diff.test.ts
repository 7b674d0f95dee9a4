import { fc, test } from "@fast-check/vitest";
import { describe, expect, test as plain } from "vitest";
import { applyPatch } from "../../../sim/report/page/states.ts";
import { diffJson } from "../../../sim/trace/json-diff.ts";

// Without -0, which JSON does not have.
const value = fc.jsonValue({ maxDepth: 4 }).map((made) => JSON.parse(JSON.stringify(made)) as unknown);

describe("the difference of two values", () => {
  test.prop([value, value])("makes the second of the first", (before, after) => {
    const patch = diffJson(before, after).map(({ path, after: now }) =>
      now === undefined ? ([path] as const) : ([path, now] as const),
    );
    expect(applyPatch(before, patch)).toEqual(after);
  });

  test.prop([value])("of equal values is nothing", (same) => {
    expect(diffJson(same, JSON.parse(JSON.stringify(same)))).toEqual([]);
  });

  plain("is as deep inside as possible", () => {
    expect(diffJson({ a: { b: 1, c: [1, 2] }, d: 1 }, { a: { b: 2, c: [1, 3] }, e: 1 })).toEqual([
      { path: ["a", "b"], before: 1, after: 2 },
      { path: ["a", "c", "1"], before: 2, after: 3 },
      { path: ["d"], before: 1, after: undefined },
      { path: ["e"], before: undefined, after: 1 },
    ]);
  });
});
