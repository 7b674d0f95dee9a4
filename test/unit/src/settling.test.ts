import { afterEach, describe, expect, test } from "vitest";
import { createCluster, type Cluster } from "./cluster.ts";

const GRACE_MS = 1000;
const TIMING = { graceMs: GRACE_MS, expiryMs: 100, repairMs: 100, deadlineMs: 250 };

let cluster: Cluster;
afterEach(() => cluster.stop());

const sizes = (): number[] => cluster.names.map((name) => cluster.node(name).getStateSnapshot().records.size);

describe("a tombstone", () => {
  test("is kept past its grace while an owner is away, and keeps out what that one brings back", async () => {
    cluster = createCluster(3, { timing: TIMING });
    await cluster.await(cluster.node("n1").set("k", "old", 3_600_000));
    cluster.network.cut(["n3"], ["n1", "n2"]);
    await cluster.await(cluster.node("n1").delete("k"));
    await cluster.pass(20 * GRACE_MS);
    expect(sizes()).toEqual([1, 1, 1]);
    cluster.network.heal();
    // The one that was away and one other: a majority, before anything was repaired.
    cluster.network.cut(["n2"], ["n1", "n3"]);
    expect(await cluster.await(cluster.node("n3").get("k"))).toBeUndefined();
    cluster.network.heal();
    await cluster.pass(3 * GRACE_MS);
    expect(sizes()).toEqual([0, 0, 0]);
    for (const name of cluster.names) expect(await cluster.node(name).get("k")).toBeUndefined();
  });

  test("is forgotten by all soon after its grace when all are there", async () => {
    cluster = createCluster(3, { timing: TIMING });
    await cluster.await(cluster.node("n1").set("k", "old"));
    await cluster.await(cluster.node("n1").delete("k"));
    await cluster.pass(GRACE_MS - 20);
    expect(sizes()).toEqual([1, 1, 1]);
    await cluster.pass(400);
    expect(sizes()).toEqual([0, 0, 0]);
    for (const name of cluster.names) {
      expect(cluster.node(name).getAuditLog({ type: "cache.cleanup.completed" })).toHaveLength(1);
    }
  });

  test("that one owner was not told to forget keeps no later write out", async () => {
    cluster = createCluster(3, { timing: TIMING });
    for (let value = 0; value < 5; value++) await cluster.await(cluster.node("n1").set("k", value));
    await cluster.await(cluster.node("n1").delete("k"));
    // Settled by the first owner half a grace on; who is cut off before the other half is over is not told.
    await cluster.pass(GRACE_MS - 200);
    cluster.network.cut(["n1"], ["n2", "n3"]);
    await cluster.pass(500);
    expect(sizes()).toEqual([1, 0, 0]);
    await cluster.await(cluster.node("n2").set("k", "new"));
    cluster.network.heal();
    cluster.network.cut(["n2"], ["n1", "n3"]);
    expect(await cluster.await(cluster.node("n1").get("k"))).toBe("new");
  });

  test("is settled by another owner when the first one has no use for it any more", async () => {
    cluster = createCluster(3, { timing: TIMING });
    await cluster.await(cluster.node("n1").set("k", "old"));
    await cluster.await(cluster.node("n1").delete("k"));
    await cluster.pass(GRACE_MS - 200);
    cluster.network.cut(["n1"], ["n2", "n3"]);
    await cluster.pass(500);
    expect(sizes()).toEqual([1, 0, 0]);
    cluster.network.heal();
    await cluster.pass(4 * GRACE_MS);
    expect(sizes()).toEqual([0, 0, 0]);
  });

  test("is not settled by a confirmation of a life that is over", async () => {
    cluster = createCluster(3, { timing: TIMING });
    await cluster.await(cluster.node("n1").set("k", "old"));
    await cluster.await(cluster.node("n1").delete("k"));
    await cluster.pass(GRACE_MS - 200);
    cluster.crash("n3");
    cluster.restart("n3");
    await cluster.pass(3 * GRACE_MS);
    expect(sizes()).toEqual([0, 0, 0]);
    expect(await cluster.await(cluster.node("n3").get("k"))).toBeUndefined();
  });
});
