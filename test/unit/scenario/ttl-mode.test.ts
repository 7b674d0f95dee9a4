import { describe, expect, test } from "vitest";
import { clockDriftPpmMax, clocksBeyondSkew } from "../../../sim/run/clock-band.ts";
import { drawPlan } from "../../../sim/run/draw/draw-plan.ts";
import { checkPlan } from "../../../sim/run/load/load-plan-check.ts";
import { loadPlan } from "../../../sim/run/load/load-plan.ts";
import { renderProblem } from "../../../sim/run/load/load-problem.ts";
import { loadScenario } from "../../../sim/run/load/load-scenario.ts";
import type { Plan } from "../../../sim/run/plan.ts";
import { scenarioSchema } from "../../../sim/run/scenario/scenario.ts";
import { cachePlan } from "../../support/cache-plan.ts";
import { known } from "./known-names.ts";

const RELATIVE = { ttlMode: "relative" };

function plans(fields: object): Plan[] {
  const scenario = scenarioSchema.parse({ name: "x", story: "y", swarm: false, ...fields });
  return Array.from({ length: 60 }, (_, seed) => {
    const plan = drawPlan(scenario, { seed, system: "cache", policy: "abd", invariants: ["linearizable"] });
    expect(checkPlan(plan, known)).toEqual([]);
    return plan;
  });
}

function problemsOf(text: string): string[] {
  const loaded = loadScenario(`name: x\nstory: y\n${text}`, "s.yaml", known);
  return loaded.ok ? [] : loaded.problems.map(renderProblem);
}

function problemsOfPlan(changes: Partial<Plan>): string[] {
  const loaded = loadPlan(
    JSON.stringify(cachePlan({ invariants: ["linearizable"], ...changes })),
    "p.json",
    known,
  );
  return loaded.ok ? [] : loaded.problems.map(renderProblem);
}

describe("where values expire by monotonic clocks", () => {
  test("each machine was started at a time of its own, and nothing else of a plan is another", () => {
    const usual = plans({ budget: { clockSkew: "1h" }, faults: [{ kind: "clock-jump" }] });
    const relative = plans({
      cluster: RELATIVE,
      budget: { clockSkew: "1h" },
      faults: [{ kind: "clock-jump" }],
    });
    for (const [index, { cluster, ...plan }] of relative.entries()) {
      const { ttlMode, uptimesMs = {}, ...rest } = cluster;
      expect(ttlMode).toBe("relative");
      expect(new Set(Object.values(uptimesMs)).size).toBe(3);
      expect({ ...plan, cluster: rest }).toEqual(usual[index]);
    }
  });

  test("no clock drifts more than is promised, several faults on one machine included", () => {
    const fields = {
      cluster: RELATIVE,
      budget: { clockSkew: "1h", clockDrift: 700 },
      faults: [{ kind: "clock-drift", count: "2..5", ppm: "100..600", lasts: "4s..9s" }],
    };
    const all = plans(fields);
    const most = all.map(({ faults }) => clockDriftPpmMax(faults));
    expect(Math.max(...most)).toBeLessThanOrEqual(700);
    expect(Math.max(...most)).toBeGreaterThan(600);
    expect(all.every((plan) => plan.clockDriftPpm === 700 && clocksBeyondSkew(plan) === null)).toBe(true);
    // Where wall clocks count only the band does.
    const absolute = plans({ ...fields, cluster: {} });
    expect(Math.max(...absolute.map(({ faults }) => clockDriftPpmMax(faults)))).toBeGreaterThan(700);
    expect(absolute.some((plan) => "clockDriftPpm" in plan)).toBe(false);
  });

  test("a plan is beyond its word when a rate is, and never by a wall", () => {
    const window = { startMs: 0, endMs: 1000 };
    const drift = { kind: "clock-drift" as const, machine: "n1", ppm: -30, ...window };
    const jump = { kind: "clock-jump" as const, machine: "n1", jumpMs: 1e9, isCorrected: true, ...window };
    const cluster = { ...cachePlan().cluster, ttlMode: "relative" as const };
    expect(clocksBeyondSkew(cachePlan({ cluster, faults: [jump, drift], clockDriftPpm: 30 }))).toBeNull();
    expect(clocksBeyondSkew(cachePlan({ cluster, faults: [drift], clockDriftPpm: 29 }))).toBe(
      "clocks drift more than the plan says (by 30 ppm, clockDriftPpm 29)",
    );
  });

  test("what cannot be is refused, where it is written", () => {
    expect(problemsOf("cluster: { ttlMode: relative, durability: journal }\n")).toEqual([
      "s.yaml:3:21 cluster.ttlMode: relative times to live cannot be kept in a journal: nobody knows how long the " +
        "power was off. Take absolute ones, or cluster.durability memory",
    ]);
    expect(
      problemsOf(
        "cluster: { ttlMode: relative }\nbudget: { clockSkew: 1s }\nfaults:\n  - { kind: clock-drift }\n",
      ),
    ).toEqual([
      "s.yaml:6:13 faults[0].kind: clock-drift makes monotonic clocks wrong, by which values expire here " +
        "(cluster.ttlMode: relative), but budget.clockDrift is 0: say there by how many millionths, or leave the " +
        "fault out",
    ]);
    const { cluster } = cachePlan();
    expect(problemsOfPlan({ cluster: { ...cluster, uptimesMs: { n9: 1 } } })[0]).toMatch(
      /^p\.json:1:\d+ cluster\.uptimesMs\.n9: expected one of the machines/,
    );
    expect(problemsOfPlan({ cluster: { ...cluster, ttlMode: "relative", uptimesMs: { n1: 1 } } })).toEqual(
      [],
    );
  });
});
