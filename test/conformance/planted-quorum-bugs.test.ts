import { describe, expect, test } from "vitest";
import { invariants } from "../../sim/check/index.ts";
import { drawPlan } from "../../sim/run/draw/draw-plan.ts";
import { loadScenario } from "../../sim/run/load/load-scenario.ts";
import { run } from "../../sim/run/run.ts";
import { createCacheSystem } from "../../sim/systems/cache.ts";
import { cachePlan, endings } from "../support/cache-plan.ts";
import { type CacheRecord, isLive, type Policy, type PolicyKit, policyNamed } from "../../src/index.ts";

/** Mistakes that caches of this kind are known for, each of which the harness must find. Only the policy's kit lies. */

const quorum = policyNamed("quorum") as Policy;

function planted(lie: (kit: PolicyKit) => Partial<PolicyKit>, changes: Partial<Policy> = {}): Policy {
  return { ...quorum, ...changes, create: (kit) => quorum.create({ ...kit, ...lie(kit) }) };
}

/** A copy kept for an owner that cannot be reached counts as if the owner had it. */
const countsHints = planted((kit) => ({
  gather: (operation, options) =>
    kit.gather(operation, {
      ...options,
      needed: options.request.type === "store" ? Math.max(1, options.needed - 1) : options.needed,
    }),
}));

/** Drops what it holds of a key before it looks at it. */
function dropping(isDropped: (record: CacheRecord, wallMs: number) => boolean): Policy {
  return planted(({ store, state, clock }) => {
    function drop(key: string): void {
      const held = state.deref().records.get(key);
      if (held === undefined || !isDropped(held, clock.now().wallMs)) return;
      state.swap((current) => ({ ...current, records: current.records.delete(key) }));
    }
    return {
      store: {
        ...store,
        get(key) {
          drop(key);
          return store.get(key);
        },
        apply(record) {
          drop(record.key);
          return store.apply(record);
        },
      },
    };
  });
}

const collectsEarly = dropping(
  ({ value, expireAtMs }, wallMs) => value === null && expireAtMs + 200 < wallMs,
);

const dropsExpired = dropping((record, wallMs) => record.value !== null && !isLive(record, wallMs));

const votesAtOnce = planted(({ catchUp }) => ({ catchUp: { ...catchUp, mayVote: () => true } }));

const neverRepairs = planted(() => ({ handOver: () => 0 }), {
  background: ["expiry", "health", "statistics"],
});

/** Short and rough: what a defect needs to show, and little else. */
const partitions = `
name: partitions
story: Partitions, and more keys than clients come back to.
workload: { clients: 4, operations: 12, keys: 12, mix: { get: 4, set: 4, delete: 2 } }
faults: [{ kind: partition, count: 2..4, lasts: 500ms..1s }]
phases: { safety: 4s, settle: 2s, audit: 2s }
`;

const expiries = `
name: expiries
story: Short-lived values replace long-lived ones while messages get lost.
network: { loss: 25% }
workload:
  clients: 6
  operations: 40
  keys: 2
  mix: { get: 6, set: 4 }
  ttl: { lasts: 20ms..200ms, share: 50%, aimed: 60% }
phases: { safety: 6s, settle: 2s, audit: 2s }
`;

const names = invariants.map(({ name }) => name);
const SEEDS_MAX = 30;

/** The invariants that the first seed breaks which breaks something that the sound policy promises. */
async function firstFinding(text: string, policy: Policy, seedsMax = SEEDS_MAX): Promise<readonly string[]> {
  const loaded = loadScenario(text, "planted.yaml", { policies: ["quorum"], invariants: names });
  if (!loaded.ok) throw new Error(JSON.stringify(loaded.problems));
  const system = createCacheSystem([policy]);
  const promised = invariants.filter(({ name }) => quorum.promises.some((promise) => promise === name));
  for (let seed = 1; seed <= seedsMax; seed++) {
    const plan = drawPlan(loaded.value, { seed, system: "cache", policy: "quorum", invariants: names });
    const { violations } = await run(plan, { system, invariants: promised });
    if (violations.length > 0) return violations.map(({ invariant }) => invariant);
  }
  return [];
}

describe(`within ${SEEDS_MAX} seeds the harness finds a quorum that`, () => {
  test.each([
    ["counts hints as confirmations", partitions, countsHints, "regular"],
    ["forgets deletes too early", partitions, collectsEarly, "regular"],
    ["forgets values as they expire", expiries, dropsExpired, "regular"],
    ["repairs nothing", partitions, neverRepairs, "replicas-converge"],
  ])("%s", async (_, scenario, policy, invariant) => {
    expect(await firstFinding(scenario, policy)).toContain(invariant);
  });

  test.each([partitions, expiries])("and nothing in one without defects: %#", async (scenario) => {
    expect(await firstFinding(scenario, quorum, 6)).toEqual([]);
  });
});

describe("a replica that forgot what it had confirmed, cut off from whoever else has it", () => {
  // n3 misses the write; then n1, which confirmed it, restarts empty, and n2, which confirmed it too, is cut off.
  const plan = cachePlan({
    policy: "quorum",
    operations: [
      { id: "c1:1", client: "c1", atMs: 100, kind: "set", key: "k", value: "v" },
      { id: "c3:1", client: "c3", atMs: 400, kind: "get", key: "k" },
    ],
    faults: [
      { kind: "partition", startMs: 50, endMs: 300, shape: "halves", left: ["n1", "n2"], right: ["n3"] },
      { kind: "crash", startMs: 250, endMs: 290, machine: "n1" },
      { kind: "partition", startMs: 251, endMs: 2000, shape: "halves", left: ["n1", "n3"], right: ["n2"] },
    ],
  });

  test("has no vote", async () => {
    const outcome = await run(plan, { system: createCacheSystem([quorum]), invariants });
    expect(endings(outcome)).toEqual({ "c1:1": "ok", "c3:1": "fail" });
    expect(outcome.violations).toEqual([]);
  });

  test("is found out if it votes", async () => {
    const outcome = await run(plan, { system: createCacheSystem([votesAtOnce]), invariants });
    expect(endings(outcome)).toEqual({ "c1:1": "ok", "c3:1": "miss" });
    expect(outcome.violations.map(({ invariant }) => invariant)).toContain("regular");
  });
});
