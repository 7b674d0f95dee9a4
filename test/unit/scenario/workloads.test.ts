import { describe, expect, test } from "vitest";
import { createDraw } from "../../../sim/kernel/draw.ts";
import { createKeyPicker } from "../../../sim/run/draw/draw-plan-keys.ts";
import { loadScenario } from "../../../sim/run/load/load-scenario.ts";
import { run } from "../../../sim/run/run.ts";
import type { Popularity } from "../../../sim/run/scenario/scenario-popularity.ts";
import { invariants } from "../../../sim/check/index.ts";
import { namesOf, planOf } from "../../../sim/search/harness.ts";
import { cacheSystem } from "../../../sim/systems/cache.ts";

const harness = { systems: [cacheSystem], invariants };
const names = namesOf(harness);

function loaded(workload: string) {
  const text = `name: some\nstory: What clients do.\nworkload: ${workload}\n`;
  return loadScenario(text, "some.yaml", names);
}

function scenarioWith(workload: string) {
  const result = loaded(workload);
  if (!result.ok) throw new Error(JSON.stringify(result.problems));
  return result.value;
}

function messageOf(workload: string): string {
  const result = loaded(workload);
  return result.ok ? "" : result.problems.map(({ message }) => message).join("\n");
}

/** How often each of the keys is drawn. */
function frequencies(popularity: Popularity | undefined, count: number, draws: number): number[] {
  const pick = createKeyPicker(popularity, count);
  const draw = createDraw(7);
  const hits = Array.from({ length: count }, () => 0);
  for (let i = 0; i < draws; i++) hits[pick(draw.at(i))] = (hits[pick(draw.at(i))] ?? 0) + 1;
  return hits.map((hit) => hit / draws);
}

describe("the popularity of keys", () => {
  const DRAWS = 40_000;
  /** Five standard deviations of a share that is near p. */
  const within = (p: number): number => 5 * Math.sqrt((p * (1 - p)) / DRAWS) + 1e-12;

  test.each([0, 0.3, 0.99, 1, 1.5, 2.7, 10])("by Zipf's law is that of the law, exponent %d", (exponent) => {
    const weights = Array.from({ length: 50 }, (_, i) => (i + 1) ** -exponent);
    const sum = weights.reduce((a, b) => a + b);
    const found = frequencies({ kind: "zipf", exponent }, 50, DRAWS);
    for (const [i, weight] of weights.entries()) {
      const share = weight / sum;
      expect(Math.abs((found[i] ?? 0) - share)).toBeLessThanOrEqual(within(share));
    }
  });

  test("gives the hot keys their share, and the others the rest in equal parts", () => {
    const found = frequencies({ kind: "hot", keys: 2, share: 0.8 }, 10, DRAWS);
    for (const [i, share] of found.entries()) {
      const wanted = i < 2 ? 0.4 : 0.025;
      expect(Math.abs(share - wanted)).toBeLessThanOrEqual(within(wanted));
    }
    // All are hot: then the share says nothing.
    const all = frequencies({ kind: "hot", keys: 5, share: 0.1 }, 3, 3000);
    for (const share of all) expect(share).toBeGreaterThan(0.25);
  });

  test("changes nothing but the keys", () => {
    const plan = (workload: string) =>
      planOf(harness, { scenario: scenarioWith(workload), policy: "abd" }, 3);
    const keyless = (workload: string) =>
      plan(workload).operations.map((operation) => ({ ...operation, key: "any" }));
    expect(keyless("{ keys: 5, popularity: { kind: zipf, exponent: 1 } }")).toEqual(keyless("{ keys: 5 }"));
    expect(plan("{ keys: 5, popularity: { kind: uniform } }")).toEqual(plan("{ keys: 5 }"));
  });

  test.each([
    ["{ popularity: { kind: zipff, exponent: 1 } }", "zipf"],
    ["{ popularity: { kind: zipf, exponent: -1 } }", "at least 0"],
    ["{ popularity: { kind: hot, share: 120% } }", "probability"],
    ["{ popularity: zipf }", "expected"],
  ])("that is wrong is said: %s", (workload, part) => {
    expect(messageOf(workload)).toContain(part);
  });
});

describe("a workload like one that was seen", () => {
  test("has its mix and its popularity, unless they are given", () => {
    const { workload } = scenarioWith("{ like: twitter/cluster4 }");
    expect(workload.mix).toMatchObject({ get: 93, set: 7, delete: 0, touch: 0 });
    expect(workload.popularity).toEqual({ kind: "zipf", exponent: 1.1004 });
    const other = scenarioWith("{ like: twitter/cluster4, mix: { set: 1 }, popularity: { kind: uniform } }");
    expect(other.workload.mix).toMatchObject({ get: 0, set: 1 });
    expect(other.workload.popularity).toEqual({ kind: "uniform" });
  });

  test("must be known", () => {
    expect(messageOf("{ like: twitter/cluster5 }")).toContain("expected a cluster from twitter/cluster1");
    expect(messageOf("{ like: twiter/cluster52 }")).toContain('did you mean "twitter/cluster52"?');
    expect(messageOf("{ like: __proto__ }")).toContain("expected a cluster");
    expect(messageOf("{ like: twitter/constructor }")).toContain("expected a cluster");
  });
});

describe("clients that think", () => {
  const workload = "{ clients: 3, operations: 20, think: 5ms..10ms }";

  test("act so long after their answers, one operation at a time", async () => {
    const scenario = scenarioWith(workload);
    const outcome = await run(planOf(harness, { scenario, policy: "abd" }, 1), {
      system: cacheSystem,
      invariants,
    });
    expect(outcome.violations).toEqual([]);
    for (const client of ["c1", "c2", "c3"]) {
      const own = outcome.record.history.filter((operation) => operation.client === client);
      expect(own).toHaveLength(20);
      for (const [i, { callUs }] of own.entries()) {
        const thought = callUs - (own[i - 1]?.returnUs ?? 0);
        expect(thought).toBeGreaterThanOrEqual(5000);
        expect(thought).toBeLessThanOrEqual(10_000);
      }
    }
  });

  test("have no rounds, and have to be done in time", () => {
    expect(messageOf("{ think: 5ms, gap: 10ms }")).toContain("take gap out, or think");
    expect(messageOf("{ operations: 1000, think: 1s }")).toContain("let the clients think less");
  });
});
