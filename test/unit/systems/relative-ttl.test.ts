import { beforeAll, describe, expect, test } from "vitest";
import { recordedRun } from "../../../sim/check/formats/recorded-run.ts";
import { invariants } from "../../../sim/check/index.ts";
import { drawPlan } from "../../../sim/run/draw/draw-plan.ts";
import type { Plan } from "../../../sim/run/plan.ts";
import type { Outcome } from "../../../sim/run/outcome.ts";
import { run } from "../../../sim/run/run.ts";
import { reasonOf } from "../../../sim/search/findings.ts";
import { cacheSystem } from "../../../sim/systems/cache.ts";
import type { Fault } from "../../../sim/world/faults/index.ts";
import { systems } from "../../../sim/systems/index.ts";
import { cachePlan, endings, replayCache } from "../../support/cache-plan.ts";
import { loadedScenario } from "../../support/scenario-files.ts";

const HOUR_MS = 3_600_000;
const RELATIVE: Plan["cluster"] = {
  ...cachePlan().cluster,
  ttlMode: "relative",
  uptimesMs: { n1: 0, n2: 700 * HOUR_MS, n3: 12.345 },
};

/** n1 sets a value at 10 ms that lives for 500 ms; n2 reads it, 10 ms each, so that reads end at the given times. */
function reads(endsMs: readonly number[], faults: readonly Fault[], changes: Partial<Plan> = {}): Plan {
  return cachePlan({
    cluster: RELATIVE,
    operations: [
      { id: "set", client: "c1", atMs: 10, kind: "set", key: "k", value: "a", ttlMs: 500 },
      ...endsMs.map((ms) => ({ id: `${ms}`, client: "c2", atMs: ms - 10, kind: "get" as const, key: "k" })),
    ],
    faults: [...faults],
    ...changes,
  });
}

function offset(machine: string, offsetMs: number): Fault {
  return { kind: "clock-offset", startMs: 0, endMs: 3000, machine, offsetMs };
}

function drift(machine: string, ppm: number): Fault {
  return { kind: "clock-drift", startMs: 0, endMs: 3000, machine, ppm };
}

const walls = [offset("n1", 90 * HOUR_MS), offset("n2", -30 * HOUR_MS)];

describe("abd, where values expire by monotonic clocks", () => {
  test.each([
    { name: "right", faults: [] },
    { name: "days apart", faults: walls },
  ])(
    "serves a value for its time, less what messages took, when wall clocks are $name",
    async ({ faults }) => {
      // From n1 to n2, and when n2 reads from n3 there and back: 5 ms each.
      const { outcome } = await replayCache(reads([480, 490, 510, 520], faults));
      expect(endings(outcome)).toEqual({ set: "ok", 480: "a", 490: "a", 510: "miss", 520: "miss" });
      expect(outcome.violations).toEqual([]);
      expect(outcome.record.expiryAllowanceUs).toBeGreaterThan(15_000);
      expect(outcome.record.expiryAllowanceUs).toBeLessThan(45_000);
    },
  );

  test("serves nothing too late where the writer's clock is slow and the reader's too", async () => {
    const ppm = 50_000;
    const faults = [drift("n1", -ppm), drift("n2", -ppm), drift("n3", ppm)];
    const plan = reads([400, 450, 509, 511, 520, 540], faults, { clockDriftPpm: ppm, clockSkewMs: 400 });
    const { outcome } = await replayCache(plan);
    const { 511: after, 520: later, 540: last } = endings(outcome);
    expect([after, later, last]).toEqual(["miss", "miss", "miss"]);
    expect(outcome.violations).toEqual([]);
  });

  test("owes nothing where a clock drifts more than was promised", async () => {
    const plan = reads([560], [drift("n1", -200_000), drift("n2", -200_000), drift("n3", -200_000)], {
      clockSkewMs: 1000,
    });
    const { outcome } = await replayCache(plan);
    expect(endings(outcome)["560"]).toBe("a");
    const reason = reasonOf({ systems, invariants }, plan, false);
    expect(outcome.violations.map((violation) => [violation.invariant, reason(violation)])).toEqual([
      ["no-expired-hit", "clocks drift more than the plan says (by 200000 ppm, clockDriftPpm 0)"],
    ]);
  });
});

describe("seeds of clock-jump-relative", () => {
  const scenario = loadedScenario("clock-jump-relative");
  const plans = Array.from({ length: 4 }, (_, seed) =>
    drawPlan(scenario, {
      seed,
      system: "cache",
      hooks: cacheSystem.hooks,
      policy: "abd",
      invariants: invariants.map(({ name }) => name),
    }),
  );

  function onWalls({ kind }: Fault): boolean {
    return kind === "clock-offset" || kind === "clock-jump";
  }

  function underAbsolute(plan: Plan, clockSkewMs: number): Plan {
    return { ...plan, cluster: { ...plan.cluster, ttlMode: "absolute" }, clockSkewMs };
  }

  async function runAll(change: (plan: Plan) => Plan): Promise<readonly Outcome[]> {
    const outcomes: Outcome[] = [];
    for (const plan of plans) outcomes.push(await run(change(plan), { system: cacheSystem, invariants }));
    return outcomes;
  }

  let wrong: readonly Outcome[] = [];
  beforeAll(async () => {
    wrong = await runAll((plan) => plan);
  });

  function hitCount(outcomes: readonly Outcome[]): number {
    return outcomes.flatMap(({ record }) =>
      record.history.filter(({ kind, result, value }) => kind === "get" && result === "ok" && value !== null),
    ).length;
  }

  function broken(outcomes: readonly Outcome[]): ReadonlySet<string> {
    return new Set(outcomes.flatMap(({ violations }) => violations.map(({ invariant }) => invariant)));
  }

  test("wrong walls change nothing that a client can see, and nothing that is allowed", async () => {
    expect(plans.flatMap(({ faults }) => faults).filter(onWalls).length).toBeGreaterThan(4);
    const right = await runAll((plan) => ({
      ...plan,
      faults: plan.faults.filter((fault) => !onWalls(fault)),
    }));
    expect(broken(wrong)).toEqual(new Set());
    for (const [index, { record }] of wrong.entries()) {
      expect(record.history).toEqual(right[index]?.record.history);
      expect(record.expiryAllowanceUs).toBe(right[index]?.record.expiryAllowanceUs);
    }
  });

  test("a history for other checkers says how early values may end, as an error of clocks", () => {
    for (const { record } of wrong) {
      expect(recordedRun(record).clockSkewMs).toBe((record.expiryAllowanceUs ?? Number.NaN) / 2000);
    }
  });

  test("a policy that knows wall clocks only is judged by them", async () => {
    const [plan] = plans as [Plan];
    const { record } = await run({ ...plan, policy: "seed" }, { system: cacheSystem, invariants: [] });
    expect(record).not.toHaveProperty("expiryAllowanceUs");
  });

  test("by wall clocks values are served too long, or hardly ever", async () => {
    // Told nothing of how wrong clocks are, and so breaking its word.
    const trusting = await runAll((plan) => underAbsolute(plan, 0));
    expect(broken(trusting)).toContain("no-expired-hit");
    // Told, it keeps it: what lives for two seconds is over before it was written.
    const careful = await runAll((plan) => underAbsolute(plan, plan.clockSkewMs ?? 0));
    expect(broken(careful)).toEqual(new Set());
    expect(hitCount(careful)).toBeLessThan(hitCount(wrong) / 2);
  });
});
