import { createControlledClock } from "@phyxius/clock";
import { describe, expect, test } from "vitest";
import {
  type Cache,
  createCache,
  createInMemoryNetwork,
  InvalidArgumentError,
  NotSupportedError,
  type Policy,
  policyNamed,
} from "../../../src/index.ts";

const NODES = ["n1", "n2", "n3", "n4"];

function clusterOf(policyName: string): { caches: Cache[]; clock: ReturnType<typeof createControlledClock> } {
  const clock = createControlledClock(0);
  const network = createInMemoryNetwork({ nodes: NODES });
  const policy = policyNamed(policyName) as Policy;
  return {
    clock,
    caches: NODES.map((name) => createCache({ transport: network.join(name), clock, policy })),
  };
}

async function versionOf(cache: Cache, key: string): Promise<string | null> {
  const found = await cache.lookup(key);
  return found.status === "hit" ? found.version : null;
}

describe("compareAndSet", () => {
  test("sets when the expected version is there, and otherwise changes nothing and says what is", async () => {
    const { caches } = clusterOf("async-primary");
    const [a, b] = caches as [Cache, Cache];
    const first = await a.compareAndSet("k", null, 1);
    expect(first.isSet).toBe(true);
    expect(await versionOf(b, "k")).toBe(first.version);
    expect(await b.compareAndSet("k", null, 2)).toEqual({ isSet: false, version: first.version, value: 1 });
    expect(await a.get("k")).toBe(1);
    const second = await b.compareAndSet("k", first.version, 2);
    expect(second.isSet).toBe(true);
    expect(await a.compareAndSet("k", first.version, 3)).toEqual({
      isSet: false,
      version: second.version,
      value: 2,
    });
    expect(await a.get("k")).toBe(2);
  });

  test("expects null where a value was deleted or has expired", async () => {
    const { caches, clock } = clusterOf("async-primary");
    const [a, b] = caches as [Cache, Cache];
    await a.set("gone", 1);
    await a.delete("gone");
    expect((await b.compareAndSet("gone", null, 2)).isSet).toBe(true);
    await a.set("old", 1, 1000);
    const version = await versionOf(a, "old");
    clock.advanceBy(1000);
    expect(await b.compareAndSet("old", version, 2)).toEqual({
      isSet: false,
      version: null,
      value: undefined,
    });
    expect((await b.compareAndSet("old", null, 2)).isSet).toBe(true);
  });

  test("counts right when all nodes add at once", async () => {
    const { caches } = clusterOf("async-primary");
    async function add(cache: Cache): Promise<void> {
      for (;;) {
        const found = await cache.lookup<number>("count");
        const [version, count] = found.status === "hit" ? [found.version, found.value] : [null, 0];
        if ((await cache.compareAndSet("count", version, count + 1)).isSet) return;
      }
    }
    await Promise.all([...caches, ...caches, ...caches].map(add));
    expect(await caches[0]?.get("count")).toBe(12);
    const stats = caches.map((cache) => cache.getStats());
    expect(stats.reduce((sum, { writes }) => sum + writes, 0)).toBe(12);
    expect(stats.some(({ conflicts = 0 }) => conflicts > 0)).toBe(true);
  });

  test("stands in the audit log from its start to its end", async () => {
    const [cache] = clusterOf("async-primary").caches as [Cache];
    const { version } = await cache.compareAndSet("k", null, 1);
    const entries = cache.getAuditLog({ type: "cache.compare_and_set" });
    expect(entries).toMatchObject([
      { type: "cache.compare_and_set.started", key: "k", expected: null },
      { type: "cache.compare_and_set.completed", key: "k", isSet: true, version },
    ]);
  });

  test("is refused by a policy that cannot do it, before anything is sent", async () => {
    const [cache] = clusterOf("abd").caches as [Cache];
    const refused = cache.compareAndSet("k", null, 1);
    await expect(refused).rejects.toThrow(NotSupportedError);
    await expect(refused).rejects.toThrow(/abd cannot compare and set.*async-primary/);
    expect(cache.getStats().failuresByKind).toEqual({ "not-supported": 1 });
  });

  test("refuses what is no version", async () => {
    const [cache] = clusterOf("async-primary").caches as [Cache];
    await expect(cache.compareAndSet("k", "", 1)).rejects.toThrow(InvalidArgumentError);
  });
});
