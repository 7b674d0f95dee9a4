import { createControlledClock } from "@phyxius/clock";
import { createJournal } from "@phyxius/journal";
import { afterEach, describe, expect, test } from "vitest";
import {
  type AuditEntry,
  type Cache,
  type CacheEvent,
  type CacheOptions,
  createCache,
  DEFAULT_LIMITS,
  edgeOf,
  InvalidArgumentError,
  policies,
} from "../../../src/index.ts";
import { createInMemoryNetwork } from "../../../src/transport/in-memory-transport.ts";
import { createCodec } from "../../../src/wire/codec.ts";
import { createCluster } from "./cluster.ts";
import { createScriptedNetwork } from "./scripted-network.ts";

let cache: Cache;
afterEach(() => cache.stop());

function single(options: Partial<CacheOptions> = {}) {
  const clock = createControlledClock(0);
  const network = createInMemoryNetwork({ nodes: ["only"] });
  cache = createCache({ transport: network.join("only"), clock, ...options });
  return { clock, cache };
}

describe.each(policies)("a single node with policy $name", (policy) => {
  test("stores, finds, replaces, deletes and expires", async () => {
    const { clock } = single({ policy });
    await cache.set("user:123", { name: "John" }, 60_000);
    expect(await cache.get("user:123")).toEqual({ name: "John" });
    await cache.set("user:123", "replaced", 60_000);
    expect(await cache.get("user:123")).toBe("replaced");
    clock.advance(60_001);
    expect(await cache.get("user:123")).toBeUndefined();
    await cache.set("user:123", 0);
    expect(await cache.get("user:123")).toBe(0);
    clock.advance(299_999);
    expect(await cache.get("user:123")).toBe(0);
    await cache.delete("user:123");
    expect(await cache.get("user:123")).toBeUndefined();
    await cache.delete("user:123");
  });

  test("copies values at its boundary", async () => {
    single({ policy });
    const value = { list: [1, 2] };
    await cache.set("k", value);
    value.list.push(3);
    const first = await cache.get<{ list: number[] }>("k");
    first?.list.push(4);
    expect(await cache.get("k")).toEqual({ list: [1, 2] });
  });

  test.each(
    [null, false, "", 0, [], {}, "🙂 ключ \u0000 \ud800", "x".repeat(100_000)].map((value) => [value]),
  )("keeps %j", async (value) => {
    single({ policy });
    await cache.set("k", value);
    expect(await cache.lookup("k")).toMatchObject({ status: "hit", value });
  });

  test("counts what it does", async () => {
    single({ policy });
    await cache.set("k", "v");
    await cache.get("k");
    await cache.get("k");
    await cache.get("other");
    await cache.delete("k");
    await cache.get("").catch(() => {});
    expect(cache.getStats()).toMatchObject({
      hits: 2,
      misses: 1,
      getErrors: 0,
      writes: 2,
      failures: 0,
      failuresByKind: { "invalid-key": 1 },
      hitRate: 2 / 3,
      nodeCount: 0,
      healthyNodes: 0,
    });
  });
});

describe("bad arguments", () => {
  const circular: Record<string, unknown> = {};
  circular["self"] = circular;
  const tooLong = "x".repeat(DEFAULT_LIMITS.keyBytesMax + 1);

  test.each<[string, string, (cache: Cache) => Promise<unknown>]>([
    ["an empty key", "invalid-key", (it) => it.get("")],
    ["a number for a key", "invalid-key", (it) => it.get(7 as unknown as string)],
    ["no key", "invalid-key", (it) => it.delete(undefined as unknown as string)],
    ["a huge key", "invalid-key", (it) => it.lookup(tooLong)],
    ["a key whose bytes are too many", "invalid-key", (it) => it.get("é".repeat(600))],
    ["half a surrogate pair", "invalid-key", (it) => it.set("\ud83d", 1)],
    ["no value", "invalid-value", (it) => it.set("k", undefined)],
    ["a function", "invalid-value", (it) => it.set("k", () => 1)],
    ["a symbol", "invalid-value", (it) => it.set("k", Symbol("s"))],
    ["a bigint", "invalid-value", (it) => it.set("k", 1n)],
    ["not a number", "invalid-value", (it) => it.set("k", Number.NaN)],
    ["a circle", "invalid-value", (it) => it.set("k", circular)],
    ["a huge value", "invalid-value", (it) => it.set("k", "x".repeat(DEFAULT_LIMITS.valueBytesMax))],
    ["a ttl of zero", "invalid-ttl", (it) => it.set("k", 1, 0)],
    ["a negative ttl", "invalid-ttl", (it) => it.set("k", 1, -1)],
    ["a ttl that is not a number", "invalid-ttl", (it) => it.set("k", 1, Number.NaN)],
    ["an endless ttl", "invalid-ttl", (it) => it.set("k", 1, Number.POSITIVE_INFINITY)],
    ["a ttl of a million years", "invalid-ttl", (it) => it.set("k", 1, 3e16)],
    ["a deadline in the past", "invalid-deadline", (it) => it.get("k", { deadlineMs: -1 })],
    ["half a millisecond", "invalid-deadline", (it) => it.delete("k", { deadlineMs: 0.5 })],
  ])("%s: %s, nothing sent, nothing logged", async (_name, code, call) => {
    const clock = createControlledClock(0);
    const network = createScriptedNetwork(["a", "b"], () => clock.flush());
    cache = createCache({ transport: network.join("a"), clock });
    await expect(call(cache)).rejects.toBeInstanceOf(InvalidArgumentError);
    await expect(call(cache)).rejects.toMatchObject({ code });
    expect(network.inFlight).toEqual([]);
    expect(cache.getAuditLog()).toEqual([]);
    expect(cache.getStats().failuresByKind).toEqual({ [code]: 2 });
  });

  test.each<[string, Partial<CacheOptions>]>([
    ["replication", { replication: 4 }],
    ["replication", { replication: 0 }],
    ["incarnation", { incarnation: 0.5 }],
    ["incarnation", { start: "rejoin" }],
    ["start", { start: "again" as "new" }],
    ["limits.recordsMax", { limits: { recordsMax: 0 } }],
    ["timing.repairMs", { timing: { repairMs: Number.NaN } }],
    ["timing.repairMS", { timing: { repairMS: 1 } as object }],
    ["clockSkewMs", { clockSkewMs: -1 }],
    ["clockSkewMs", { clockSkewMs: Number.NaN }],
    ["clockSkewMs", { clockSkewMs: Number.POSITIVE_INFINITY }],
  ])("option %s is refused by name", (name, options) => {
    single();
    const network = createInMemoryNetwork({ nodes: ["a", "b", "c"] });
    const create = () =>
      createCache({ transport: network.join("a"), clock: createControlledClock(0), ...options });
    expect(create).toThrow(InvalidArgumentError);
    expect(create).toThrow(`option ${name}: expected`);
  });
});

describe("the audit log", () => {
  test("has one start and one end for each operation, whatever becomes of it", async () => {
    const cluster = createCluster(3, { latencyMs: 3 });
    cache = cluster.node("n1");
    const operations: Promise<unknown>[] = [];
    for (let round = 0; round < 20; round++) {
      for (const name of cluster.names) {
        const node = cluster.node(name);
        const key = `k${round % 4}`;
        operations.push(node.set(key, round), node.get(key), node.delete(key));
      }
      if (round === 5) cluster.network.cut(["n1"], ["n2", "n3"]);
      if (round === 15) cluster.network.heal();
      await cluster.pass(130);
    }
    await cluster.await(Promise.allSettled(operations));
    for (const name of cluster.names) {
      const log = cluster.node(name).getAuditLog();
      const edges = new Map<string, string[]>();
      for (const { type, operation } of log) {
        const edge = edgeOf(type);
        if (operation === null || edge === null) continue;
        edges.set(operation, [...(edges.get(operation) ?? []), edge]);
      }
      expect(edges.size).toBe(60);
      for (const seen of edges.values()) expect(seen).toEqual(["start", "end"]);
      const { hits, misses, getErrors, writes, writeErrors } = cluster.node(name).getStats();
      expect(hits + misses + getErrors).toBe(20);
      expect(writes + writeErrors).toBe(40);
    }
    expect(cache.getStats().getErrors).toBeGreaterThan(0);
    const failed = cache.getAuditLog({ type: "error" });
    expect(failed.map(({ type }) => type)).toContain("cache.node.error");
    await cluster.stop();
  });

  test("can be filtered by type, key, operation and time", async () => {
    const { clock } = single();
    await cache.set("a", 1);
    clock.advanceBy(100);
    await cache.get("a");
    await cache.get("b");
    const types = (entries: AuditEntry[]) => entries.map(({ type }) => type);
    expect(types(cache.getAuditLog({ type: "cache.get" }))).toEqual([
      "cache.get.started",
      "cache.get.hit",
      "cache.get.started",
      "cache.get.miss",
    ]);
    expect(types(cache.getAuditLog({ key: "a" }))).toHaveLength(4);
    expect(types(cache.getAuditLog({ key: "a", since: 100 }))).toEqual([
      "cache.get.started",
      "cache.get.hit",
    ]);
    expect(cache.getAuditLog({ operation: "only@1#1" })).toEqual([
      { type: "cache.set.started", operation: "only@1#1", key: "a", ttlMs: 300_000, wallMs: 0, monoMs: 0 },
      { type: "cache.set.completed", operation: "only@1#1", key: "a", wallMs: 0, monoMs: 0 },
    ]);
  });

  test("is bounded", async () => {
    single({ limits: { journalEntriesMax: 10 } });
    for (let index = 0; index < 50; index++) await cache.get("k");
    expect(cache.getAuditLog()).toHaveLength(10);
    expect(cache.getAuditLog().at(-1)).toMatchObject({ operation: "only@1#50" });
  });

  test("that refuses an entry, or a listener that throws, fails no operation", async () => {
    const clock = createControlledClock(0);
    const journal = createJournal<CacheEvent>({ clock, maxEntries: 1, overflow: "bounded:error" });
    single({
      journal,
      onEvent: () => {
        throw new Error("listener");
      },
    });
    await cache.set("k", "v");
    expect(await cache.get("k")).toBe("v");
    expect(cache.getStats()).toMatchObject({ hits: 1, writes: 1, failures: 0, journalErrors: 3 });
  });

  test("is told to a listener as it is written", async () => {
    const events: CacheEvent[] = [];
    single({ onEvent: (event) => events.push(event) });
    await cache.set("k", "v");
    expect(events.map(({ type }) => type)).toEqual(["cache.set.started", "cache.set.completed"]);
  });
});

describe("frames that are no messages", () => {
  test("are counted, change nothing, and the node stays up", async () => {
    const cluster = createCluster(3);
    cache = cluster.node("n1");
    const clock = createControlledClock(0);
    const network = createScriptedNetwork(["a", "b"], () => clock.flush());
    const victim = createCache({ transport: network.join("a"), clock });
    const before = victim.getStateSnapshot().records;
    const good = createCodec({ frameBytesMax: 1000 }).encode({ type: "ping", incarnation: 1, request: 1 });
    network.inject("b", "a", new Uint8Array(0));
    network.inject("b", "a", good.subarray(0, 5));
    network.inject("b", "a", new Uint8Array(40).fill(7));
    network.inject("b", "a", new Uint8Array(10_000_000));
    network.inject("stranger", "a", good);
    network.inject("b", "a", good);
    expect(victim.getStats().rejectedFrames).toEqual({
      truncated: 1,
      checksum: 2,
      "too-large": 1,
      "unknown-node": 1,
    });
    expect(victim.getStateSnapshot().records).toBe(before);
    expect(network.inFlight.map(({ message }) => message.type)).toEqual(["pong"]);
    await victim.stop();
    await cluster.stop();
  });
});

describe("stopping", () => {
  test("ends what is open, leaves no timer, and lets nothing start", async () => {
    const clock = createControlledClock(0);
    const network = createScriptedNetwork(["a", "b", "c"], () => clock.flush());
    cache = createCache({ transport: network.join("a"), clock });
    const get = cache.get("k");
    const set = cache.set("k", "v");
    void get.catch(() => {});
    void set.catch(() => {});
    await clock.flush();
    expect(clock.getPendingTimerCount()).toBeGreaterThan(0);
    await cache.stop();
    expect(clock.getPendingTimerCount()).toBe(0);
    await expect(get).rejects.toMatchObject({ code: "unavailable" });
    await expect(set).rejects.toMatchObject({ code: "unavailable" });
    await expect(cache.get("k")).rejects.toMatchObject({ code: "stopped" });
    const sent = network.inFlight.length;
    clock.advanceBy(60_000);
    await clock.flush();
    expect(network.inFlight).toHaveLength(sent);
    const ends = cache.getAuditLog({ type: ".error" }).filter(({ type }) => edgeOf(type) === "end");
    expect(ends).toHaveLength(2);
    await cache.stop();
  });

  test("leaves no timer behind after any mix of operations", async () => {
    const cluster = createCluster(5, { latencyMs: 2 });
    cache = cluster.node("n1");
    for (let index = 0; index < 20; index++) {
      await cluster.await(cluster.node(`n${1 + (index % 5)}`).set(`k${index % 3}`, index));
    }
    await cluster.pass(20_000);
    await cluster.stop();
    await cluster.pass(10);
    expect(cluster.clock.getPendingTimerCount()).toBe(0);
  });
});

describe("background work", () => {
  test("statistics are written into the log", async () => {
    const { clock } = single({ timing: { statisticsMs: 1000 } });
    await cache.set("k", "v");
    await cache.get("k");
    for (let step = 0; step < 300; step++) {
      clock.advanceBy(10);
      await clock.flush();
    }
    const snapshots = cache.getAuditLog({ type: "cache.stats.snapshot" });
    expect(snapshots.length).toBeGreaterThanOrEqual(2);
    expect(snapshots.at(-1)).toMatchObject({ operation: null, stats: { hits: 1, hitRate: 1, cacheSize: 1 } });
  });

  test("a snapshot of the state is never touched again", async () => {
    single();
    await cache.set("a", 1);
    const snapshot = cache.getStateSnapshot();
    await cache.set("b", 1);
    await cache.delete("a");
    expect(snapshot.records.size).toBe(1);
    expect(snapshot.records.get("a")?.value).toBe("1");
    expect(snapshot.stats.writes).toBe(1);
  });
});
