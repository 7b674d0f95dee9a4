import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { format } from "prettier";
import { describe, expect, test } from "vitest";
import { drawPlan } from "../../../sim/run/draw/draw-plan.ts";
import { checkPlan } from "../../../sim/run/load/load-plan-check.ts";
import { loadScenario } from "../../../sim/run/load/load-scenario.ts";
import { renderProblem } from "../../../sim/run/load/load-problem.ts";
import { planSchema } from "../../../sim/run/plan.ts";
import { scenarioJsonSchema } from "../../../sim/run/scenario/scenario-schema.ts";
import type { Scenario } from "../../../sim/run/scenario/scenario.ts";
import { faultKinds } from "../../../sim/world/faults/index.ts";
import { known } from "./known-names.ts";

const FOLDER = join(import.meta.dirname, "../../../scenarios");
const SEEDS = 100;

const files = readdirSync(FOLDER).filter((name) => name.endsWith(".yaml"));

test("the main stories are there", () => {
  expect(files).toEqual(
    expect.arrayContaining([
      "background-process-killed.yaml",
      "calm.yaml",
      "clock-jump-back.yaml",
      "clock-jump-forward.yaml",
      "cold-start-stampede.yaml",
      "crash-loop.yaml",
      "crash-restart.yaml",
      "drifting-clocks.yaml",
      "everything.yaml",
      "gray-replica.yaml",
      "isolated-writer.yaml",
      "lossy-network.yaml",
      "partition-heal.yaml",
      "pause-primary.yaml",
      "rolling-restart.yaml",
      "slow-replica.yaml",
      "ttl-expiry.yaml",
    ]),
  );
});

test("everything has every kind of fault, and in one seed or another each of them happens", () => {
  const loaded = loadScenario(
    readFileSync(join(FOLDER, "everything.yaml"), "utf8"),
    "everything.yaml",
    known,
  );
  if (!loaded.ok) throw new Error(loaded.problems.map(renderProblem).join("\n"));
  const all = faultKinds.map(({ kind }) => kind).toSorted();
  expect([...new Set(loaded.value.faults.map(({ kind }) => kind))].toSorted()).toEqual(all);
  const plans = Array.from({ length: SEEDS }, (_, seed) =>
    drawPlan(loaded.value, { seed, system: "cache", policy: "abd", invariants: ["linearizable"] }),
  );
  const seen = new Set(plans.flatMap(({ faults }) => faults.map(({ kind }) => kind)));
  expect([...seen].toSorted()).toEqual(all);
});

describe.each(files)("%s", (file) => {
  const text = readFileSync(join(FOLDER, file), "utf8");
  const loaded = loadScenario(text, file, known);
  if (!loaded.ok) throw new Error(loaded.problems.map(renderProblem).join("\n"));
  const scenario = loaded.value;

  test("is named as its file, tells its story, and knows its schema", () => {
    expect(`${scenario.name}.yaml`).toBe(file);
    expect(text.split("\n")[0]).toBe("# yaml-language-server: $schema=./scenario.schema.json");
    expect(text).toMatch(/# What a cache gets wrong: /);
    expect(text).toMatch(/# What to look at: /);
  });

  test(`gives ${SEEDS} valid plans, each with the faults that it promises`, () => {
    const leftOut = new Map<string, number>();
    for (let seed = 1; seed <= SEEDS; seed++) {
      const plan = drawPlan(scenario, { seed, system: "cache", policy: "abd", invariants: ["linearizable"] });
      expect(planSchema.parse(plan)).toEqual(plan);
      expect(checkPlan(plan, known)).toEqual([]);
      const kinds = new Set(plan.faults.map(({ kind }) => kind));
      for (const { kind } of scenario.faults) {
        if (plan.swarm?.[kind] === 0) expect(kinds).not.toContain(kind);
        else if (!kinds.has(kind as never) && isCertain(scenario, kind))
          leftOut.set(kind, (leftOut.get(kind) ?? 0) + 1);
      }
    }
    // Of several kinds that destroy memory the budget may have no room for one, but not often.
    const forgetting = scenario.faults.filter(({ kind }) => hasMemoryLoss(kind)).length;
    for (const [kind, count] of leftOut) {
      expect({ kind, isShared: hasMemoryLoss(kind) && forgetting > 1 }).toEqual({ kind, isShared: true });
      expect(count).toBeLessThan(SEEDS / 4);
    }
  });

  test("is small enough to run thousands of times", () => {
    const plan = drawPlan(scenario, { seed: 1, system: "cache", policy: "abd", invariants: [] });
    expect(plan.operations.length).toBeGreaterThan(60);
    expect(plan.operations.length).toBeLessThan(150);
    expect(plan.phases.endMs).toBeLessThanOrEqual(30_000);
  });
});

function isCertain({ faults }: Scenario, kind: string): boolean {
  return faults.some((spec) => spec.kind === kind && spec.count.min > 0);
}

function hasMemoryLoss(kind: string): boolean {
  return [
    "crash",
    "crash-at",
    "crash-loop",
    "crash-point",
    "rolling-restart",
    "power-loss",
    "torn-write",
    "bit-rot",
  ].includes(kind);
}

test("editors are given the schema as it is (`vitest -u` writes it anew)", async () => {
  const schema = await format(JSON.stringify(scenarioJsonSchema()), { parser: "json", printWidth: 110 });
  await expect(schema).toMatchFileSnapshot(join(FOLDER, "scenario.schema.json"));
});
