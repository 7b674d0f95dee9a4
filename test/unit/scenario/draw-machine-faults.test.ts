import { describe, expect, test } from "vitest";
import { clockBandMs } from "../../../sim/run/clock-band.ts";
import { drawPlan } from "../../../sim/run/draw/draw-plan.ts";
import { checkPlan } from "../../../sim/run/load/load-plan-check.ts";
import type { Plan } from "../../../sim/run/plan.ts";
import { type Scenario, scenarioSchema } from "../../../sim/run/scenario/scenario.ts";
import type { Fault } from "../../../sim/world/faults/index.ts";
import { known } from "./known-names.ts";

const SEEDS = 100;

function scenario(fields: object): Scenario {
  return scenarioSchema.parse({ name: "x", story: "y", swarm: false, ...fields });
}

function plans(fields: object): Plan[] {
  const of = scenario(fields);
  return Array.from({ length: SEEDS }, (_, seed) => {
    const plan = drawPlan(of, { seed, system: "cache", policy: "abd", invariants: ["linearizable"] });
    expect(checkPlan(plan, known)).toEqual([]);
    return plan;
  });
}

function faultsOf<Kind extends Fault["kind"]>(all: readonly Plan[], kind: Kind) {
  return all.flatMap(({ faults }) => faults.filter((fault) => fault.kind === kind)) as Extract<
    Fault,
    { kind: Kind }
  >[];
}

describe("machines", () => {
  test("die after any number of events, each as likely", () => {
    const faults = [{ kind: "crash-at", count: 1, afterEvents: "1..4" }];
    const counts = [0, 0, 0, 0];
    for (const { afterEvents } of faultsOf(plans({ faults }), "crash-at")) {
      counts[afterEvents - 1] = (counts[afterEvents - 1] ?? 0) + 1;
    }
    expect(counts).toHaveLength(4);
    // 100 trials at a quarter have a standard deviation of 4.3.
    for (const count of counts) expect(Math.abs(count - 25)).toBeLessThan(18);
  });

  test("take their time for each event, and are down and up in a loop, within what the scenario says", () => {
    const faults = [
      { kind: "slow-cpu", count: 1, cost: "5ms..9ms" },
      { kind: "crash-loop", count: 1, up: "30ms..40ms", down: "1s", lasts: "3s" },
    ];
    const all = plans({ faults });
    const costs = faultsOf(all, "slow-cpu").map(({ costMs }) => costMs);
    expect(costs).toHaveLength(SEEDS);
    expect(costs.every((ms) => ms >= 5 && ms < 9)).toBe(true);
    for (const { upMs, downMs } of faultsOf(all, "crash-loop")) {
      expect(upMs).toBeGreaterThanOrEqual(30);
      expect(upMs).toBeLessThan(40);
      expect(downMs).toBe(1000);
    }
  });

  test("restart in turn, in any order, each with the time to catch up before the next", () => {
    const all = plans({ faults: [{ kind: "rolling-restart", count: 1 }], budget: { catchUp: "1500ms" } });
    const restarts = faultsOf(all, "rolling-restart");
    expect(restarts).toHaveLength(SEEDS);
    expect(new Set(restarts.map(({ machines }) => machines.join())).size).toBe(6);
    for (const { machines, startMs, endMs, downMs } of restarts) {
      expect(machines.toSorted()).toEqual(["n1", "n2", "n3"]);
      expect((endMs - startMs) / 3 - downMs).toBeGreaterThanOrEqual(1500);
    }
  });

  test("do not restart in turn while another one is down, nor is another down while they do", () => {
    const all = plans({
      faults: [
        { kind: "rolling-restart", count: 1, lasts: "6s", down: "100ms", between: "2s..8500ms" },
        { kind: "crash", count: 4, lasts: "200ms" },
      ],
      budget: { catchUp: "1s" },
    });
    const crashes = faultsOf(all, "crash");
    expect(crashes.length).toBeGreaterThan(10);
    expect(faultsOf(all, "rolling-restart").length).toBeGreaterThan(10);
    for (const { faults } of all) {
      const rolling = faults.find((fault) => fault.kind === "rolling-restart");
      if (rolling === undefined) continue;
      const shareMs = (rolling.endMs - rolling.startMs) / 3;
      for (const crash of faults) {
        if (crash.kind !== "crash") continue;
        for (const [place, machine] of rolling.machines.entries()) {
          const startMs = rolling.startMs + place * shareMs;
          const isMet = crash.startMs <= startMs + 1100 && startMs <= crash.endMs + 1000;
          // The same machine may forget twice in a row, if it was up in between.
          if (isMet) expect(crash.machine).toBe(machine);
          if (isMet) expect(crash.endMs < startMs || crash.startMs > startMs + 100).toBe(true);
        }
      }
    }
  });
});

describe("clocks", () => {
  const wild = [
    { kind: "clock-offset", count: "0..2", by: "1ms..500ms" },
    { kind: "clock-jump", count: "0..3", by: "1ms..500ms", corrected: false },
    { kind: "clock-drift", count: "0..4", ppm: "100..100000", lasts: "1s..9s" },
  ];

  test("stay within the budget, by faults that are made smaller or left out", () => {
    const all = plans({ faults: wild, budget: { clockSkew: "100ms" } });
    const bands = all.map(({ faults }) => clockBandMs(faults));
    expect(Math.max(...bands)).toBeLessThanOrEqual(100);
    expect(Math.max(...bands)).toBeGreaterThan(90);
    expect(all.every(({ clockSkewMs }) => clockSkewMs === 100)).toBe(true);
    for (const { offsetMs } of faultsOf(all, "clock-offset"))
      expect(Math.abs(offsetMs)).toBeLessThanOrEqual(100);
    for (const { ppm, startMs, endMs } of faultsOf(all, "clock-drift")) {
      expect((Math.abs(ppm) * (endMs - startMs)) / 1_000_000).toBeLessThanOrEqual(100);
    }
    for (const kind of ["clock-offset", "clock-jump", "clock-drift"] as const) {
      expect(faultsOf(all, kind).length).toBeGreaterThan(20);
    }
  });

  test("are off from the start of the run to the end of the faults, unless a scenario says otherwise", () => {
    const all = plans({ faults: [{ kind: "clock-offset", count: 1 }], budget: { clockSkew: "1s" } });
    for (const { startMs, endMs, offsetMs } of faultsOf(all, "clock-offset")) {
      expect([startMs, endMs]).toEqual([0, 10_000]);
      expect(Math.abs(offsetMs)).toBeGreaterThanOrEqual(100);
      expect(Math.abs(offsetMs)).toBeLessThanOrEqual(1000);
    }
  });

  test.each([
    ["clock-offset", "ahead", "behind", "offsetMs"],
    ["clock-jump", "forward", "backward", "jumpMs"],
    ["clock-drift", "fast", "slow", "ppm"],
  ])("go wrong in the direction that is asked for: %s", (kind, plus, minus, field) => {
    const signs = (direction: string) => {
      const faults = [{ kind, count: 1, direction }];
      const all = plans({ faults, budget: { clockSkew: "1s" } });
      return new Set(all.map(({ faults: [fault] }) => Math.sign((fault as never)[field])));
    };
    expect(signs(plus)).toEqual(new Set([1]));
    expect(signs(minus)).toEqual(new Set([-1]));
    expect(signs("either")).toEqual(new Set([1, -1]));
  });

  test("are not mentioned in plans of scenarios that say nothing of them", () => {
    expect(plans({ faults: [{ kind: "pause" }] }).some((plan) => "clockSkewMs" in plan)).toBe(false);
  });
});
