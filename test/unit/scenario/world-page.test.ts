import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { describe, expect, test } from "vitest";
import { knownNames } from "../../../sim/cli/known.ts";
import { drawPlan } from "../../../sim/run/draw/draw-plan.ts";
import { checkPlan } from "../../../sim/run/load/load-plan-check.ts";
import { renderProblem } from "../../../sim/run/load/load-problem.ts";
import { loadScenario } from "../../../sim/run/load/load-scenario.ts";
import type { Scenario } from "../../../sim/run/scenario/scenario.ts";
import { faultKinds } from "../../../sim/world/faults/index.ts";

const page = readFileSync(fileURLToPath(new URL("../../../docs/world.md", import.meta.url)), "utf8");
const blocks = [...page.matchAll(/^```yaml\n([\s\S]*?)^```$/gm)].map((match) => match[1] as string);

function load(block: string): Scenario {
  const loaded = loadScenario(`name: shown\nstory: As on the page.\n${block}`, "world.md", knownNames);
  if (!loaded.ok) throw new Error(loaded.problems.map(renderProblem).join("\n"));
  return loaded.value;
}

describe("the page about the world", () => {
  test.each([...blocks.entries()])("shows scenarios that load and draw valid plans (%i)", (_, block) => {
    for (let seed = 0; seed < 5; seed++) {
      const choice = { seed, system: "cache", policy: "abd", invariants: ["linearizable"] };
      expect(checkPlan(drawPlan(load(block), choice), knownNames)).toEqual([]);
    }
  });

  test("shows every kind of fault, every shape of a partition and every model of latency", () => {
    const scenarios = blocks.map(load);
    const kinds = scenarios.flatMap(({ faults }) => faults.map(({ kind }) => kind));
    expect([...new Set(kinds)].toSorted()).toEqual(faultKinds.map(({ kind }) => kind).toSorted());
    for (const shape of ["halves", "isolate-one", "random-split", "majority-ring", "bridge", "one-way"]) {
      expect(page).toMatch(new RegExp(`shape: .*\\b${shape}\\b`));
    }
    for (const model of [
      "constant",
      "uniform",
      "exponential",
      "lognormal",
      "pareto",
      "mixture",
      "empirical",
    ]) {
      expect(page).toMatch(new RegExp(`kind: ${model}\\b`));
    }
  });
});
