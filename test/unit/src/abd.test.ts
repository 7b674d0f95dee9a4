import { afterEach, describe, expect, test } from "vitest";
import {
  type CacheError,
  createPlacement,
  DEFAULT_TIMING,
  IndeterminateError,
  StoreFullError,
  UnavailableError,
} from "../../../src/index.ts";
import { type Cluster, createCluster } from "./cluster.ts";

let cluster: Cluster;
afterEach(() => cluster.stop());

/** The error that the promise rejects with. */
async function failure(promise: Promise<unknown>): Promise<CacheError> {
  return cluster.await(
    promise.then(
      () => {
        throw new Error("it did not fail");
      },
      (error: CacheError) => error,
    ),
  );
}

function ownersOf(key: string, replication = 3): readonly string[] {
  return createPlacement({ nodes: cluster.names, replication }).ownersOf(key);
}

describe("abd, undisturbed", () => {
  test("what one node sets, every node gets; what one deletes, none does", async () => {
    cluster = createCluster(5);
    await cluster.node("n1").set("k", { name: "John", tags: [1, null] });
    for (const name of cluster.names) {
      expect(await cluster.node(name).get("k")).toEqual({ name: "John", tags: [1, null] });
    }
    await cluster.node("n2").set("k", "second");
    for (const name of cluster.names) expect(await cluster.node(name).get("k")).toBe("second");
    await cluster.node("n3").delete("k");
    for (const name of cluster.names)
      expect(await cluster.node(name).lookup("k")).toEqual({ status: "miss" });
    await cluster.node("n4").set("k", "third");
    for (const name of cluster.names) expect(await cluster.node(name).get("k")).toBe("third");
  });

  test("works alone, and with two", async () => {
    for (const count of [1, 2]) {
      cluster = createCluster(count);
      await cluster.node("n1").set("k", count);
      expect(await cluster.node(`n${count}`).get("k")).toBe(count);
      await cluster.stop();
    }
  });

  test("the key's owners hold the record, all of them the same, and nobody else does", async () => {
    cluster = createCluster(5);
    await cluster.node("n1").set("k", "v");
    const owners = ownersOf("k");
    const held = cluster.names.map((name) => cluster.node(name).getStateSnapshot().records.get("k"));
    for (const [place, name] of cluster.names.entries()) {
      expect(held[place] !== undefined).toBe(owners.includes(name));
    }
    expect(
      new Set(held.filter((record) => record !== undefined).map((record) => JSON.stringify(record))).size,
    ).toBe(1);
  });

  test("says whether this node held the value itself", async () => {
    cluster = createCluster(5);
    await cluster.node("n1").set("k", "v");
    const owners = ownersOf("k");
    for (const name of cluster.names) {
      expect(await cluster.node(name).lookup("k")).toMatchObject({
        status: "hit",
        source: owners.includes(name) ? "local" : "remote",
        version: "1.n1@1",
      });
    }
  });

  test("concurrent sets by one node have different versions, and all nodes agree on the last", async () => {
    cluster = createCluster(3, { latencyMs: 5 });
    const sets = Array.from({ length: 10 }, (_, index) => cluster.node("n1").set("k", index));
    await cluster.await(Promise.all(sets));
    const versions = new Set<string>();
    const values = new Set<unknown>();
    for (const name of cluster.names) {
      const found = await cluster.await(cluster.node(name).lookup("k"));
      if (found.status !== "hit") throw new Error(found.status);
      values.add(found.value);
      versions.add(found.version ?? "");
    }
    expect([...values]).toEqual([9]);
    expect([...versions]).toEqual(["10.n1@1"]);
  });

  test("concurrent sets by all nodes: one wins, everywhere", async () => {
    cluster = createCluster(5, { latencyMs: 5 });
    await cluster.await(Promise.all(cluster.names.map((name) => cluster.node(name).set("k", name))));
    const found = await cluster.await(Promise.all(cluster.names.map((name) => cluster.node(name).get("k"))));
    expect(new Set(found).size).toBe(1);
  });
});

describe("abd and time", () => {
  test("a value lives exactly for its ttl, counted from the call", async () => {
    cluster = createCluster(3);
    await cluster.node("n1").set("k", "v", 1000);
    cluster.clock.advanceBy(999);
    expect(await cluster.node("n2").get("k")).toBe("v");
    cluster.clock.advanceBy(1);
    expect(await cluster.node("n2").lookup("k")).toEqual({ status: "miss" });
  });

  test("a read extends nothing", async () => {
    cluster = createCluster(5);
    await cluster.node("n1").set("k", "v", 1000);
    cluster.clock.advanceBy(900);
    for (const name of cluster.names) expect(await cluster.node(name).get("k")).toBe("v");
    cluster.clock.advanceBy(101);
    for (const name of cluster.names) expect(await cluster.node(name).get("k")).toBeUndefined();
  });

  test("an expired version does not uncover an older one that lives longer", async () => {
    cluster = createCluster(3);
    await cluster.node("n1").set("k", "old", 3_600_000);
    cluster.network.cut(["n3"], ["n1", "n2"]);
    await cluster.node("n1").set("k", "new", 1000);
    cluster.network.heal();
    cluster.clock.advanceBy(2000);
    for (const name of cluster.names)
      expect(await cluster.node(name).lookup("k")).toEqual({ status: "miss" });
  });

  test("expired and deleted records are dropped after their grace, and not before", async () => {
    cluster = createCluster(3, { timing: { graceMs: 60_000 } });
    await cluster.node("n1").set("short", "v", 1000);
    await cluster.node("n1").set("deleted", "v");
    await cluster.node("n1").delete("deleted");
    await cluster.pass(55_000);
    for (const name of cluster.names) expect(cluster.node(name).getStats().cacheSize).toBe(2);
    await cluster.pass(15_000);
    for (const name of cluster.names) {
      expect(cluster.node(name).getStats()).toMatchObject({ cacheSize: 0, expirations: 2, evictions: 0 });
      const cleanups = cluster.node(name).getAuditLog({ type: "cache.cleanup.completed" });
      expect(cleanups.length).toBeGreaterThan(0);
    }
  });
});

describe("abd told that clocks may be wrong by 10 s", () => {
  test("keeps expired and deleted records that much longer, since another clock may be ahead", async () => {
    cluster = createCluster(3, { timing: { graceMs: 60_000 }, clockSkewMs: 10_000 });
    await cluster.node("n1").set("k", "v");
    await cluster.node("n1").delete("k");
    await cluster.pass(69_000);
    for (const name of cluster.names) expect(cluster.node(name).getStats().cacheSize).toBe(1);
    await cluster.pass(7000);
    for (const name of cluster.names) expect(cluster.node(name).getStats().cacheSize).toBe(0);
  });

  test("never serves what lives no longer than that, and keeps it as the newest all the same", async () => {
    cluster = createCluster(3, { clockSkewMs: 10_000 });
    await cluster.node("n1").set("k", "old", 60_000);
    await cluster.node("n1").set("k", "new", 10_000);
    expect(await cluster.node("n2").lookup("k")).toEqual({ status: "miss" });
    await cluster.node("n1").set("k", "newer", 10_001);
    expect(await cluster.node("n2").lookup("k")).toMatchObject({ status: "hit", value: "newer" });
  });
});

describe("abd under partitions", () => {
  test("a majority goes on, a minority is unavailable, which is not a miss", async () => {
    cluster = createCluster(3);
    await cluster.node("n1").set("k", "v1");
    cluster.network.cut(["n3"], ["n1", "n2"]);
    await cluster.await(cluster.node("n1").set("k", "v2"));
    expect(await cluster.await(cluster.node("n2").get("k"))).toBe("v2");

    const found = await cluster.await(cluster.node("n3").lookup("k"));
    expect(found.status).toBe("unavailable");
    const error = await failure(cluster.node("n3").get("k"));
    expect(error).toBeInstanceOf(UnavailableError);
    expect((error as UnavailableError).answers).toEqual({
      replicas: ownersOf("k").map((node) => ({ node, said: node === "n3" ? { version: "1.n1@1" } : null })),
      answered: ["n3"],
      silent: ownersOf("k").filter((name) => name !== "n3"),
      needed: 2,
    });
    expect(error.message).toContain("within 1000 ms");
  });

  test("a write that was never sent out certainly did not happen", async () => {
    cluster = createCluster(3);
    cluster.network.cut(["n3"], ["n1", "n2"]);
    const error = await failure(cluster.node("n3").set("k", "v"));
    expect(error).toBeInstanceOf(UnavailableError);
    cluster.network.heal();
    await cluster.pass(10_000);
    for (const name of cluster.names)
      expect(await cluster.await(cluster.node(name).get("k"))).toBeUndefined();
  });

  test("a write that was sent out but not confirmed may happen", async () => {
    cluster = createCluster(3, { latencyMs: 10 });
    const set = cluster.node("n1").set("k", "v", 60_000, { deadlineMs: 200 });
    // The versions are back after 20 ms; then the stores are on their way.
    await cluster.pass(20);
    cluster.network.cut(["n1"], ["n2", "n3"]);
    const error = await failure(set);
    expect(error).toBeInstanceOf(IndeterminateError);
    cluster.network.heal();
    // It may come to light now or later; but once seen it stays.
    let hasBeenSeen = false;
    for (const name of ["n2", "n1", "n3", "n2"]) {
      const value = await cluster.await(cluster.node(name).get("k"));
      if (hasBeenSeen) expect(value).toBe("v");
      hasBeenSeen ||= value === "v";
    }
    expect(hasBeenSeen).toBe(true);
  });

  test("a get that finds a value on a minority puts it on a majority before it returns", async () => {
    cluster = createCluster(3, { latencyMs: 10, timing: { repairMs: 3_600_000 } });
    const set = failure(cluster.node("n1").set("k", "v", 60_000, { deadlineMs: 200 }));
    await cluster.pass(20);
    cluster.network.cut(["n1"], ["n2", "n3"]);
    await set;
    cluster.network.heal();
    cluster.network.cut(["n3"], ["n1", "n2"]);
    expect(await cluster.await(cluster.node("n2").get("k"))).toBe("v");
    cluster.network.heal();
    cluster.network.cut(["n1"], ["n2", "n3"]);
    expect(await cluster.await(cluster.node("n3").get("k"))).toBe("v");
  });

  test("an operation goes on when the partition heals within its deadline", async () => {
    cluster = createCluster(3);
    cluster.network.cut(["n1"], ["n2", "n3"]);
    const set = cluster.node("n1").set("k", "v");
    await cluster.pass(500);
    cluster.network.heal();
    await cluster.await(set);
    expect(await cluster.await(cluster.node("n2").get("k"))).toBe("v");
  });

  test("replicas are equal again some rounds of repair after a partition", async () => {
    cluster = createCluster(5, { replication: 3 });
    const keys = Array.from({ length: 40 }, (_, index) => `k${index}`);
    for (const key of keys) await cluster.await(cluster.node("n1").set(key, "old"));
    cluster.network.cut(["n1"], ["n2", "n3", "n4", "n5"]);
    for (const key of keys) await cluster.await(cluster.node("n2").set(key, "new"));
    for (const key of keys.slice(0, 10)) await cluster.await(cluster.node("n3").delete(key));
    cluster.network.heal();
    await cluster.pass(6 * DEFAULT_TIMING.repairMs);
    for (const key of keys) {
      const held = ownersOf(key).map((name) => {
        const record = cluster.node(name).getStateSnapshot().records.get(key);
        return JSON.stringify(record);
      });
      expect(new Set(held).size).toBe(1);
    }
  });
});

describe("abd when stores are full", () => {
  test("a new key is refused before anything is sent, an old one is still written, none is evicted", async () => {
    cluster = createCluster(3, { limits: { recordsMax: 2 } });
    await cluster.node("n1").set("a", 1);
    await cluster.node("n1").set("b", 1);
    const error = await failure(cluster.node("n2").set("c", 1));
    expect(error).toBeInstanceOf(StoreFullError);
    await cluster.node("n2").set("a", 2);
    for (const name of cluster.names) {
      expect(await cluster.node(name).get("a")).toBe(2);
      expect(await cluster.node(name).get("b")).toBe(1);
      expect(await cluster.node(name).get("c")).toBeUndefined();
    }
  });
});

describe("abd's health checks", () => {
  test("a silent peer becomes degraded, then unhealthy; two answers make it healthy", async () => {
    cluster = createCluster(3, { timing: { healthMs: 1000 } });
    const status = () => cluster.node("n1").getStateSnapshot().nodes.get("n3");
    await cluster.pass(3000);
    expect(status()).toMatchObject({ status: "healthy", consecutiveErrors: 0, avgLatencyMs: 0 });
    cluster.network.cut(["n3"], ["n1", "n2"]);
    await cluster.pass(2500);
    expect(status()).toMatchObject({ status: "degraded", lastError: "no answer to a ping" });
    await cluster.pass(3000);
    expect(status()?.status).toBe("unhealthy");
    expect(cluster.node("n1").getStats()).toMatchObject({ nodeCount: 2, healthyNodes: 1 });
    expect(cluster.node("n1").getAuditLog({ type: "cache.health_check.failure" })[0]).toMatchObject({
      operation: null,
      nodeId: "n3",
    });
    cluster.network.heal();
    await cluster.pass(1500);
    expect(status()).toMatchObject({ status: "degraded", consecutiveErrors: 0, consecutiveAnswers: 1 });
    await cluster.pass(1000);
    expect(status()).toMatchObject({ status: "healthy", consecutiveErrors: 0 });
  });

  test("a peer that is down is an error at once, not after a round of silence", async () => {
    cluster = createCluster(2, { timing: { healthMs: 1000 } });
    cluster.crash("n2");
    await cluster.pass(2100);
    expect(cluster.node("n1").getStateSnapshot().nodes.get("n2")).toMatchObject({
      lastError: "connection reset",
    });
  });
});
