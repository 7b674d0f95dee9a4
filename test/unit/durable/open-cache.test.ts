import { createControlledClock } from "@phyxius/clock";
import { afterEach, describe, expect, test } from "vitest";
import { createLogFormat } from "../../../src/durable/log-format.ts";
import {
  type CacheError,
  createCache,
  createInMemoryNetwork,
  createPlacement,
  DEFAULT_TIMING,
  type DiskError,
  IndeterminateError,
  InvalidArgumentError,
  openCache,
  policyNamed,
} from "../../../src/index.ts";
import { createCodec } from "../../../src/wire/codec.ts";
import { ModelDisk } from "../../support/model-disk.ts";
import { createScriptedNetwork } from "../src/scripted-network.ts";
import { createDurableCluster, type DurableCluster } from "./durable-cluster.ts";

let cluster: DurableCluster;
afterEach(() => cluster?.stop());

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

function isCaughtUp(name: string): boolean {
  return cluster.node(name).getStateSnapshot().catchUp.isDone;
}

/** A file in which one bit of the entry that starts at byte `at` has flipped. */
function rotten(disk: ModelDisk, at: number): ModelDisk {
  const bytes = disk.bytes.slice();
  bytes[at + 10] = (bytes[at + 10] as number) ^ 1;
  return new ModelDisk(bytes);
}

describe("a node with a journal", () => {
  test("confirms nothing before it is synced", async () => {
    cluster = createDurableCluster(3);
    await cluster.openAll();
    for (const name of cluster.names) cluster.disk(name).isPrompt = false;
    let isDone = false;
    const set = cluster
      .node("n1")
      .set("k", "v", undefined, { deadlineMs: 60_000 })
      .then(() => (isDone = true));
    await cluster.pass(500);
    for (const name of cluster.names) {
      // Appended, and not synced.
      cluster.disk(name).work(1);
      expect(cluster.node(name).getStateSnapshot().records.size).toBe(0);
    }
    await cluster.pass(500);
    expect(isDone).toBe(false);
    cluster.disk("n2").work();
    await cluster.pass(500);
    expect(isDone).toBe(false);
    cluster.disk("n3").work();
    await cluster.await(set);
    expect(isDone).toBe(true);
    expect(cluster.node("n1").getStateSnapshot().records.size).toBe(0);
  });

  test("reads what it has without waiting for the disk", async () => {
    cluster = createDurableCluster(3);
    await cluster.openAll();
    await cluster.await(cluster.node("n1").set("k", "old"));
    for (const name of cluster.names) cluster.disk(name).isPrompt = false;
    void cluster
      .node("n1")
      .set("k", "new")
      .catch(() => {});
    await cluster.pass(10);
    expect(await cluster.node("n2").get("k")).toBe("old");
  });

  test("shares the sync of all that waits, and asks once for what is sent again and again", async () => {
    cluster = createDurableCluster(3);
    await cluster.openAll();
    const disk = cluster.disk("n2");
    disk.isPrompt = false;
    const set = cluster.node("n1").set("k", "v", undefined, { deadlineMs: 10_000 });
    cluster.disk("n3").isPrompt = false;
    await cluster.pass(2000);
    // One append and one sync, however often the coordinator asked.
    expect(disk.waiting).toBe(2);
    disk.work();
    await cluster.await(set);
  });

  test("loses nothing it confirmed when all lose power at once, and votes at once", async () => {
    cluster = createDurableCluster(5);
    await cluster.openAll();
    const keys = Array.from({ length: 40 }, (_, index) => `k${index}`);
    for (const [index, key] of keys.entries()) {
      await cluster.await(cluster.node(`n${(index % 5) + 1}`).set(key, index));
    }
    await cluster.await(cluster.node("n1").delete("k0"));
    for (const name of cluster.names) cluster.crash(name, 1);
    await cluster.openAll();
    for (const name of cluster.names) expect(isCaughtUp(name)).toBe(true);
    for (const [index, key] of keys.entries()) {
      const reader = cluster.node(`n${((index * 3) % 5) + 1}`);
      expect(await cluster.await(reader.get(key))).toBe(index === 0 ? undefined : index);
    }
  });

  test("begins a life of its own each time, and so never issues a version twice", async () => {
    cluster = createDurableCluster(1);
    const versions: (string | null)[] = [];
    for (let life = 1; life <= 3; life++) {
      const cache = await cluster.open("n1");
      await cluster.await(cache.set(`k${life}`, life));
      const found = await cluster.await(cache.lookup(`k${life}`));
      versions.push(found.status === "hit" ? found.version : null);
      cluster.crash("n1");
    }
    expect(versions).toEqual(["1.n1@1", "1.n1@2", "1.n1@3"]);
    const cache = await cluster.open("n1");
    expect(await cluster.await(cache.get("k1"))).toBe(1);
  });

  test("goes by the clock on the wall for what expired while it was down", async () => {
    cluster = createDurableCluster(1);
    await cluster.open("n1");
    await cluster.await(cluster.node("n1").set("short", "v", 1000));
    await cluster.await(cluster.node("n1").set("long", "v", 100_000_000));
    cluster.crash("n1");
    cluster.clock.advanceBy(2000);
    await cluster.open("n1");
    expect(await cluster.node("n1").get("short")).toBeUndefined();
    expect(await cluster.node("n1").get("long")).toBe("v");
    expect(cluster.node("n1").getStateSnapshot().records.size).toBe(2);
    cluster.crash("n1");
    cluster.clock.advanceBy(DEFAULT_TIMING.graceMs);
    await cluster.open("n1");
    // It cannot know who else was down, and for how long, so it forgets nothing at once.
    expect(cluster.node("n1").getStateSnapshot().records.size).toBe(2);
    cluster.clock.advanceBy(DEFAULT_TIMING.expiryMs);
    await cluster.clock.flush();
    cluster.clock.advanceBy(DEFAULT_TIMING.graceMs);
    await cluster.clock.flush();
    expect(cluster.node("n1").getStateSnapshot().records.size).toBe(1);
  });

  test("keeps its log within bounds, whatever is written over and over", async () => {
    cluster = createDurableCluster(1, { limits: { logSlackBytes: 500 } });
    await cluster.open("n1");
    let longest = 0;
    for (let index = 0; index < 300; index++) {
      await cluster.await(cluster.node("n1").set(`k${index % 3}`, index));
      longest = Math.max(longest, cluster.disk("n1").bytes.length);
    }
    expect(longest).toBeLessThan(1500);
    expect(cluster.node("n1").getStats().disk?.rewrites).toBeGreaterThan(5);
    cluster.crash("n1");
    await cluster.open("n1");
    for (let key = 0; key < 3; key++) expect(await cluster.node("n1").get(`k${key}`)).toBe(297 + key);
  });

  test("stops without leaving a timer, also while its disk fails", async () => {
    cluster = createDurableCluster(3);
    await cluster.openAll();
    cluster.disk("n1").failuresLeft = 1000;
    void cluster
      .node("n1")
      .set("k", "v")
      .catch(() => {});
    await cluster.pass(100);
    expect(cluster.node("n1").getStats().disk?.failures).toBeGreaterThan(0);
    await cluster.stop();
    await cluster.clock.flush();
    expect(cluster.clock.getPendingTimerCount()).toBe(0);
  });

  test("tells what it found in its audit log", async () => {
    cluster = createDurableCluster(1);
    await cluster.open("n1");
    await cluster.await(cluster.node("n1").set("k", "v"));
    cluster.crash("n1");
    cluster.disk("n1").bytes = Buffer.concat([cluster.disk("n1").bytes, new Uint8Array([1, 2, 3])]);
    await cluster.open("n1");
    expect(cluster.node("n1").getAuditLog({ type: "cache.disk" })).toMatchObject([
      { type: "cache.disk.opened", found: "whole", records: 1, droppedBytes: 3, problem: null },
    ]);
  });
});

describe("a journal that cannot be vouched for", () => {
  test("is damaged: the node keeps what it has, and catches up before it votes", async () => {
    cluster = createDurableCluster(3);
    await cluster.openAll();
    for (const key of ["a", "b", "c"]) await cluster.await(cluster.node("n1").set(key, key));
    cluster.crash("n2");
    const { length } = createLogFormat().life({
      node: "n2",
      incarnation: 1,
      isWhole: true,
      known: [],
      membership: cluster.node("n1").getStateSnapshot().membership,
      forgotten: 0,
    });
    cluster.replaceDisk("n2", rotten(cluster.disk("n2"), length));
    await cluster.open("n2");
    expect(isCaughtUp("n2")).toBe(false);
    expect(cluster.node("n2").getAuditLog({ type: "cache.disk" })).toMatchObject([
      { found: "damaged", records: 0, problem: `the entry at byte ${length} is not as it was written` },
    ]);
    await cluster.pass(100);
    expect(isCaughtUp("n2")).toBe(true);
    expect(cluster.node("n2").getStateSnapshot().records.size).toBe(3);

    // Caught up, it can be relied upon again: also after its next crash.
    cluster.crash("n2");
    await cluster.open("n2");
    expect(isCaughtUp("n2")).toBe(true);
    expect(cluster.node("n2").getStateSnapshot().records.size).toBe(3);
  });

  test("is gone: the node must be told, and catches up", async () => {
    cluster = createDurableCluster(3);
    await cluster.openAll();
    await cluster.await(cluster.node("n1").set("k", "v"));
    cluster.crash("n2");
    cluster.replaceDisk("n2", new ModelDisk());
    await cluster.open("n2", { start: "rejoin", incarnation: 2 });
    expect(isCaughtUp("n2")).toBe(false);
    await cluster.pass(100);
    expect(isCaughtUp("n2")).toBe(true);
    expect(cluster.node("n2").getStateSnapshot().records.size).toBe(1);
  });

  test("is that of a life which had not caught up: the next one must, again", async () => {
    cluster = createDurableCluster(3, { limits: { logSlackBytes: 100 } });
    await cluster.openAll();
    await cluster.await(cluster.node("n1").set("k", "v"));
    cluster.crash("n2");
    cluster.replaceDisk("n2", new ModelDisk());
    cluster.network.cut(["n2"], ["n3"]);
    await cluster.open("n2", { start: "rejoin", incarnation: 2 });
    for (let index = 0; index < 20; index++) await cluster.await(cluster.node("n1").set("k", index));
    expect(cluster.node("n2").getStats().disk?.rewrites).toBeGreaterThan(0);
    expect(isCaughtUp("n2")).toBe(false);
    expect(cluster.node("n2").getStateSnapshot().records.size).toBe(1);
    cluster.crash("n2");
    await cluster.open("n2");
    await cluster.pass(3000);
    expect(isCaughtUp("n2")).toBe(false);
    cluster.network.heal();
    await cluster.pass(3000);
    expect(isCaughtUp("n2")).toBe(true);
  });

  test("has lost even its number: the node must be given one", async () => {
    cluster = createDurableCluster(3);
    await cluster.openAll();
    cluster.crash("n2");
    cluster.replaceDisk("n2", rotten(cluster.disk("n2"), 0));
    const error = await failure(cluster.open("n2"));
    expect(error).toBeInstanceOf(InvalidArgumentError);
    expect(error.message).toMatch(/^option incarnation: expected a number above every life before/);
    await cluster.open("n2", { incarnation: 9 });
    expect(isCaughtUp("n2")).toBe(false);
    expect(cluster.node("n2").getStateSnapshot().incarnations.get("n2")).toBe(9);
  });

  test("belongs to another node, or to a later life: it is refused and left alone", async () => {
    cluster = createDurableCluster(3);
    await cluster.openAll();
    for (const name of cluster.names) cluster.crash(name);
    const before = cluster.disk("n1").bytes;
    cluster.replaceDisk("n2", cluster.disk("n1"));
    expect((await failure(cluster.open("n2"))).message).toBe(
      "option disk: expected a disk of its own for n2, got that of n1",
    );
    expect((await failure(cluster.open("n1", { incarnation: 1 }))).message).toBe(
      "option incarnation: expected more than 1, the life that the journal is of, or none, got 1",
    );
    expect(cluster.disk("n1").bytes).toEqual(before);
  });
});

describe("a disk that is full", () => {
  test("refuses stores, counts them, and goes on reading", async () => {
    cluster = createDurableCluster(3);
    await cluster.openAll();
    await cluster.await(cluster.node("n1").set("k", "old"));
    cluster.disk("n2").isFull = true;
    // The others are a majority.
    await cluster.await(cluster.node("n1").set("k", "new"));
    await cluster.pass(10);
    expect(cluster.node("n2").getStats().disk).toMatchObject({ refused: 1, failures: 0 });
    expect(cluster.node("n2").getStateSnapshot().records.get("k")?.value).toBe('"old"');
    expect(await cluster.await(cluster.node("n2").get("k"))).toBe("new");

    cluster.disk("n3").isFull = true;
    const error = await failure(cluster.node("n1").set("other", 1));
    expect(error).toBeInstanceOf(IndeterminateError);
    expect(await cluster.await(cluster.node("n3").get("k"))).toBe("new");

    for (const name of cluster.names) cluster.disk(name).isFull = false;
    await cluster.await(cluster.node("n2").set("other", 2));
    await cluster.pass(5000);
    for (const name of cluster.names) {
      const { records } = cluster.node(name).getStateSnapshot();
      expect([records.get("k")?.value, records.get("other")?.value]).toEqual(['"new"', "2"]);
    }
  });

  test("keeps a node from starting, which may then be tried again", async () => {
    cluster = createDurableCluster(3);
    await cluster.openAll();
    await cluster.await(cluster.node("n1").set("k", "v"));
    cluster.crash("n2");
    cluster.disk("n2").isFull = true;
    const before = cluster.disk("n2").bytes;
    expect(((await failure(cluster.open("n2"))) as unknown as DiskError).code).toBe("disk-full");
    expect(cluster.disk("n2").bytes).toEqual(before);
    cluster.disk("n2").isFull = false;
    await cluster.open("n2");
    expect(isCaughtUp("n2")).toBe(true);
    expect(cluster.node("n2").getStateSnapshot().records.size).toBe(1);
  });
});

describe("a sync that fails", () => {
  test("confirms nothing, and what it was for is not there; the log is written anew", async () => {
    cluster = createDurableCluster(3);
    await cluster.openAll();
    await cluster.await(cluster.node("n1").set("k", "old"));
    for (const name of ["n2", "n3"]) cluster.disk(name).failuresLeft = 1000;
    const error = await failure(cluster.node("n1").set("k", "new", undefined, { deadlineMs: 300 }));
    expect(error).toBeInstanceOf(IndeterminateError);
    for (const name of ["n2", "n3"]) {
      expect(cluster.node(name).getStateSnapshot().records.get("k")?.value).toBe('"old"');
      expect(cluster.node(name).getStats().disk?.failures).toBeGreaterThan(1);
      cluster.disk(name).failuresLeft = 0;
    }
    await cluster.pass(200);
    await cluster.await(cluster.node("n2").set("k", "newest"));
    for (const name of cluster.names) cluster.crash(name, 1);
    await cluster.openAll();
    expect(await cluster.await(cluster.node("n3").get("k"))).toBe("newest");
  });

  test("makes a coordinator that owns the key count on the others", async () => {
    cluster = createDurableCluster(3);
    await cluster.openAll();
    cluster.disk("n1").failuresLeft = 1;
    await cluster.await(cluster.node("n1").set("k", "v"));
    for (const name of cluster.names) cluster.crash(name, 1);
    await cluster.openAll();
    expect(await cluster.await(cluster.node("n1").get("k"))).toBe("v");
  });
});

/**
 * The counterexample at `Gather`, with a member of the quorum that crashes and reads its journal in between: r
 * forgets, catches up from a and b, and b crashes before the late store of W reaches it. b's confirmation must tell
 * of r's second life all the same, or r's own confirmation, from its first, would still count.
 */
test("whom it gave what it held is known to a node after a crash", async () => {
  const nodes = ["a", "b", "c", "r"];
  const clock = createControlledClock(0);
  const network = createScriptedNetwork(nodes, () => clock.flush());
  const disks = new Map(nodes.map((name) => [name, new ModelDisk()]));
  const timing = { healthMs: 1_000_000_000, repairMs: 1_000_000_000, retryMs: 100_000_000 };
  const boot = (name: string, more = {}) =>
    openCache({
      transport: network.join(name),
      clock,
      durability: "journal",
      disk: disks.get(name),
      timing,
      ...more,
    });
  const caches = new Map<string, Awaited<ReturnType<typeof boot>>>();
  for (const name of nodes) caches.set(name, await boot(name));
  const placement = createPlacement({ nodes, replication: 3 });
  let key = "";
  for (let index = 0; key === "" || placement.ownersOf(key).includes("c"); index++) key = `k${index}`;

  let outcome = "open";
  void caches
    .get("c")
    ?.set(key, "W", 300_000, { deadlineMs: 1_000_000 })
    .then(
      () => (outcome = "acknowledged"),
      () => (outcome = "failed"),
    );
  await network.deliver({ type: "read" });
  await network.deliver({ type: "read-reply" });
  await network.deliver({ to: "r", type: "store" });
  await network.deliver({ from: "r", type: "store-reply" });

  await caches.get("r")?.stop();
  disks.set("r", new ModelDisk());
  caches.set("r", await boot("r", { start: "rejoin", incarnation: 2 }));
  clock.advanceBy(1);
  // The coordinator hears nothing of it.
  network.drop({ to: "c" });
  await network.deliver({ type: "pull" });
  await network.deliver({ type: "pull-reply" });

  await caches.get("b")?.stop();
  disks.set("b", (disks.get("b") as ModelDisk).afterCrash(1));
  caches.set("b", await boot("b"));
  await network.deliver({ to: "b", type: "store" });
  await network.deliver({ from: "b", type: "store-reply" });
  expect(outcome).toBe("open");
  await network.deliver({ to: "r", type: "store" });
  await network.deliver({ from: "r", type: "store-reply" });
  expect(outcome).toBe("acknowledged");
  for (const cache of caches.values()) await cache.stop();
});

test("what is asked of a node that is not open yet is dropped", async () => {
  const network = createScriptedNetwork(["n1", "n2"], async () => {});
  const clock = createControlledClock(0);
  const disk = new ModelDisk();
  disk.isPrompt = false;
  const opening = openCache({ transport: network.join("n1"), clock, durability: "journal", disk });
  const ping = createCodec({ frameBytesMax: 1000 }).encode({ type: "ping", incarnation: 1, request: 1 });
  network.inject("n2", "n1", ping);
  expect(network.inFlight).toEqual([]);
  disk.work();
  await clock.flush();
  disk.work();
  const cache = await opening;
  network.inject("n2", "n1", ping);
  expect(network.inFlight).toMatchObject([{ from: "n1", to: "n2", message: { type: "pong" } }]);
  await cache.stop();
});

describe("options that do not fit each other", () => {
  const clock = createControlledClock(0);
  const transport = createInMemoryNetwork({ nodes: ["n1"] }).join("n1");
  const seed = policyNamed("seed");

  test.each([
    [
      "a journal without a disk",
      { durability: "journal" },
      /^option disk: expected a disk beside durability/,
    ],
    ["a disk without a journal", { disk: new ModelDisk() }, /^option durability: expected "journal" beside/],
    [
      "no such durability",
      { durability: "paper" },
      /^option durability: expected "memory" or "journal", got paper/,
    ],
    [
      "a policy that keeps no journal",
      { durability: "journal", disk: new ModelDisk(), policy: seed },
      /^option durability: expected memory, as the policy seed can, got journal/,
    ],
    [
      "a lost journal of the first life",
      { durability: "journal", disk: new ModelDisk(), start: "rejoin" },
      /^option incarnation: expected 2 or more/,
    ],
  ] as const)("%s", async (_, options, message) => {
    const opening = openCache({ transport, clock, ...(options as object) });
    await expect(opening).rejects.toThrow(InvalidArgumentError);
    await expect(opening).rejects.toThrow(message);
  });

  test("a journal without reading it first", () => {
    const options = { transport, clock, durability: "journal", disk: new ModelDisk() } as const;
    expect(() => createCache(options)).toThrow(/^option durability: expected "memory", or `openCache`/);
  });

  test("none: without a journal it is the same as createCache", async () => {
    const cache = await openCache({ transport, clock });
    await cache.set("k", "v");
    expect(await cache.get("k")).toBe("v");
    expect(cache.getStats()).not.toHaveProperty("disk");
    await cache.stop();
  });
});
