import { createControlledClock } from "@phyxius/clock";
import { afterEach, describe, expect, test } from "vitest";
import { type CacheOptions, createCache, openCache, type Policy } from "../../../src/index.ts";
import { abd } from "../../../src/policies/abd.ts";
import { asyncPrimary } from "../../../src/policies/async-primary.ts";
import { quorum } from "../../../src/policies/quorum.ts";
import { seed } from "../../../src/policies/seed.ts";
import { createInMemoryNetwork } from "../../../src/transport/in-memory-transport.ts";
import { ModelDisk } from "../../support/model-disk.ts";
import { type Cluster, createCluster } from "./cluster.ts";

const DAY_MS = 86_400_000;
/** Clocks that have nothing in common but their rate. */
const CLOCKS = {
  wallErrorsMs: { n1: 3 * DAY_MS, n2: -2 * DAY_MS, n3: 0 },
  monoLeadsMs: { n1: 0, n2: 40 * DAY_MS, n3: 7 },
};
const LATENCY_MS = 10;
/** A record that goes from node to node ends early by the time that it, or an earlier message, was under way. */
const EARLY_MS = 3 * (LATENCY_MS + 1);
/** Two round trips. */
const READING_MS = 4 * LATENCY_MS;

let cluster: Cluster | null = null;

afterEach(async () => {
  await cluster?.stop();
  cluster = null;
});

function start(policy: Policy, options: Partial<CacheOptions> = {}): Cluster {
  cluster = createCluster(3, {
    ...CLOCKS,
    latencyMs: LATENCY_MS,
    policy,
    ttlMode: "relative",
    clockDriftPpm: 0,
    // The stamps of `quorum` come from wall clocks.
    clockSkewMs: 5 * DAY_MS,
    ...options,
  });
  return cluster;
}

/** What each node finds now. */
function found(it: Cluster, key: string): Promise<unknown[]> {
  return it.await(Promise.all(it.names.map((name) => it.node(name).get(key))));
}

const ALL = [
  ["abd", abd],
  ["quorum", quorum],
  ["async-primary", asyncPrimary],
] as const;

describe.each(ALL)("%s, with clocks that are days apart", (_name, policy) => {
  test.each(["n1", "n2", "n3"])("what %s writes ends in time everywhere, and not before", async (writer) => {
    const it = start(policy);
    await it.pass(100);
    const startedMs = it.clock.now().monoMs;
    await it.await(it.node(writer).set("k", "v", 1000));
    await it.pass(startedMs + 1000 - EARLY_MS - READING_MS - it.clock.now().monoMs);
    expect(await found(it, "k")).toEqual(["v", "v", "v"]);
    await it.pass(startedMs + 1000 - it.clock.now().monoMs);
    expect(await found(it, "k")).toEqual([undefined, undefined, undefined]);
  });

  test("by wall clocks it would not", async () => {
    const it = start(policy, { ttlMode: "absolute", clockSkewMs: 0, timing: { stampAheadMs: 5 * DAY_MS } });
    await it.pass(100);
    await it.await(it.node("n1").set("k", "v", 1000));
    await it.pass(2000);
    // Three days ahead when it was written.
    expect(await found(it, "k")).toContain("v");
  });

  test("a touch by another node lets it live longer", async () => {
    const it = start(policy);
    await it.pass(100);
    await it.await(it.node("n1").set("k", "v", 1000));
    await it.pass(500);
    expect(await it.await(it.node("n2").touch("k", 2000))).toBe(true);
    await it.pass(1500);
    expect(await found(it, "k")).toEqual(["v", "v", "v"]);
    await it.pass(600);
    expect(await found(it, "k")).toEqual([undefined, undefined, undefined]);
  });

  test("what a node missed comes to it restated, once, and replicas agree", async () => {
    const it = start(policy, { timing: { repairMs: 200 } });
    await it.pass(100);
    it.network.cut(["n2"], ["n1", "n3"]);
    const startedMs = it.clock.now().monoMs;
    await it.await(it.node("n1").set("k", "v", 10_000));
    it.network.heal();
    await it.pass(3000);
    const deadlines = it.names.map((name) => {
      const leadMs = CLOCKS.monoLeadsMs[name as keyof typeof CLOCKS.monoLeadsMs];
      const record = it.node(name).getStateSnapshot().records.get("k");
      return (record?.expireAtMs ?? Number.NaN) - leadMs - startedMs;
    });
    for (const deadlineMs of deadlines) {
      expect(deadlineMs).toBeLessThanOrEqual(10_000);
      expect(deadlineMs).toBeGreaterThan(10_000 - EARLY_MS);
    }
    // Its deadlines differ, its versions do not.
    const before = it.names.map((name) => it.node(name).getStateSnapshot().records);
    await it.pass(2000);
    for (const [index, name] of it.names.entries()) {
      expect(it.node(name).getStateSnapshot().records).toBe(before[index]);
    }
  });
});

describe("near copies", () => {
  test("end in time", async () => {
    cluster = createCluster(4, {
      latencyMs: LATENCY_MS,
      ttlMode: "relative",
      wallErrorsMs: CLOCKS.wallErrorsMs,
      monoLeadsMs: CLOCKS.monoLeadsMs,
      nearCopies: { staleMsMax: 500 },
    });
    const it = cluster;
    await it.pass(100);
    const startedMs = it.clock.now().monoMs;
    await it.await(it.node("n1").set("k", "v", 1000));
    for (const name of it.names) await it.await(it.node(name).get("k"));
    await it.pass(50);
    expect(it.names.filter((name) => it.node(name).peek("k") !== undefined).length).toBeGreaterThan(0);
    await it.pass(startedMs + 1000 - it.clock.now().monoMs);
    expect(it.names.filter((name) => it.node(name).peek("k") !== undefined)).toEqual([]);
  });
});

describe("a node of whose clock nothing is known", () => {
  test("is asked about it before it is sent a deadline that counts", async () => {
    const it = start(quorum);
    // What the nodes said to each other when they started is lost.
    it.network.cut(["n1"], ["n2", "n3"]);
    await it.pass(50);
    it.network.heal();
    const writing = it.node("n1").set("k", "v", 5000);
    await it.await(writing);
    expect(it.node("n2").getStats().rejectedFrames).toEqual({ clock: 1 });
    expect(await found(it, "k")).toEqual(["v", "v", "v"]);
  });
});

describe("options", () => {
  const network = createInMemoryNetwork({ nodes: ["a", "b"] });
  const clock = createControlledClock(0);
  const create = (options: Partial<CacheOptions>) => () =>
    createCache({ transport: network.join("a"), clock, ...options });

  test.each<[Partial<CacheOptions>, string]>([
    [{ ttlMode: "mine" as "absolute" }, 'option ttlMode: expected "absolute" or "relative", got mine'],
    [
      { ttlMode: "relative", policy: seed },
      "option ttlMode: expected absolute, as the policy seed can, got relative",
    ],
    [{ clockDriftPpm: -1 }, "option clockDriftPpm: expected a number from 0 to 200000, got -1"],
    [{ clockDriftPpm: 1e6 }, "option clockDriftPpm: expected a number from 0 to 200000, got 1000000"],
  ])("%j is refused", (options, message) => {
    expect(create(options)).toThrow(message);
  });

  test("a journal is refused, with the reason", async () => {
    const opening = openCache({
      transport: network.join("a"),
      clock,
      ttlMode: "relative",
      durability: "journal",
      disk: new ModelDisk(),
    });
    await expect(opening).rejects.toThrow(
      'option ttlMode: expected "absolute" beside durability "journal": after a crash no monotonic clock can tell how ' +
        "long the node was down, got relative",
    );
  });

  test("nodes of different modes do not read each other's frames", async () => {
    const two = createInMemoryNetwork({ nodes: ["a", "b"] });
    const a = createCache({ transport: two.join("a"), clock, ttlMode: "relative" });
    const b = createCache({ transport: two.join("b"), clock });
    const settled = Promise.allSettled([a.get("k", { deadlineMs: 200 }), b.get("k", { deadlineMs: 200 })]);
    clock.advanceBy(200);
    await clock.flush();
    for (const { status } of await settled) expect(status).toBe("rejected");
    expect(a.getStats().rejectedFrames.version).toBeGreaterThan(0);
    expect(b.getStats().rejectedFrames.checksum).toBeGreaterThan(0);
    await Promise.all([a.stop(), b.stop()]);
  });
});
