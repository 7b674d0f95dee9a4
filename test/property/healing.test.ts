import { fc, test } from "@fast-check/vitest";
import { expect } from "vitest";
import { drawPlan } from "../../sim/run/draw/draw-plan.ts";
import { scenarioSchema } from "../../sim/run/scenario/scenario.ts";
import { WALL_START_MS } from "../../sim/world/machine-clock.ts";
import { injure } from "../support/injure.ts";
import { worldHarness } from "../support/world-harness.ts";

const SKEW_MS = 80;

const scenario = scenarioSchema.parse({
  name: "everything",
  story: "Everything that can happen to machines and clocks happens.",
  cluster: { machines: 4 },
  faults: [
    { kind: "pause", count: "0..3" },
    { kind: "slow-cpu", count: "0..3" },
    { kind: "crash", count: "0..3" },
    { kind: "crash-at", count: "0..3", afterEvents: "1..300" },
    { kind: "crash-loop", count: "0..2" },
    { kind: "rolling-restart", count: "0..1", lasts: "8s", down: "100ms..500ms" },
    { kind: "clock-offset", count: "0..2" },
    { kind: "clock-jump", count: "0..2" },
    { kind: "clock-jump", count: "0..2", corrected: false },
    { kind: "clock-drift", count: "0..3" },
  ],
  budget: { catchUp: "1s", clockSkew: `${SKEW_MS}ms` },
});

test.prop([fc.nat(1_000_000)], { seed: 20260304, numRuns: 40 })(
  "when the safety phase ends, every machine is up and free, and every clock is right within the skew",
  async (seed) => {
    const { cluster, faults, phases } = drawPlan(scenario, {
      seed,
      system: "cache",
      policy: "abd",
      invariants: [],
    });
    const harness = worldHarness(cluster.machines);
    for (const fault of faults) injure(harness, fault.kind, fault);
    for (let at = 5; at < phases.healMs; at += 20) {
      harness.at(at, () => {
        for (const from of cluster.machines) {
          if (!harness.world.machine(from).isUp) continue;
          for (const to of cluster.machines) if (to !== from) harness.send(from, to, "x");
        }
      });
    }
    await harness.kernel.run(phases.healMs * 1000);
    // What waited by then has its turn, and messages under way arrive.
    await harness.kernel.run(phases.healMs * 1000 + 10_000);
    for (const machine of cluster.machines) {
      const { isUp, processor, bootedAtUs } = harness.world.machine(machine);
      expect({ machine, isUp, isFree: processor.isFree }).toEqual({ machine, isUp: true, isFree: true });
      expect(bootedAtUs).toBeLessThanOrEqual(phases.healMs * 1000);
      const errorMs = harness.env(machine).clock.now().wallMs - WALL_START_MS - harness.kernel.nowUs / 1000;
      expect(Math.abs(errorMs)).toBeLessThanOrEqual(SKEW_MS + 0.001);
    }
    expect(harness.errors).toEqual([]);
  },
);
