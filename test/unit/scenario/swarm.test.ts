import { expect, test } from "vitest";
import { drawPlan } from "../../../sim/run/draw/draw-plan.ts";
import type { Plan } from "../../../sim/run/plan.ts";
import { scenarioSchema } from "../../../sim/run/scenario/scenario.ts";

const kinds = ["partition", "crash", "loss", "duplicate"];
const hooks = {
  detours: { "skip-repair": "", "send-twice": "", "short-pages": "" },
  probes: {},
  crashpoints: { "before-store": "", "before-confirm": "" },
};

function plans(scenario: object, count: number): Plan[] {
  const parsed = scenarioSchema.parse({ name: "s", story: "s", ...scenario });
  return Array.from({ length: count }, (_, seed) =>
    drawPlan(parsed, { seed, system: "cache", policy: "abd", invariants: [], hooks }),
  );
}

const faults = kinds.map((kind) => ({
  kind,
  count: "2",
  ...(kind === "loss" && { share: "5%..20%" }),
  ...(kind === "duplicate" && { share: "5%..20%" }),
}));

test("each seed leaves out some kinds, each kind is left out by some seed, and none leaves out all", () => {
  const drawn = plans({ faults, budget: { catchUp: "0ms" } }, 300);
  for (const { swarm, faults: drawnFaults } of drawn) {
    expect(Object.keys(swarm ?? {})).toEqual(kinds);
    expect(Object.values(swarm ?? {}).some((share) => share > 0)).toBe(true);
    for (const { kind } of drawnFaults) expect(swarm?.[kind]).toBeGreaterThan(0);
  }
  for (const kind of kinds) {
    const off = drawn.filter(({ swarm }) => swarm?.[kind] === 0).length;
    expect(off).toBeGreaterThan(60);
    expect(off).toBeLessThan(180);
  }
});

test("a weakened kind keeps to the lower part of its ranges", () => {
  for (const { swarm, faults: drawnFaults } of plans({ faults }, 300)) {
    const share = swarm?.["loss"] ?? 0;
    for (const fault of drawnFaults) {
      if (fault.kind === "loss") expect(fault.share).toBeLessThanOrEqual(0.05 + 0.15 * share + 0.001);
    }
  }
});

test("a kind that is on is drawn as it would be without the others", () => {
  const alone = plans({ faults: faults.slice(2, 3), swarm: false }, 100);
  const among = plans({ faults }, 100);
  let compared = 0;
  for (const [seed, plan] of among.entries()) {
    if (plan.swarm?.["loss"] !== 1) continue;
    expect(plan.faults.filter(({ kind }) => kind === "loss")).toEqual(alone[seed]?.faults);
    compared++;
  }
  expect(compared).toBeGreaterThan(20);
});

test("a swarm of one kind always has it, and `swarm: false` takes all at full strength", () => {
  for (const { swarm } of plans({ faults: faults.slice(0, 1) }, 50))
    expect(swarm?.["partition"]).toBeGreaterThan(0);
  for (const plan of plans({ faults, swarm: false }, 20)) {
    expect(plan.swarm).toBeUndefined();
    expect(new Set(plan.faults.map(({ kind }) => kind)).size).toBe(4);
  }
});

test("detours are switched on by seed, each with a probability of its own", () => {
  const drawn = plans({}, 400).map(({ detours }) => detours ?? {});
  const on = drawn.filter((detours) => "skip-repair" in detours);
  expect(on.length).toBeGreaterThan(70);
  expect(on.length).toBeLessThan(130);
  for (const detours of drawn) {
    for (const share of Object.values(detours)) {
      expect(share).toBeGreaterThanOrEqual(0.01);
      expect(share).toBeLessThanOrEqual(0.25);
    }
  }
  expect(plans({ detours: { share: "0%" } }, 20).every((plan) => plan.detours === undefined)).toBe(true);
});

test("a crash point is one that the system has", () => {
  const points = plans({ faults: [{ kind: "crash-point" }] }, 100).flatMap((plan) =>
    plan.faults.flatMap((fault) => (fault.kind === "crash-point" ? [fault.point] : [])),
  );
  expect(new Set(points)).toEqual(new Set(["before-store", "before-confirm"]));
});
