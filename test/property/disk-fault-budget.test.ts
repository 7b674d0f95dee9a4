import { fc, test } from "@fast-check/vitest";
import { describe, expect } from "vitest";
import { drawPlan } from "../../sim/run/draw/draw-plan.ts";
import { checkPlan } from "../../sim/run/load/load-plan-check.ts";
import { clusterOf, type Plan, planSchema } from "../../sim/run/plan.ts";
import { checkScenario } from "../../sim/run/scenario/scenario-check.ts";
import { type Scenario, scenarioSchema } from "../../sim/run/scenario/scenario.ts";
import { type AnyFaultKind, faultKind, outagesOf } from "../../sim/world/faults/index.ts";

fc.configureGlobal({ seed: 20_251_123 });

const known = { systems: ["cache"], policies: ["abd"], invariants: ["linearizable"] };

const maySpareDisk = new Set<string>(["crash", "crash-at", "crash-loop"]);

const faultSpec = fc
  .record({
    kind: fc.constantFrom(
      "crash",
      "crash-at",
      "crash-loop",
      "power-loss",
      "torn-write",
      "bit-rot",
      "full-disk",
      "slow-disk",
      "sync-failure",
      "partition",
    ),
    count: fc.integer({ min: 0, max: 6 }),
    lasts: fc.constantFrom("0ms..100ms", "100ms..1s"),
    isKept: fc.boolean(),
  })
  .map(({ kind, count, lasts, isKept }) => ({
    kind,
    count,
    lasts,
    ...(maySpareDisk.has(kind) && { disk: isKept ? "kept" : "lost" }),
  }));

/** Machines that keep journals, and everything that may happen to them, in two seconds. */
const durableScenario = fc
  .record({
    machines: fc.integer({ min: 3, max: 5 }),
    catchUp: fc.integer({ min: 0, max: 1000 }),
    faults: fc.array(faultSpec, { maxLength: 6 }),
  })
  .map(({ machines, catchUp, faults }): Scenario =>
    scenarioSchema.parse({
      name: "arbitrary",
      story: "Anything that may be written.",
      cluster: { machines, replication: machines, durability: "journal" },
      workload: { clients: 2, operations: 5 },
      faults,
      budget: { catchUp: `${catchUp}ms` },
      phases: { safety: "2s", settle: "1s", audit: "2s" },
    }),
  );

function draw(scenario: Scenario, seed: number): Plan {
  return drawPlan(scenario, { seed, system: "cache", policy: "abd", invariants: ["linearizable"] });
}

type Fault = Plan["faults"][number];

function forgottenBy(plan: Plan, fault: Fault): readonly string[] {
  return faultKind(fault.kind)?.forgets(fault, clusterOf(plan)) ?? [];
}

function stoppedBy(plan: Plan, fault: Fault): readonly string[] {
  return outagesOf(faultKind(fault.kind) as AnyFaultKind, fault, clusterOf(plan)).map(
    ({ machine }) => machine,
  );
}

/**
 * By definition, one step at a time: the first stretch after the restart in which all others are up but for those
 * that forgot themselves, and no link and no disk is impaired.
 */
function caughtUpAtMs(plan: Plan, restartMs: number, catchUpMs: number): number {
  const disturbing = plan.faults.filter((fault) => {
    const isStop = stoppedBy(plan, fault).length > 0 && forgottenBy(plan, fault).length === 0;
    return isStop || faultKind(fault.kind)?.impairsNetwork === true;
  });
  const starts = [restartMs, ...disturbing.map(({ endMs }) => endMs)].filter((ms) => ms >= restartMs);
  const calm = starts.filter(
    (ms) => !disturbing.some((fault) => fault.startMs < ms + catchUpMs && fault.endMs > ms),
  );
  return Math.min(...calm) + catchUpMs;
}

describe("faults of machines with journals", () => {
  test.prop([durableScenario, fc.maxSafeNat()])("make valid plans", (scenario, seed) => {
    expect(checkScenario(scenario, known)).toEqual([]);
    const plan = draw(scenario, seed);
    expect(planSchema.parse(plan)).toEqual(plan);
    expect(checkPlan(plan, known)).toEqual([]);
    expect(plan.cluster.durability).toBe("journal");
  });

  test.prop([durableScenario, fc.maxSafeNat()])(
    "make no more machines forget at once than the budget says",
    (scenario, seed) => {
      const plan = draw(scenario, seed);
      const impaired = plan.faults.flatMap((fault) =>
        forgottenBy(plan, fault).map((machine) => ({
          machine,
          startMs: fault.startMs,
          untilMs: caughtUpAtMs(plan, fault.endMs, scenario.budget.catchUpMs),
        })),
      );
      for (const { startMs } of impaired) {
        const current = impaired.filter((other) => other.startMs <= startMs && other.untilMs >= startMs);
        expect(new Set(current.map(({ machine }) => machine)).size).toBeLessThanOrEqual(
          scenario.budget.forgetting,
        );
      }
    },
  );

  test.prop([durableScenario, fc.maxSafeNat()])("stop no machine that is down", (scenario, seed) => {
    const plan = draw(scenario, seed);
    for (const [index, fault] of plan.faults.entries()) {
      for (const later of plan.faults.slice(index + 1)) {
        if (later.startMs > fault.endMs) continue;
        const both = stoppedBy(plan, fault).filter((machine) => stoppedBy(plan, later).includes(machine));
        expect(both).toEqual([]);
      }
    }
  });

  test.prop([durableScenario, fc.maxSafeNat()])(
    "count as forgetting only what loses a disk",
    (scenario, seed) => {
      const plan = draw(scenario, seed);
      for (const fault of plan.faults) {
        const losesDisk =
          fault.kind === "bit-rot" ||
          (maySpareDisk.has(fault.kind) && !("keepsDisk" in fault && fault.keepsDisk === true));
        expect(forgottenBy(plan, fault).length > 0).toBe(losesDisk);
      }
    },
  );
});
