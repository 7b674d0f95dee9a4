import { afterEach, describe, expect, test } from "vitest";
import { type Cache, createPlacement, NotSupportedError, policyNamed } from "../../../src/index.ts";
import { type Cluster, createCluster } from "./cluster.ts";

let cluster: Cluster;
afterEach(() => cluster.stop());

describe.each(["abd", "quorum", "async-primary"])("touch, with %s", (name) => {
  function start(): Cache {
    cluster = createCluster(3, { latencyMs: 10, policy: policyNamed(name) });
    return cluster.node("n1");
  }

  test("lets a value live longer, for every node and after repair", async () => {
    const cache = start();
    await cluster.await(cache.set("k", "v", 1000));
    await cluster.pass(500);
    expect(await cluster.await(cluster.node("n2").touch("k", 5000))).toBe(true);
    await cluster.pass(4000);
    for (const name of cluster.names) expect(await cluster.await(cluster.node(name).get("k"))).toBe("v");
    await cluster.pass(1000);
    expect(await cluster.await(cache.get("k"))).toBeUndefined();
  });

  test("never lets it live shorter", async () => {
    const cache = start();
    await cluster.await(cache.set("k", "v", 10_000));
    expect(await cluster.await(cache.touch("k", 1))).toBe(true);
    await cluster.pass(9000);
    expect(await cluster.await(cache.get("k"))).toBe("v");
  });

  test("says when there is nothing, or no more, to touch", async () => {
    const cache = start();
    expect(await cluster.await(cache.touch("k", 1000))).toBe(false);
    await cluster.await(cache.set("k", "v", 100));
    await cluster.pass(100);
    expect(await cluster.await(cache.touch("k", 1000))).toBe(false);
    await cluster.await(cache.set("k", "v", 100));
    await cluster.await(cache.delete("k"));
    expect(await cluster.await(cache.touch("k", 1000))).toBe(false);
    expect(await cluster.await(cache.get("k"))).toBeUndefined();
  });

  test("reaches a replica that missed it, by repair", async () => {
    start();
    // The last of its owners: without the first, a primary would be missing.
    const [first = "", second = "", last = ""] = createPlacement({
      nodes: cluster.names,
      replication: 3,
    }).ownersOf("k");
    const cache = cluster.node(second);
    await cluster.await(cache.set("k", "v", 20_000));
    cluster.network.cut([last], [first, second]);
    await cluster.await(cache.touch("k", 60_000));
    cluster.network.heal();
    await cluster.pass(5000);
    const held = cluster.names.map((name) => cluster.node(name).getStateSnapshot().records.get("k"));
    expect(held[0]?.expireAtMs).toBeGreaterThan(1_050_000);
    expect(held[2]).toEqual(held[0]);
    expect(held[1]).toEqual(held[0]);
  });

  test("a stale value that is touched is fresh again", async () => {
    const cache = start();
    const options = { ttlMs: 1000, staleMs: 5000 };
    await cluster.await(cache.getOrLoad("k", () => "v", options));
    await cluster.pass(1000);
    expect(await cluster.await(cache.get("k"))).toBeUndefined();
    await cluster.await(cache.touch("k", 6000));
    expect(await cluster.await(cache.get("k"))).toBe("v");
  });

  test("is in the audit log and in the statistics", async () => {
    const cache = start();
    await cluster.await(cache.set("k", "v"));
    await cluster.await(cache.touch("k", 1000));
    expect(cache.getAuditLog({ type: "cache.touch" })).toMatchObject([
      { type: "cache.touch.started", ttlMs: 1000 },
      { type: "cache.touch.completed", isTouched: true },
    ]);
    expect(cache.getStats()).toMatchObject({ writes: 2, latencies: { touch: { count: 1 } } });
  });

  test("keeps the value that was set or deleted since it began", async () => {
    const cache = start();
    await cluster.await(cache.set("set", "old"));
    await cluster.await(cache.set("deleted", "old"));
    const touches = [cache.touch("set", 500_000), cache.touch("deleted", 500_000)];
    const writes = [cluster.node("n2").set("set", "new"), cluster.node("n3").delete("deleted")];
    await cluster.await(Promise.all([...touches, ...writes]));
    for (const reader of cluster.names) {
      expect(await cluster.await(cluster.node(reader).get("set"))).toBe("new");
      expect(await cluster.await(cluster.node(reader).get("deleted"))).toBeUndefined();
    }
  });

  test("of many at once, one counts, and all nodes agree on it", async () => {
    const cache = start();
    await cluster.await(cache.set("k", "v", 1000));
    await cluster.await(
      Promise.all(cluster.names.map((each, place) => cluster.node(each).touch("k", 2000 + 1000 * place))),
    );
    await cluster.pass(5000);
    const ends = cluster.names.map(
      (each) => cluster.node(each).getStateSnapshot().records.get("k")?.expireAtMs,
    );
    expect(new Set(ends).size).toBe(1);
    expect(ends[0]).toBeGreaterThan(1_002_000);
  });

  test("that finds nothing puts that on a majority: no later read finds what is older", async () => {
    cluster = createCluster(3, { latencyMs: 10, timing: { repairMs: 3_600_000 } });
    await cluster.await(cluster.node("n1").set("k", "v", 60_000));
    await cluster.pass(100);
    const removal = cluster.node("n1").delete("k", { deadlineMs: 200 });
    // The versions are back after 20 ms; the tombstone stays where it was written.
    await cluster.pass(20);
    cluster.network.cut(["n1"], ["n2", "n3"]);
    await cluster.await(removal.catch(() => {}));
    cluster.network.heal();
    cluster.network.cut(["n3"], ["n1", "n2"]);
    expect(await cluster.await(cluster.node("n2").touch("k", 60_000))).toBe(false);
    cluster.network.heal();
    cluster.network.cut(["n1"], ["n2", "n3"]);
    expect(await cluster.await(cluster.node("n3").get("k"))).toBeUndefined();
  });

  test("that is late does not bring a value back over the one that was loaded instead", async () => {
    cluster = createCluster(3, { latencyMs: 10, timing: { repairMs: 3_600_000 } });
    // Revisions of one value are ordered by their nodes: that of the touch would win.
    const [loader, toucher] = ["n1", "n3"] as const;
    await cluster.await(cluster.node("n2").set("k", "old", 200));
    await cluster.pass(100);
    const touch = cluster.node(toucher).touch("k", 60_000, { deadlineMs: 300 });
    await cluster.pass(20);
    cluster.network.cut([toucher], ["n1", "n2"]);
    await cluster.await(touch.catch(() => {}));
    expect(await cluster.await(cluster.node(loader).getOrLoad("k", () => "new", { ttlMs: 60_000 }))).toBe(
      "new",
    );
    cluster.network.heal();
    for (const name of ["n3", "n1", "n2"])
      expect(await cluster.await(cluster.node(name).get("k"))).toBe("new");
  });
});

test("touch is refused by a policy that cannot", async () => {
  cluster = createCluster(1, { policy: policyNamed("seed") });
  const refused = cluster.node("n1").touch("k", 1000);
  await expect(refused).rejects.toThrow(NotSupportedError);
  await expect(refused).rejects.toThrow(/seed cannot touch; set the value again/);
});
