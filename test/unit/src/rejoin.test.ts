import { type ControlledClock, createControlledClock } from "@phyxius/clock";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { type Cache, createCache, createPlacement } from "../../../src/index.ts";
import { createCodec } from "../../../src/wire/codec.ts";
import { createCluster } from "./cluster.ts";
import { createScriptedNetwork, type ScriptedNetwork } from "./scripted-network.ts";

describe("a node that restarts with an empty memory", () => {
  test("catches up and votes again", async () => {
    const cluster = createCluster(3);
    for (let index = 0; index < 30; index++) await cluster.node("n1").set(`k${index}`, index);
    cluster.crash("n2");
    cluster.restart("n2");
    expect(cluster.node("n2").getStateSnapshot().catchUp.isDone).toBe(false);
    await cluster.pass(10);
    const state = cluster.node("n2").getStateSnapshot();
    expect(state.catchUp.isDone).toBe(true);
    expect(state.records.size).toBe(30);
    cluster.network.cut(["n3"], ["n1", "n2"]);
    for (let index = 0; index < 30; index++) {
      expect(await cluster.await(cluster.node("n2").get(`k${index}`))).toBe(index);
    }
    await cluster.stop();
  });

  test("does not lose an acknowledged write when two owners restart one after the other", async () => {
    const cluster = createCluster(3);
    cluster.network.cut(["n3"], ["n1", "n2"]);
    await cluster.await(cluster.node("n1").set("k", "v"));
    cluster.network.heal();
    for (const name of ["n1", "n2"]) {
      cluster.crash(name);
      cluster.restart(name);
      await cluster.pass(2000);
    }
    for (const name of cluster.names) expect(await cluster.await(cluster.node(name).get("k"))).toBe("v");
    await cluster.stop();
  });

  test("does not vote while it cannot reach both other owners", async () => {
    const cluster = createCluster(3);
    await cluster.node("n1").set("k", "v");
    cluster.crash("n2");
    cluster.network.cut(["n2"], ["n3"]);
    cluster.restart("n2");
    await cluster.pass(3000);
    expect(cluster.node("n2").getStateSnapshot().catchUp).toMatchObject({ isDone: false });
    // It has the record, from n1, and yet its vote does not count: n3 may hold a newer one.
    expect(cluster.node("n2").getStateSnapshot().records.get("k")?.value).toBe('"v"');
    cluster.network.cut(["n1"], ["n3"]);
    const found = await cluster.await(cluster.node("n1").lookup("k"));
    expect(found.status).toBe("unavailable");
    cluster.network.heal();
    await cluster.pass(3000);
    expect(cluster.node("n2").getStateSnapshot().catchUp.isDone).toBe(true);
    expect(await cluster.await(cluster.node("n1").get("k"))).toBe("v");
    await cluster.stop();
  });

  test("two that restart together leave the keys that both own without a vote, and no other", async () => {
    const cluster = createCluster(5);
    const placement = createPlacement({ nodes: cluster.names, replication: 3 });
    const keys = Array.from({ length: 60 }, (_, index) => `k${index}`);
    for (const key of keys) await cluster.node("n1").set(key, key);
    cluster.crash("n2");
    cluster.crash("n3");
    cluster.restart("n2");
    cluster.restart("n3");
    await cluster.pass(5000);
    // A third one, later, can rely on them for what they do vote on.
    cluster.crash("n4");
    cluster.restart("n4");
    await cluster.pass(5000);
    for (const key of keys) {
      const owners = placement.ownersOf(key);
      const isLost = owners.includes("n2") && owners.includes("n3");
      const found = await cluster.await(cluster.node("n1").lookup(key, { deadlineMs: 300 }));
      expect([key, found.status]).toEqual([key, isLost ? "unavailable" : "hit"]);
    }
    await cluster.stop();
  });

  test("with five owners, two may restart together", async () => {
    const cluster = createCluster(5, { replication: 5 });
    await cluster.node("n1").set("k", "v");
    cluster.crash("n1");
    cluster.crash("n2");
    cluster.restart("n1");
    cluster.restart("n2");
    await cluster.pass(3000);
    cluster.crash("n3");
    cluster.crash("n4");
    expect(await cluster.await(cluster.node("n5").get("k"))).toBe("v");
    await cluster.stop();
  });

  test("pulls a large store page by page", async () => {
    const cluster = createCluster(3);
    const big = "x".repeat(20_000);
    for (let index = 0; index < 700; index++) {
      await cluster.node("n1").set(`k${index}`, index % 50 === 0 ? `${big}${index}` : index);
    }
    cluster.crash("n3");
    cluster.restart("n3");
    await cluster.pass(200);
    const state = cluster.node("n3").getStateSnapshot();
    expect(state.catchUp.isDone).toBe(true);
    expect(state.records.size).toBe(700);
    expect(state.records.equals(cluster.node("n1").getStateSnapshot().records)).toBe(false);
    for (const [key, record] of state.records) {
      expect(record).toEqual(cluster.node("n1").getStateSnapshot().records.get(key));
    }
    await cluster.stop();
  });
});

describe("an acknowledgement of a former life", () => {
  let clock: ControlledClock;
  let network: ScriptedNetwork;
  let caches: Map<string, Cache>;

  function boot(name: string, incarnation: number): Cache {
    const cache = createCache({
      transport: network.join(name),
      clock,
      incarnation,
      start: incarnation === 1 ? "new" : "rejoin",
      // Nothing happens by itself but the catching up of a restarted node.
      timing: { healthMs: 1_000_000_000, repairMs: 1_000_000_000, retryMs: 100_000_000 },
    });
    caches.set(name, cache);
    return cache;
  }

  beforeEach(() => {
    clock = createControlledClock(0);
    network = createScriptedNetwork(["a", "b", "c", "r"], () => clock.flush());
    caches = new Map();
    for (const name of ["a", "b", "c", "r"]) boot(name, 1);
  });

  afterEach(() => Promise.all([...caches.values()].map((cache) => cache.stop())));

  /** A key of which c, the coordinator, is not an owner. */
  function keyOwnedByTheOthers(): string {
    const placement = createPlacement({ nodes: ["a", "b", "c", "r"], replication: 3 });
    for (let index = 0; ; index++) if (!placement.ownersOf(`k${index}`).includes("c")) return `k${index}`;
  }

  test("does not complete a quorum once another member knows the newer life", async () => {
    const key = keyOwnedByTheOthers();
    let outcome = "open";
    const set = caches
      .get("c")
      ?.set(key, "W", 300_000, { deadlineMs: 1_000_000 })
      .then(
        () => (outcome = "acknowledged"),
        () => (outcome = "failed"),
      );
    await network.deliver({ type: "read" });
    await network.deliver({ type: "read-reply" });

    // The store reaches r, which confirms it; the confirmation reaches c. The others have not seen it.
    await network.deliver({ to: "r", type: "store" });
    await network.deliver({ from: "r", type: "store-reply" });

    // r crashes, comes back empty, and catches up from a and b (and c), which have nothing to give it.
    await caches.get("r")?.stop();
    boot("r", 2);
    clock.advanceBy(1);
    await network.deliver({ type: "pull" });
    await network.deliver({ type: "pull-reply" });
    expect(caches.get("r")?.getStateSnapshot().catchUp.isDone).toBe(true);

    // Now the store reaches b, whose confirmation tells of r's second life: r's own, from its first, is void.
    await network.deliver({ to: "b", type: "store" });
    await network.deliver({ from: "b", type: "store-reply" });
    expect(outcome).toBe("open");
    expect(network.inFlight.filter(({ to, message }) => to === "r" && message.type === "store")).toHaveLength(
      1,
    );

    // So a read that asks r and a may find nothing: W is not acknowledged yet. With r's new vote it is.
    await network.deliver({ to: "r", type: "store" });
    await network.deliver({ from: "r", type: "store-reply" });
    await set;
    expect(outcome).toBe("acknowledged");
    network.drop({});
    const get = caches.get("c")?.get(key, { deadlineMs: 1_000_000 });
    await network.deliver({ to: "r" });
    await network.deliver({ to: "a" });
    await network.deliver({ from: "r" });
    await network.deliver({ from: "a" });
    // r and a differ, so it stores W at a as well before it returns.
    await network.deliver({});
    expect(await get).toBe("W");
  });

  test("nor does a late repetition of it count", async () => {
    const key = keyOwnedByTheOthers();
    let outcome = "open";
    const set = caches
      .get("c")
      ?.set(key, "W", 300_000, { deadlineMs: 1_000_000 })
      .then(
        () => (outcome = "acknowledged"),
        () => (outcome = "failed"),
      );
    await network.deliver({ type: "read" });
    await network.deliver({ type: "read-reply" });
    await network.deliver({ to: "r", type: "store" });
    const confirmation = network.inFlight.find(
      ({ from, message }) => from === "r" && message.type === "store-reply",
    );
    if (confirmation === undefined) throw new Error("r did not confirm");
    network.drop({ from: "r" });
    await caches.get("r")?.stop();
    boot("r", 2);
    clock.advanceBy(1);
    await network.deliver({ type: "pull" });
    await network.deliver({ type: "pull-reply" });
    await network.deliver({ to: "b", type: "store" });
    await network.deliver({ from: "b", type: "store-reply" });
    network.inject("r", "c", confirmation.frame);
    await clock.flush();
    expect(outcome).toBe("open");
    await network.deliver({ to: "a", type: "store" });
    await network.deliver({ from: "a", type: "store-reply" });
    await set;
    expect(outcome).toBe("acknowledged");
  });

  test("a reply to a question of a former life is not taken for one's own", async () => {
    const key = keyOwnedByTheOthers();
    const owner = caches.get("a");
    void owner?.get(key, { deadlineMs: 1_000_000 }).catch(() => {});
    await clock.flush();
    const codec = createCodec({ frameBytesMax: 10_000 });
    const asked = network.inFlight.find(({ from, message }) => from === "a" && message.type === "read");
    if (asked?.message.type !== "read") throw new Error("a asked nobody");
    const forged = codec.encode({
      type: "read-reply",
      incarnation: 1,
      request: asked.message.request,
      requester: 7,
      known: [],
      version: { counter: 99, node: "b", incarnation: 1 },
      record: {
        key,
        version: { counter: 99, node: "b", incarnation: 1 },
        value: '"of another life"',
        expireAtMs: 1_000_000,
        operation: 1,
      },
      isFull: false,
    });
    network.inject("b", "a", forged);
    await clock.flush();
    expect(owner?.getStats()).toMatchObject({ hits: 0, misses: 0 });
  });
});
