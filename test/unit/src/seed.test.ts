import { type ControlledClock, createControlledClock } from "@phyxius/clock";
import { afterEach, describe, expect, test } from "vitest";
import { type Cache, createCache, policyNamed, type Policy } from "../../../src/index.ts";
import { type Cluster, createCluster } from "./cluster.ts";
import { createScriptedNetwork } from "./scripted-network.ts";

const seed = policyNamed("seed") as Policy;
const stops: (() => Promise<unknown>)[] = [];
afterEach(async () => {
  for (const stop of stops.splice(0)) await stop();
});

function cluster(count: number): Cluster {
  const made = createCluster(count, { policy: seed });
  stops.push(made.stop);
  return made;
}

function scripted(names: readonly string[]) {
  const clock: ControlledClock = createControlledClock(0);
  const network = createScriptedNetwork(names, () => clock.flush());
  const caches = names.map((name) => createCache({ transport: network.join(name), clock, policy: seed }));
  stops.push(() => Promise.all(caches.map((cache) => cache.stop())));
  return { clock, network, caches: caches as [Cache, ...Cache[]] };
}

/** Whether the promise has settled by now. */
async function isOpen(promise: Promise<unknown>, clock: ControlledClock): Promise<boolean> {
  let open = true;
  const settled = () => {
    open = false;
  };
  promise.then(settled, settled);
  await clock.flush();
  return open;
}

describe("the original cache", () => {
  test("works when nothing goes wrong", async () => {
    const { node } = cluster(4);
    await node("n1").set("k", { deep: [1] }, 60_000);
    expect(await node("n1").lookup("k")).toMatchObject({
      status: "hit",
      value: { deep: [1] },
      source: "local",
    });
    expect(await node("n4").lookup("k")).toMatchObject({ status: "hit", source: "local" });
    expect(await node("n2").get("nothing")).toBeUndefined();
  });

  test("writes to the first three peers that it believes healthy, in the order of the list", async () => {
    const { node } = cluster(6);
    await node("n3").set("k", "v");
    const holders = ["n1", "n2", "n3", "n4", "n5", "n6"].filter((name) =>
      node(name).getStateSnapshot().records.has("k"),
    );
    expect(holders).toEqual(["n1", "n2", "n3", "n4"]);
  });

  test("asks peers one by one, the one with the lowest latency first", async () => {
    const { network, caches, clock } = scripted(["a", "b", "c", "d"]);
    const asked = () => network.inFlight.map(({ to }) => to);
    const first = caches[0].get("x");
    await clock.flush();
    expect(asked()).toEqual(["b"]);
    clock.advanceBy(50);
    await network.deliver({ to: "b" });
    await network.deliver({ from: "b" });
    expect(asked()).toEqual(["c"]);
    clock.advanceBy(20);
    await network.deliver({});
    expect(await first).toBeUndefined();
    void caches[0].get("y").catch(() => {});
    await clock.flush();
    // d answered at once, c took 20 ms, b 50 ms.
    expect(asked()).toEqual(["d"]);
  });

  describe("has the defect that", () => {
    test("a copy lives for five minutes, however short the value's own life", async () => {
      const { node, clock } = cluster(5);
      await node("n1").set("k", "v", 1000);
      clock.advanceBy(900);
      expect(await node("n5").get("k")).toBe("v");
      clock.advanceBy(200_000);
      expect(await node("n1").get("k")).toBe("v");
      expect(await node("n5").lookup("k")).toMatchObject({ status: "hit", source: "local" });
    });

    test("a local copy is served although another node has written since", async () => {
      const { node } = cluster(5);
      await node("n1").set("k", "old");
      expect(await node("n5").get("k")).toBe("old");
      await node("n2").set("k", "new");
      expect(await node("n5").get("k")).toBe("old");
    });

    test("a late fill overwrites a newer local value", async () => {
      const { network, caches } = scripted(["a", "b"]);
      const [a, b] = caches as [Cache, Cache];
      const seeded = b.set("k", "v1");
      network.drop({ from: "b" });
      void seeded.catch(() => {});
      const get = a.get("k");
      await network.deliver({ to: "b", type: "read" });
      const set = a.set("k", "v2");
      await network.deliver({ from: "b" });
      expect(await get).toBe("v1");
      await network.deliver({});
      await set;
      expect(await a.get("k")).toBe("v1");
    });

    test("silence is waited for without end", async () => {
      const { caches, clock } = scripted(["a", "b", "c"]);
      const get = caches[0].get("k", { deadlineMs: 100 });
      const set = caches[0].set("k", "v", 1000, { deadlineMs: 100 });
      for (const promise of [get, set]) void promise.catch(() => {});
      clock.advanceBy(3_600_000);
      expect(await isOpen(get, clock)).toBe(true);
      expect(await isOpen(set, clock)).toBe(true);
    });

    test("one reset leaves a peer out of everything, for good", async () => {
      const made = cluster(3);
      made.crash("n2");
      await made.await(made.node("n1").set("k", "v"));
      expect(made.node("n1").getStateSnapshot().nodes.get("n2")).toMatchObject({
        status: "degraded",
        consecutiveErrors: 1,
        lastError: "connection reset by n2",
      });
      made.restart("n2");
      for (let index = 0; index < 10; index++) await made.node("n1").set("k", index);
      expect(made.node("n1").getStateSnapshot().nodes.get("n2")?.status).toBe("degraded");
      expect(made.node("n2").getStateSnapshot().records.size).toBe(0);
    });

    test("with no peer left a write succeeds", async () => {
      const made = cluster(2);
      made.crash("n2");
      await expect(made.await(made.node("n1").set("k", "v1"))).rejects.toMatchObject({
        code: "replication-failed",
        message: "Replication failed: only 0/1 nodes succeeded",
      });
      await made.node("n1").set("k", "v2");
      expect(await made.node("n1").get("k")).toBe("v2");
    });

    test("a failed write stays where it was stored", async () => {
      const made = cluster(2);
      made.crash("n2");
      await made.await(
        made
          .node("n1")
          .set("k", "v")
          .catch(() => {}),
      );
      expect(await made.node("n1").get("k")).toBe("v");
    });

    test("when all peers fail, a get is a miss", async () => {
      const made = cluster(2);
      made.crash("n2");
      expect(await made.await(made.node("n1").lookup("k"))).toEqual({ status: "miss" });
      expect(made.node("n1").getAuditLog({ type: "cache.node.error" })).toHaveLength(1);
    });

    test("the mean latency is never a number", async () => {
      const { node } = cluster(2);
      await node("n1").get("k");
      await node("n1").get("k");
      expect(node("n1").getStateSnapshot().nodes.get("n2")?.avgLatencyMs).toBeNaN();
    });

    test("a delete that missed a copy is undone by the next get", async () => {
      const { node } = cluster(6);
      await node("n6").set("k", "v");
      await node("n1").delete("k");
      expect(await node("n1").get("k")).toBe("v");
    });

    test("nothing that expired is ever dropped", async () => {
      const made = cluster(3);
      for (let index = 0; index < 50; index++) await made.node("n1").set(`k${index}`, index, 1000);
      await made.pass(60_000);
      expect(made.node("n1").getStats()).toMatchObject({ cacheSize: 50, expirations: 0 });
    });
  });

  test("leaves no timer and no open operation behind when it is stopped", async () => {
    const { caches, clock } = scripted(["a", "b"]);
    const get = caches[0].get("k");
    void get.catch(() => {});
    await caches[0].stop();
    await expect(get).rejects.toMatchObject({ code: "unavailable" });
    expect(clock.getPendingTimerCount()).toBe(0);
  });
});
