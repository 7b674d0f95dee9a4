import { describe, expect, test } from "vitest";
import { invariants } from "../../../sim/check/index.ts";
import { drawPlan } from "../../../sim/run/draw/draw-plan.ts";
import { readScenario } from "../../../sim/run/load/load-file.ts";
import { cacheSystem } from "../../../sim/systems/cache.ts";
import { replay } from "../../../sim/trace/replay.ts";
import { known } from "../scenario/known-names.ts";

describe("a network that damages frames", () => {
  test("is seen through by the cache: no damaged frame is taken for a message", async () => {
    const loaded = readScenario("scenarios/calm.yaml", {
      ...known,
      invariants: invariants.map(({ name }) => name),
    });
    if (!loaded.ok) throw new Error(JSON.stringify(loaded.problems));
    const plan = drawPlan(loaded.value, { seed: 1, system: "cache", policy: "abd", invariants: [] });
    const { outcome, events } = await replay(
      { ...plan, network: { ...plan.network, corrupt: 0.3 } },
      { system: cacheSystem, invariants: invariants.filter(({ name }) => name === "linearizable") },
    );
    const damaged = events.filter(({ kind }) => kind === "net.corrupt");
    expect(damaged.length).toBeGreaterThan(100);
    expect(damaged).toHaveLength(outcome.statistics.network.corrupted);
    const causes = new Set(damaged.map(({ index }) => index));
    const arrived = events.filter(({ kind, cause }) => kind === "net.deliver" && causes.has(cause));
    expect(arrived.length).toBeGreaterThan(100);
    for (const { data } of arrived) {
      expect(data).toMatchObject({ message: { problem: "the checksum does not match" } });
    }
    expect(outcome.violations).toEqual([]);
  });
});
