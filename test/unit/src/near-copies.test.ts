import { afterEach, describe, expect, test } from "vitest";
import { type Cache, createPlacement, InvalidArgumentError, policyNamed } from "../../../src/index.ts";
import { OwnerChannel } from "../../../src/near/channel.ts";
import { type Cluster, createCluster } from "./cluster.ts";

const STALE_MS_MAX = 500;
const names = ["n1", "n2", "n3", "n4", "n5"];
const owners = createPlacement({ nodes: names, replication: 3 }).ownersOf("k");
const [holder = "", other = ""] = names.filter((name) => !owners.includes(name));

let cluster: Cluster;
afterEach(() => cluster.stop());

/** Reads the key from elsewhere and lets its owners back the copy. */
async function copy(key: string): Promise<void> {
  await cluster.await(cluster.node(holder).get(key));
  await cluster.pass(50);
}

/** And how many owners hold a write when it is acknowledged. */
const WAYS = [
  { name: "abd", confirmed: 2 },
  { name: "quorum", confirmed: 2 },
  { name: "quorum", confirmed: 1, policyOptions: { read: 3, write: 1 } },
  { name: "quorum", confirmed: 3, policyOptions: { read: 1, write: 3 } },
  { name: "async-primary", confirmed: 1 },
];

describe.each(WAYS)("a near copy, with $name $policyOptions", (way) => {
  const { name: policyName, confirmed } = way;
  const policyOptions = way.policyOptions ?? {};

  function start(recordsMax?: number): Cache {
    cluster = createCluster(5, {
      replication: 3,
      latencyMs: 10,
      policy: policyNamed(policyName),
      policyOptions,
      nearCopies: { staleMsMax: STALE_MS_MAX, recordsMax },
    });
    return cluster.node(holder);
  }

  test("is read at once, without a message, and says how stale it may be", async () => {
    const cache = start();
    await cluster.await(cluster.node(other).set("k", { list: [1] }));
    expect(cache.peek("k")).toBeUndefined();
    await copy("k");
    const hit = cache.peek<{ list: number[] }>("k");
    expect(hit).toMatchObject({
      status: "hit",
      source: "local",
      staleMsMax: STALE_MS_MAX,
      value: { list: [1] },
    });
    hit?.value.list.push(2);
    expect(cache.peek("k")).toMatchObject({ value: { list: [1] } });
    expect(await cache.get("k")).toEqual({ list: [1] });
    expect(cache.getStats()).toMatchObject({ hits: 1, near: { copies: 1, hits: 3 } });
    expect(cache.promises).not.toContain("linearizable");
    expect(cache.promises).toContain("no-expired-hit");
  });

  test("lasts while its owners answer", async () => {
    const cache = start();
    await cluster.await(cluster.node(other).set("k", 1));
    await copy("k");
    await cluster.pass(20 * STALE_MS_MAX);
    expect(cache.peek("k")).toMatchObject({ value: 1 });
  });

  test.each(["set", "delete", "touch"] as const)("is gone one message after a %s elsewhere", async (kind) => {
    const cache = start();
    await cluster.await(cluster.node(other).set("k", 1));
    await copy("k");
    const elsewhere = cluster.node(other);
    if (kind === "touch") await cluster.await(elsewhere.touch("k", 500_000));
    else await cluster.await(kind === "set" ? elsewhere.set("k", 2) : elsewhere.delete("k"));
    await cluster.pass(10);
    expect(cache.peek("k")).toBeUndefined();
    expect(await cluster.await(cache.get("k"))).toBe({ set: 2, delete: undefined, touch: 1 }[kind]);
  });

  test("is gone at once when this node writes the key", async () => {
    const cache = start();
    await cluster.await(cluster.node(other).set("k", 1));
    await copy("k");
    const writing = cache.set("k", 2);
    expect(cache.peek("k")).toBeUndefined();
    await cluster.await(writing);
    expect(await cluster.await(cache.get("k"))).toBe(2);
  });

  test("of a value whose owners cannot be heard is not served beyond the bound", async () => {
    const cache = start();
    await cluster.await(cluster.node(other).set("k", 1));
    await copy("k");
    cluster.network.cut(
      [holder],
      names.filter((name) => name !== holder),
    );
    await cluster.await(cluster.node(other).set("k", 2));
    await cluster.pass(STALE_MS_MAX);
    expect(cache.peek("k")).toBeUndefined();
    cluster.network.heal();
    expect(await cluster.await(cache.get("k"))).toBe(2);
  });

  test("is not served beyond the bound when only owners are heard that may have missed a write", async () => {
    const cache = start();
    await cluster.await(cluster.node(other).set("k", 1));
    await copy("k");
    const told = owners.slice(0, confirmed);
    const untold = owners.slice(confirmed);
    cluster.network.cut([holder], told);
    cluster.network.cut([other, ...told], untold);
    await cluster.await(cluster.node(other).set("k", 2));
    await cluster.pass(STALE_MS_MAX);
    expect(cache.peek("k")).toBeUndefined();
  });

  test("never outlives its version, by the clock of this node alone", async () => {
    const cache = start();
    await cluster.await(cluster.node(other).set("k", 1, 1000));
    await cluster.pass(300);
    await copy("k");
    let lastMs = 0;
    for (let passedMs = 0; passedMs < 1500; passedMs += 10) {
      if (cache.peek("k") !== undefined) lastMs = cluster.clock.now().wallMs;
      await cluster.pass(10);
    }
    const { expireAtMs = Number.NaN } =
      cluster
        .node(owners[0] as string)
        .getStateSnapshot()
        .records.get("k") ?? {};
    expect(lastMs).toBeLessThan(expireAtMs);
    expect(lastMs).toBeGreaterThan(expireAtMs - 100);
  });

  test("is not made of what has been replaced meanwhile", async () => {
    const cache = start();
    await cluster.await(cluster.node(other).set("k", 1));
    const reading = cache.get("k");
    await cluster.pass(20);
    await cluster.await(cluster.node(other).set("k", 2));
    await reading;
    await cluster.pass(100);
    expect(cache.peek("k")?.value).not.toBe(1);
  });

  test("makes way for those used later", async () => {
    const cache = start(2);
    for (const key of ["a", "b", "c"]) await cluster.await(cluster.node(other).set(key, key));
    await copy("a");
    await copy("b");
    cache.peek("a");
    await copy("c");
    expect(["a", "b", "c"].map((key) => cache.peek(key)?.value)).toEqual(["a", undefined, "c"]);
    expect(cache.getStats().near?.copies).toBe(2);
  });

  test("survives no restart of enough of its owners", async () => {
    const cache = start();
    await cluster.await(cluster.node(other).set("k", 1));
    await copy("k");
    for (const owner of owners.slice(0, confirmed)) {
      cluster.crash(owner);
      cluster.restart(owner);
    }
    await cluster.pass(STALE_MS_MAX);
    expect(cache.peek("k")).toBeUndefined();
  });

  test("a stale value has none, and a copy of a loaded one ends when that becomes stale", async () => {
    const cache = start();
    const options = { ttlMs: 1000, staleMs: 5000 };
    await cluster.await(cluster.node(other).getOrLoad("k", () => 1, options));
    await copy("k");
    expect(cache.peek("k")).toBeDefined();
    await cluster.pass(1000);
    expect(cache.peek("k")).toBeUndefined();
    const found = await cluster.await(cache.lookupOrLoad("k", () => new Promise(() => {}), options));
    expect(found).toMatchObject({ status: "stale" });
    await cluster.pass(50);
    expect(cache.peek("k")).toBeUndefined();
  });
});

describe("near copies", () => {
  test("need a policy that can tell when they are outdated, and bounds that make sense", () => {
    cluster = createCluster(1);
    const refused = [
      { policy: policyNamed("seed"), nearCopies: {} },
      { nearCopies: { staleMsMax: 0 } },
      { nearCopies: { recordsMax: 0.5 } },
    ];
    for (const options of refused) expect(() => createCluster(1, options)).toThrow(InvalidArgumentError);
  });

  test("of a node that owns everything need nobody else", async () => {
    cluster = createCluster(1, { nearCopies: {} });
    const cache = cluster.node("n1");
    await cluster.await(cache.set("k", 1));
    await cluster.await(cache.get("k"));
    expect(cache.peek("k")).toMatchObject({ value: 1 });
    await cluster.await(cache.delete("k"));
    expect(cache.peek("k")).toBeUndefined();
  });
});

describe("a channel", () => {
  const isValid = (channel: OwnerChannel, monoMs: number): boolean => monoMs < channel.validUntilMs;
  const at = (sequence: number, channel = 1, owner = 1) => ({ owner, channel, sequence });

  test("is valid for as long as an answer says, and loses all when one is missing", () => {
    const channel = new OwnerChannel();
    expect(isValid(channel, 0)).toBe(false);
    expect(channel.answered(at(0), 100)).toBe(true);
    const { epoch } = channel;
    expect([isValid(channel, 99), isValid(channel, 100)]).toEqual([true, false]);
    expect(channel.told(at(1))).toBe(true);
    expect(channel.told(at(1))).toBe(true);
    expect(channel.epoch).toBe(epoch);
    expect(channel.told(at(3))).toBe(false);
    expect([channel.epoch, isValid(channel, 50)]).toEqual([epoch + 1, false]);
  });

  test("takes an answer that counts more than came for a loss, and an older one for nothing", () => {
    const channel = new OwnerChannel();
    channel.answered(at(0), 100);
    const { epoch } = channel;
    expect(channel.answered(at(2), 200)).toBe(true);
    expect(channel.epoch).toBe(epoch + 1);
    expect(channel.answered(at(1), 300)).toBe(false);
    expect(isValid(channel, 250)).toBe(false);
  });

  test("of another life, or one that the owner had forgotten, is another one", () => {
    const channel = new OwnerChannel();
    channel.answered(at(5), 100);
    const { epoch } = channel;
    channel.answered(at(5, 2), 200);
    expect(channel.epoch).toBe(epoch + 1);
    expect(channel.answered(at(5), 300)).toBe(false);
    channel.answered(at(0, 1, 2), 300);
    expect(channel.epoch).toBe(epoch + 2);
    expect(channel.told(at(1, 2, 1))).toBe(false);
    expect(isValid(channel, 299)).toBe(true);
  });
});
