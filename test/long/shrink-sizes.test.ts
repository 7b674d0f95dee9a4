import { describe, expect, test } from "vitest";
import { invariants } from "../../sim/check/index.ts";
import { run } from "../../sim/run/run.ts";
import { type Harness, optionsFor, planOf } from "../../sim/search/harness.ts";
import { shrink } from "../../sim/search/shrink.ts";
import { systems } from "../../sim/systems/index.ts";
import { loadedScenario, scenarioNames } from "../support/scenario-files.ts";

const harness: Harness = { systems, invariants };
const SEEDS_MAX = 30;

/** Operations and faults that are left of the first failure of a scenario; null when none of its seeds fails. */
async function shrunkSize(name: string, place: number): Promise<number | null> {
  const scenario = loadedScenario(name);
  for (let seed = 1; seed <= SEEDS_MAX; seed++) {
    const plan = planOf(harness, { scenario, policy: "seed" }, seed);
    const { violations } = await run(plan, optionsFor(harness, plan));
    const broken = [...new Set(violations.map(({ invariant }) => invariant))];
    if (broken.length === 0) continue;
    const wanted = broken[place % broken.length];
    const shrinking = await shrink(plan, { harness, isMeant: ({ invariant }) => invariant === wanted });
    if (shrinking.kind !== "shrunk") throw new Error(`${name}, seed ${seed}: ${shrinking.kind}`);
    expect(shrinking.ended).toBe("minimal");
    return shrinking.plan.operations.length + shrinking.plan.faults.length;
  }
  return null;
}

describe("the first failures of all scenarios", () => {
  test("shrink to a median of at most 6 operations and faults, and none to more than 15", async () => {
    const sizes: number[] = [];
    for (const [place, name] of scenarioNames.entries()) {
      const size = await shrunkSize(name, place);
      if (size !== null) sizes.push(size);
    }
    sizes.sort((a, b) => a - b);
    expect(sizes.length).toBeGreaterThanOrEqual(20);
    expect(sizes[Math.floor(sizes.length / 2)]).toBeLessThanOrEqual(6);
    expect(sizes.at(-1)).toBeLessThanOrEqual(15);
  }, 600_000);
});
