import { expect, test } from "vitest";
import { invariants } from "../../sim/check/index.ts";
import { run } from "../../sim/run/run.ts";
import type { System } from "../../sim/run/system.ts";
import { type Harness, optionsFor, planOf } from "../../sim/search/harness.ts";
import { shrink } from "../../sim/search/shrink.ts";
import { cacheSystem } from "../../sim/systems/cache.ts";
import { loadedScenario } from "../support/scenario-files.ts";

/** It says that it has synced what is still only in memory. */
const neverSyncing: System = {
  ...cacheSystem,
  boot: (env, plan) =>
    cacheSystem.boot({ ...env, disk: { ...env.disk, sync: () => Promise.resolve() } }, plan),
};

const planted: Harness = { systems: [neverSyncing], invariants };
const sound: Harness = { systems: [cacheSystem], invariants };

test("a planted mistake shrinks to a few steps that show it, and the cache without it survives them", async () => {
  const scenario = loadedScenario("power-loss");
  const plan = planOf(planted, { scenario, policy: "abd" }, 1);
  const shrinking = await shrink(plan, { harness: planted });
  if (shrinking.kind !== "shrunk") throw new Error(shrinking.kind);
  const { operations, faults } = shrinking.plan;
  expect(operations.length + faults.length).toBeLessThanOrEqual(6);
  expect(shrinking.violation.invariant).toBe("linearizable");
  const { violations } = await run(shrinking.plan, optionsFor(sound, shrinking.plan));
  expect(violations).toEqual([]);
});
