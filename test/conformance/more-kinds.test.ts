import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { invariants } from "../../sim/check/index.ts";
import { drawPlan } from "../../sim/run/draw/draw-plan.ts";
import { readScenario } from "../../sim/run/load/load-file.ts";
import type { Outcome } from "../../sim/run/outcome.ts";
import { run } from "../../sim/run/run.ts";
import { createCacheSystem } from "../../sim/systems/cache.ts";
import { type Policy, policies, policyNamed } from "../../src/index.ts";

/** Compare-and-set, touch and loads: what policies do with them, and what the harness finds when they do it wrong. */

const FOLDER = join(import.meta.dirname, "../../scenarios");

async function outcomeOf(scenario: string, policy: Policy, seed: number): Promise<Outcome> {
  const loaded = readScenario(join(FOLDER, scenario), { policies: [], invariants: [] });
  if (!loaded.ok) throw new Error(`${scenario} does not load`);
  const names = invariants.map(({ name }) => name);
  const plan = drawPlan(loaded.value, { seed, system: "cache", policy: policy.name, invariants: names });
  return run(plan, { system: createCacheSystem([policy]), invariants });
}

/** Whether a policy breaks an invariant in one of the first seeds. */
async function breaks(invariant: string, policy: Policy, scenario: string): Promise<boolean> {
  for (let seed = 1; seed <= 10; seed++) {
    const { violations } = await outcomeOf(scenario, policy, seed);
    if (violations.some((each) => each.invariant === invariant && each.endedBy === undefined)) return true;
  }
  return false;
}

const named = (name: string): Policy => policyNamed(name) as Policy;

describe("in a run", () => {
  test("whoever orders the writes of a key compares and sets, and the others refuse", async () => {
    const results = new Map<string, Set<string | undefined>>();
    for (const policy of policies.filter(({ hasFixedOwners }) => hasFixedOwners)) {
      const { record } = await outcomeOf("compare-and-set.yaml", policy, 3);
      const swaps = record.history.filter(
        ({ kind, expected }) => kind === "compareAndSet" && expected !== null,
      );
      expect(swaps.length).toBeGreaterThan(20);
      results.set(policy.name, new Set(swaps.map(({ effect, error }) => effect ?? error ?? undefined)));
    }
    const done = results.get("async-primary");
    expect([...(done ?? [])]).toEqual(expect.arrayContaining(["wrote", "found"]));
    expect(done).not.toContain("not-supported");
    for (const name of ["abd", "quorum"]) expect(results.get(name)).toEqual(new Set(["not-supported"]));
  });

  test("loads are stored, shared, and found; touches touch, and find nothing", async () => {
    const { record, violations } = await outcomeOf("stampede-with-loader.yaml", named("abd"), 1);
    expect(violations).toEqual([]);
    const seen = new Set(record.history.map(({ kind, effect }) => `${kind} ${effect}`));
    for (const what of ["getOrLoad wrote", "getOrLoad found", "touch touched", "touch found"]) {
      expect(seen).toContain(what);
    }
    const called = new Set(record.loads.map(({ operation }) => operation));
    const shared = record.history.filter(({ kind, effect, id, found, value }) => {
      return kind === "getOrLoad" && effect === "found" && !called.has(id) && found !== value;
    });
    expect(shared.length).toBeGreaterThan(0);
    expect(record.loads.length).toBeGreaterThan(10);
  });
});

describe("planted", () => {
  test("compare, then set", async () => {
    const asyncPrimary = named("async-primary");
    const inTwoSteps: Policy = {
      ...asyncPrimary,
      create(kit) {
        const node = asyncPrimary.create(kit);
        return {
          ...node,
          async compareAndSet(operation, expected, value, ttlMs) {
            const found = await node.get(operation);
            const version = found?.version ?? null;
            if (version !== expected) return { isSet: false, version, value: found?.value ?? null };
            await node.set(operation, value, ttlMs);
            return { isSet: true, version: null, value: null };
          },
        };
      },
    };
    expect(await breaks("linearizable", inTwoSteps, "compare-and-set.yaml")).toBe(true);
  });

  test("touch by setting again what was read", async () => {
    const abd = named("abd");
    const setsAgain: Policy = {
      ...abd,
      create(kit) {
        const node = abd.create(kit);
        return {
          ...node,
          async touch(operation, ttlMs) {
            const found = await node.get(operation);
            if (found === null) return false;
            await node.set(operation, found.value, ttlMs);
            return true;
          },
        };
      },
    };
    expect(await breaks("linearizable", setsAgain, "stampede-with-loader.yaml")).toBe(true);
  });

  test("every caller meets a version of its own, so nobody shares a load", async () => {
    const abd = named("abd");
    let met = 0;
    const neverShares: Policy = {
      ...abd,
      create(kit) {
        const node = abd.create(kit);
        return {
          ...node,
          async get(operation) {
            const found = await node.get(operation);
            operation.seen = { counter: ++met, node: kit.self, incarnation: kit.incarnation };
            return found;
          },
        };
      },
    };
    expect(await breaks("single-flight", neverShares, "stampede-with-loader.yaml")).toBe(true);
  });
});
