/**
 * The test and the usage example that came with the original cache, in their own words.
 *
 * What had to differ, and why:
 * - the constructor: a cache needs to know how to reach the other nodes, so it takes a transport (here a cluster of
 *   three within the process) and options by name, where the original left three methods to be written;
 * - `getStats`, `getAuditLog` and `filter` need no `await`: they read what is there. To await them does no harm;
 * - `since` counts wall time by the cache's own clock, not by `Date.now()`, so that it can be tested;
 * - the cache is stopped at the end, since it has timers.
 */
import { createControlledClock } from "@phyxius/clock";
import type { Clock } from "@phyxius/clock";
import { createJournal, type Journal } from "@phyxius/journal";
import { afterEach, describe, expect, it } from "vitest";
import { type Cache, type CacheEvent, createCache, createInMemoryNetwork } from "../../src/index.ts";

let cluster: Cache[] = [];
afterEach(() => Promise.all(cluster.map((cache) => cache.stop())));

/** `new PhyxiusDistributedCache(clock, journal)`, with two other nodes to talk to. */
function distributedCache(clock: Clock, journal?: Journal<CacheEvent>): Cache {
  const nodes = ["n1", "n2", "n3"];
  const network = createInMemoryNetwork({ nodes });
  const [cache, ...others] = nodes.map((node, place) =>
    createCache({ transport: network.join(node), clock, ...(place === 0 && { journal }) }),
  );
  cluster = [cache as Cache, ...others];
  return cache as Cache;
}

describe("Distributed Cache", () => {
  it("should handle node failures gracefully", async () => {
    // Use controlled clock for deterministic testing
    const clock = createControlledClock(0);
    const journal = createJournal<CacheEvent>();
    const cache = distributedCache(clock, journal);

    // Set up cache entry
    await cache.set("key1", "value1", 60000);

    // Simulate node failure
    clock.advance(30000);

    // Verify graceful degradation
    const value = await cache.get("key1");
    expect(value).toBe("value1");

    // Check audit trail
    const events = journal.filter((e) => e.type.includes("error"));
    expect(events).toHaveLength(0); // No errors during normal operation
  });

  it("and does so when a node really fails", async () => {
    const clock = createControlledClock(0);
    const cache = distributedCache(clock);
    await cache.set("key1", "value1", 60000);
    await cluster[1]?.stop();
    expect(await cache.get("key1")).toBe("value1");
    expect(cache.getAuditLog({ type: "error" })).toHaveLength(0);
  });
});

it("demonstrateDistributedCache", async () => {
  const clock = createControlledClock(0);
  const cache = distributedCache(clock);

  // Set some values
  await cache.set("user:123", { name: "John", email: "john@example.com" }, 60000);
  await cache.set("session:abc", { userId: "123", roles: ["user"] }, 1800000);

  // Get values
  const user = await cache.get("user:123");
  expect(user).toEqual({ name: "John", email: "john@example.com" });

  // Get statistics
  const stats = cache.getStats();
  expect(stats).toMatchObject({ hits: 1, misses: 0, evictions: 0, failures: 0, hitRate: 1, nodeCount: 2 });

  // Get audit trail
  const auditLog = cache.getAuditLog({
    type: "cache.get",
    since: clock.now().wallMs - 60000, // Last minute
  });
  expect(auditLog.map(({ type }) => type)).toEqual(["cache.get.started", "cache.get.hit"]);
  expect(auditLog[1]).toMatchObject({ key: "user:123" });
});
