import { describe, expect, test } from "vitest";
import { firstFailures, shrinkFigures } from "../support/shrink-figures.ts";
import { loadedScenario, scenarioNames } from "../support/scenario-files.ts";

describe("the first failures of all scenarios", () => {
  test("shrink to a median of at most 6 operations and faults, and none to more than 15", async () => {
    const sizes: number[] = [];
    for (const failing of await firstFailures(scenarioNames.map(loadedScenario))) {
      const { sizeAfter, isMinimal, plan } = await shrinkFigures(failing);
      expect(isMinimal, plan.scenario).toBe(true);
      sizes.push(sizeAfter);
    }
    expect(sizes.length).toBeGreaterThanOrEqual(20);
    sizes.sort((a, b) => a - b);
    expect(sizes[Math.floor(sizes.length / 2)]).toBeLessThanOrEqual(6);
    expect(sizes.at(-1)).toBeLessThanOrEqual(15);
  }, 600_000);
});
