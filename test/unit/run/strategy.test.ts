import { describe, expect, test } from "vitest";
import { drawPlan } from "../../../sim/run/draw/draw-plan.ts";
import { loadPlan } from "../../../sim/run/load/load-plan.ts";
import { run } from "../../../sim/run/run.ts";
import { parseStrategy } from "../../../sim/cli/parse/parse-strategy.ts";
import { strategyProblem } from "../../../sim/run/strategy.ts";
import { namesOf } from "../../../sim/search/harness.ts";
import { toySystem } from "../../support/toy-system.ts";
import { toyScenario } from "../search/toy-harness.ts";

const policy = toySystem.policies[0]?.name ?? "";
const planWith = (strategy: string, seed = 5) =>
  drawPlan({ ...toyScenario("one"), strategy }, { seed, policy, system: toySystem.name, invariants: [] });

describe("a strategy", () => {
  test("is in the plan, which is otherwise that of the seed", () => {
    const { strategy, ...rest } = planWith("pct:2");
    expect(strategy).toEqual({ kind: "pct", depth: 2 });
    expect(rest).toEqual(planWith("random"));
    expect("strategy" in planWith("random")).toBe(false);
  });

  test("of a portfolio depends on the seed, and has all kinds", () => {
    const drawn = Array.from({ length: 60 }, (_, seed) => planWith("portfolio", seed).strategy?.depth ?? 0);
    expect(new Set(drawn)).toEqual(new Set([0, 1, 2, 3, 4]));
    expect(planWith("portfolio", 9)).toEqual(planWith("portfolio", 9));
  });

  test("needs nothing but the plan to be run again", async () => {
    const plan = planWith("pct:3");
    const names = namesOf({ systems: [toySystem], invariants: [] });
    const loaded = loadPlan(JSON.stringify(plan), "a.plan.json", names);
    if (!loaded.ok) throw new Error(loaded.problems.map(({ message }) => message).join());
    const options = { system: toySystem, invariants: [] };
    const first = await run(plan, options);
    const again = await run(loaded.value, options);
    expect(again.digest).toBe(first.digest);
    expect((await run(planWith("random"), options)).digest).not.toBe(first.digest);
  });

  test("that there is not is told with what there is", () => {
    const expected = "random, pct, pct:1 to pct:100, or portfolio";
    expect(strategyProblem("pct:0")).toMatchObject({ expected });
    expect(strategyProblem("portfoloi")).toEqual({ expected, suggestion: "portfolio" });
    expect(() => parseStrategy("portfoloi")).toThrow(
      `expected ${expected}, got "portfoloi"; did you mean "portfolio"?`,
    );
    expect(["random", "pct", "pct:7", "portfolio"].map(strategyProblem)).toEqual([null, null, null, null]);
  });
});
