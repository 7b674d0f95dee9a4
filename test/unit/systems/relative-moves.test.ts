import { describe, expect, test } from "vitest";
import { invariants } from "../../../sim/check/index.ts";
import { drawPlan } from "../../../sim/run/draw/draw-plan.ts";
import { run } from "../../../sim/run/run.ts";
import type { Scenario } from "../../../sim/run/scenario/scenario.ts";
import { cacheSystem } from "../../../sim/systems/cache.ts";
import { loadedScenario } from "../../support/scenario-files.ts";

/**
 * Every way that a record takes from machine to machine (repair, hints, catching up, changes of members, takeovers), with
 * values that expire by monotonic clocks. A way on which a deadline is not restated shows at once: the clocks are days
 * apart.
 */
const SCENARIOS = ["add-node", "rolling-restart", "isolated-writer"];

function relative(name: string): Scenario {
  const { cluster, workload, ...scenario } = loadedScenario(name);
  return {
    ...scenario,
    cluster: { ...cluster, ttlMode: "relative" },
    workload: {
      ...workload,
      mix: { ...workload.mix, touch: 1 },
      ttl: { lasts: { min: 300, max: 3000 }, share: 0.8, aimed: 0.6 },
    },
  };
}

describe.each(["abd", "quorum", "async-primary"])("%s", (policy) => {
  const card = cacheSystem.policies.find(({ name }) => name === policy);
  const promised = invariants.filter(({ name }) => card?.promises.includes(name));

  test.each(SCENARIOS)("keeps its promises in %s", async (name) => {
    const { hooks } = cacheSystem;
    const plan = drawPlan(relative(name), { seed: 5, system: "cache", hooks, policy, invariants: [] });
    const { record, violations } = await run(plan, { system: cacheSystem, invariants: promised });
    expect(violations.filter(({ endedBy }) => endedBy === undefined)).toEqual([]);
    // Not so much that nothing could be wrong.
    expect(record.expiryAllowanceUs).toBeLessThan(3_000_000);
    const hits = record.history.filter(
      ({ kind, value, ttlMs }) => kind === "get" && value !== null && ttlMs === null,
    );
    expect(hits.length).toBeGreaterThan(10);
  });
});
