import { policy as readOneWriteAll } from "../../examples/read-one-write-all.ts";
import { createControlledClock } from "@phyxius/clock";
import { readdirSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { invariants } from "../../sim/check/index.ts";
import { drawPlan } from "../../sim/run/draw/draw-plan.ts";
import { readScenario } from "../../sim/run/load/load-file.ts";
import { run } from "../../sim/run/run.ts";
import { withPolicyFiles } from "../../sim/search/harness.ts";
import { cacheSystem } from "../../sim/systems/cache.ts";
import {
  type Cache,
  createCache,
  createInMemoryNetwork,
  createPlacement,
  type Durability,
  openCache,
  policies,
  type Policy,
  type PolicyParameters,
  type PolicyPromise,
} from "../../src/index.ts";
import { ModelDisk } from "../support/model-disk.ts";

/** What every policy must do when nothing goes wrong, and what each must do that it has promised. */

const NODES = ["n1", "n2", "n3", "n4", "n5"];

interface CalmCluster {
  readonly clock: ReturnType<typeof createControlledClock>;
  readonly caches: ReadonlyMap<string, Cache>;
  /** How many messages the nodes sent each other while `act` ran and until all was quiet. */
  readonly count: (act: () => Promise<unknown>) => Promise<number>;
}

async function calmCluster(
  policy: Policy,
  durability: Durability = "memory",
  policyOptions: PolicyParameters = {},
): Promise<CalmCluster> {
  const clock = createControlledClock(0);
  const network = createInMemoryNetwork({ nodes: NODES });
  let sent = 0;
  const caches = new Map<string, Cache>();
  for (const name of NODES) {
    const transport = network.join(name);
    const counting = {
      ...transport,
      send(to: string, frame: Uint8Array) {
        sent++;
        transport.send(to, frame);
      },
    };
    const options = { transport: counting, clock, policy, policyOptions };
    const cache =
      durability === "memory"
        ? createCache(options)
        : await openCache({ ...options, durability, disk: new ModelDisk() });
    caches.set(name, cache);
  }
  return {
    clock,
    caches,
    async count(act) {
      await clock.flush();
      const before = sent;
      await act();
      await clock.flush();
      return sent - before;
    },
  };
}

/** The example is a policy like the others: whoever writes one has a suite to pass. */
const EXAMPLE = "./examples/read-one-write-all.ts";
const harness = await withPolicyFiles({ systems: [cacheSystem], invariants }, [EXAMPLE]);
const system = harness.systems[0] ?? cacheSystem;
const WAYS = [...policies, readOneWriteAll].flatMap((policy) =>
  policy.durability.map((durability) => ({ name: policy.name, policy, durability })),
);

describe.each(WAYS)("policy $name, in $durability", ({ policy, durability }) => {
  test("is described by data", () => {
    expect(policy.name).toMatch(/^[a-z][a-z0-9-]*$/);
    expect(policy.summary.length).toBeGreaterThan(20);
    expect(policy.faultBudget.summary).not.toBe("");
    expect(policy.durability).toContain("memory");
    for (const replication of [1, 2, 3, 5]) {
      expect(policy.faultBudget.ownersLost(replication)).toBeGreaterThanOrEqual(0);
      expect(policy.faultBudget.ownersLost(replication)).toBeLessThan(replication);
    }
    const known = new Set(invariants.map(({ name }) => name));
    for (const promise of policy.promises) expect(known).toContain(promise);
    expect(new Set(policy.promises).size).toBe(policy.promises.length);
  });

  test("in a calm cluster, the writer reads what it wrote, and so does a node that asks for the first time", async () => {
    for (const reader of NODES) {
      const { caches } = await calmCluster(policy, durability);
      await caches.get("n1")?.set("k", { value: reader });
      expect(await caches.get("n1")?.get("k")).toEqual({ value: reader });
      expect(await caches.get(reader)?.get("k")).toEqual({ value: reader });
      expect(await caches.get(reader)?.get("never set")).toBeUndefined();
    }
  });

  test("a value expires where it was written", async () => {
    const { clock, caches } = await calmCluster(policy, durability);
    await caches.get("n2")?.set("k", "v", 5000);
    clock.advanceBy(4999);
    expect(await caches.get("n2")?.get("k")).toBe("v");
    clock.advanceBy(2);
    expect(await caches.get("n2")?.get("k")).toBeUndefined();
  });

  test("every operation leaves one start and one end in the audit log", async () => {
    const { caches } = await calmCluster(policy, durability);
    const cache = caches.get("n3") as Cache;
    await cache.set("k", "v");
    await cache.get("k");
    await cache.get("other");
    await cache.delete("k");
    const types = cache
      .getAuditLog()
      .filter(({ operation }) => operation !== null)
      .map(({ type }) => type);
    expect(types.filter((type) => !type.startsWith("cache.replication"))).toEqual([
      "cache.set.started",
      "cache.set.completed",
      "cache.get.started",
      "cache.get.hit",
      "cache.get.started",
      "cache.get.miss",
      "cache.delete.started",
      "cache.delete.completed",
    ]);
  });

  test("stops without leaving a timer", async () => {
    const { clock, caches } = await calmCluster(policy, durability);
    await caches.get("n1")?.set("k", "v");
    clock.advanceBy(10_000);
    await clock.flush();
    for (const cache of caches.values()) await cache.stop();
    expect(clock.getPendingTimerCount()).toBe(0);
  });
});

describe("messages for one operation, N = 3", () => {
  const owners = createPlacement({ nodes: NODES, replication: 3 }).ownersOf("k");
  const owner = owners[0] as string;
  const other = NODES.find((name) => !owners.includes(name)) as string;
  const byName = (name: string) => policies.find((policy) => policy.name === name) as Policy;

  test("abd: set 4N and get 2N from a node that owns nothing; one replica less from an owner", async () => {
    const { caches, count } = await calmCluster(byName("abd"));
    expect(await count(async () => caches.get(other)?.set("k", 1))).toBe(12);
    expect(await count(async () => caches.get(other)?.get("k"))).toBe(6);
    expect(await count(async () => caches.get(other)?.delete("k"))).toBe(12);
    expect(await count(async () => caches.get(other)?.get("k"))).toBe(6);
    expect(await count(async () => caches.get(owner)?.set("k", 2))).toBe(8);
    expect(await count(async () => caches.get(owner)?.get("k"))).toBe(4);
  });

  test("async-primary: 2 to its primary, and 2(N-1) in the background for each write", async () => {
    const { caches, count } = await calmCluster(byName("async-primary"));
    expect(await count(async () => caches.get(other)?.set("k", 1))).toBe(2 + 4);
    expect(await count(async () => caches.get(other)?.get("k"))).toBe(2);
    expect(await count(async () => caches.get(other)?.delete("k"))).toBe(2 + 4);
    expect(await count(async () => caches.get(owners[1] as string)?.get("k"))).toBe(2);
    expect(await count(async () => caches.get(owner)?.set("k", 2))).toBe(4);
    expect(await count(async () => caches.get(owner)?.get("k"))).toBe(0);
  });

  /** A load of a key that nobody has: what was missed is read, then stored. A touch, where there is one. */
  test.each([
    { name: "abd", load: 6 + 6, touch: 6 + 6 },
    { name: "quorum", load: 6 + 6, touch: 6 + 6 },
    { name: "async-primary", load: 2 + 2 + 4, touch: 2 + 4 },
  ])("$name: $load for a load and $touch for a touch from a node that owns nothing", async (each) => {
    const { caches, count } = await calmCluster(byName(each.name));
    const cache = caches.get(other);
    expect(await count(async () => cache?.getOrLoad("k", () => 1))).toBe(each.load);
    expect(await count(async () => cache?.touch("k", 500_000))).toBe(each.touch);
    expect(await count(async () => cache?.get("k"))).toBe(each.name === "async-primary" ? 2 : 6);
  });

  test("async-primary: a compare-and-set costs as much as a set, and 2 when another version is there", async () => {
    const { caches, count } = await calmCluster(byName("async-primary"));
    expect(await count(async () => caches.get(other)?.compareAndSet("k", null, 1))).toBe(2 + 4);
    expect(await count(async () => caches.get(other)?.compareAndSet("k", null, 2))).toBe(2);
    expect(await count(async () => caches.get(owner)?.compareAndSet("k", null, 2))).toBe(0);
  });

  test.each([{}, { read: 1, write: 3 }, { read: 3, write: 1 }])(
    "quorum with %o: 2N for anything from a node that owns nothing; one replica less from an owner",
    async (parameters) => {
      const { caches, count } = await calmCluster(byName("quorum"), "memory", parameters);
      expect(await count(async () => caches.get(other)?.set("k", 1))).toBe(6);
      expect(await count(async () => caches.get(other)?.get("k"))).toBe(6);
      expect(await count(async () => caches.get(other)?.delete("k"))).toBe(6);
      expect(await count(async () => caches.get(other)?.get("k"))).toBe(6);
    },
  );

  test("quorum: one replica less from an owner", async () => {
    const { caches, count } = await calmCluster(byName("quorum"));
    expect(await count(async () => caches.get(owner)?.set("k", 2))).toBe(4);
    expect(await count(async () => caches.get(owner)?.get("k"))).toBe(4);
  });

  test.each(["abd", "quorum"])("%s, hedged: a get asks only as many as it needs, 2R", async (name) => {
    const { caches, count } = await calmCluster(byName(name), "memory", { hedge: 95 });
    await count(async () => caches.get(other)?.set("k", 1));
    expect(await count(async () => caches.get(other)?.get("k"))).toBe(4);
    expect(await count(async () => caches.get(owner)?.get("k"))).toBe(2);
  });

  test("seed: set 2N; get none for a local copy, 2 for each peer asked", async () => {
    const { caches, count } = await calmCluster(byName("seed"));
    expect(await count(async () => caches.get("n1")?.set("k", 1))).toBe(6);
    expect(await count(async () => caches.get("n1")?.get("k"))).toBe(0);
    expect(await count(async () => caches.get("n5")?.get("k"))).toBe(2);
    expect(await count(async () => caches.get("n5")?.get("k"))).toBe(0);
    expect(await count(async () => caches.get("n5")?.get("other"))).toBe(8);
    expect(await count(async () => caches.get("n5")?.getOrLoad("other", () => 1))).toBe(8 + 6);
    expect(await count(async () => caches.get("n1")?.delete("k"))).toBe(6);
  });
});

const SCENARIOS = readdirSync("scenarios").filter((file) => file.endsWith(".yaml"));
/** More are in the long tests. */
const SEEDS = [101];

describe.each(WAYS.filter(({ policy }) => policy.promises.length > 0))(
  "policy $name, in $durability, keeps its promises in",
  ({ policy, durability }) => {
    const until = Object.entries(policy.promisesUntil ?? {});
    const names = [...policy.promises, ...until.flatMap(([, promises]) => promises)];
    const promised = invariants.filter(({ name }) => names.includes(name as PolicyPromise));

    test.each(SCENARIOS)("%s", async (file) => {
      const loaded = readScenario(`scenarios/${file}`, {
        policies: policies.map(({ name }) => name),
        invariants: invariants.map(({ name }) => name),
      });
      if (!loaded.ok) throw new Error(JSON.stringify(loaded.problems));
      const { cluster } = loaded.value;
      // What needs disks has them; all else must hold with and without. A journal knows wall clocks only.
      const onDisk = { ...cluster, durability: "journal" as const, ttlMode: "absolute" as const };
      const scenario = durability === "memory" ? loaded.value : { ...loaded.value, cluster: onDisk };
      for (const seed of SEEDS) {
        const plan = drawPlan(scenario, {
          seed,
          system: system.name,
          policy: policy === readOneWriteAll ? EXAMPLE : policy.name,
          invariants: names,
        });
        const { violations } = await run(plan, { system, invariants: promised });
        const broken = violations.filter(({ endedBy }) => endedBy === undefined);
        expect(broken.map(({ summary }) => `${file} seed ${seed}: ${summary}`)).toEqual([]);
      }
    });
  },
);
