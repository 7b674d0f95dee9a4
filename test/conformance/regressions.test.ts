import { basename } from "node:path";
import { describe, expect, test } from "vitest";
import { invariants } from "../../sim/check/index.ts";
import { readRegression, regressionFiles, replayRegression } from "../../sim/search/regressions.ts";
import { systems } from "../../sim/systems/index.ts";

const harness = { systems, invariants };
const files = regressionFiles("scenarios/regressions");

test("there are regressions, of failures that must stay and of mistakes that must not come back", () => {
  const kinds = files.map((file) => {
    const loaded = readRegression(file, harness);
    return loaded.ok ? loaded.value.regression.expected : loaded.problems;
  });
  expect(new Set(kinds)).toEqual(new Set(["fails", "passes"]));
});

describe("the regression", () => {
  test.each(files.map((file) => [basename(file, ".json"), file]))("%s ends as it has to", async (_, file) => {
    const loaded = readRegression(file, harness);
    if (!loaded.ok) throw new Error(JSON.stringify(loaded.problems));
    const { isAsExpected, summary, notApplied } = await replayRegression(loaded.value, harness);
    expect({ isAsExpected, summary }).toMatchObject({ isAsExpected: true });
    expect(notApplied).toEqual([]);
  });
});
