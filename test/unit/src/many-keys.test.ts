import { afterEach, describe, expect, test } from "vitest";
import { type Cache, type CacheOptions, InvalidArgumentError } from "../../../src/index.ts";
import { type Cluster, createCluster } from "./cluster.ts";

let cluster: Cluster;
afterEach(() => cluster.stop());

function start(options: Partial<CacheOptions> = {}): Cache {
  cluster = createCluster(3, { latencyMs: 10, ...options });
  return cluster.node("n1");
}

describe("many keys in one call", () => {
  test("have a result each, in the order of the call", async () => {
    const cache = start();
    const written = await cluster.await(
      cache.setMany([
        ["a", 1],
        ["b", 2],
        ["a", 3],
        ["", 4],
        ["c", 5n],
      ]),
    );
    expect([...written]).toMatchObject([
      ["a", { status: "stored" }],
      ["b", { status: "stored" }],
      ["", { status: "failed", error: { code: "invalid-key" } }],
      ["c", { status: "failed", error: { code: "invalid-value" } }],
    ]);
    const found = await cluster.await(cluster.node("n2").getMany(["b", "x", "a", "b", ""]));
    expect([...found]).toMatchObject([
      ["b", { status: "hit", value: 2 }],
      ["x", { status: "miss" }],
      ["a", { status: "hit", value: 3 }],
      ["", { status: "refused", error: { code: "invalid-key" } }],
    ]);
  });

  test("fail one by one", async () => {
    const names = ["n1", "n2", "n3"];
    const cache = start({ replication: 1 });
    await cluster.await(cache.setMany(names.map((name) => [`k-${name}`, name])));
    cluster.network.cut(["n1"], ["n2", "n3"]);
    const keys = Array.from({ length: 30 }, (_, index) => `k${index}`);
    const found = [...(await cluster.await(cache.getMany(keys))).values()].map(({ status }) => status);
    expect(found).toContain("miss");
    expect(found).toContain("unavailable");
    const written = [...(await cluster.await(cache.setMany(keys.map((key) => [key, 1])))).values()];
    expect(written.map(({ status }) => status)).toEqual(
      found.map((status) => (status === "miss" ? "stored" : "failed")),
    );
  });

  test("are under way together, as many as allowed and no more", async () => {
    const cache = start();
    let open = 0;
    let most = 0;
    cache.subscribe(({ type }) => {
      if (type === "cache.get.started") most = Math.max(most, ++open);
      if (type === "cache.get.miss") open--;
    });
    const keys = Array.from({ length: 20 }, (_, index) => `k${index}`);
    await cluster.await(cache.getMany(keys, { concurrency: 3 }));
    expect(most).toBe(3);
    await cluster.await(cache.getMany(keys));
    expect(most).toBe(16);
    await expect(cache.getMany(keys, { concurrency: 0 })).rejects.toThrow(InvalidArgumentError);
    expect(await cache.getMany([])).toEqual(new Map());
  });
});

describe("a namespace", () => {
  test("has keys of its own", async () => {
    const cache = start();
    const users = cache.namespace("users");
    await cluster.await(users.set("1", "user"));
    await cluster.await(cache.set("1", "root"));
    await cluster.await(cache.namespace("user").set("s1", "other"));
    expect(await cluster.await(users.get("1"))).toBe("user");
    expect(await cluster.await(cluster.node("n2").namespace("users").get("1"))).toBe("user");
    expect(await cluster.await(cache.get("1"))).toBe("root");
    expect(await cluster.await(cache.namespace("user").get("1"))).toBeUndefined();
    await cluster.await(users.delete("1"));
    expect(await cluster.await(cache.get("1"))).toBe("root");
    await expect(cache.get("\u0000users\u00001")).rejects.toThrow("namespace");
  });

  test("does everything that the cache does, and its loader is given the key as it was asked for", async () => {
    const users = start().namespace("users");
    const asked: string[] = [];
    const load = (key: string) => {
      asked.push(key);
      return key === "1" ? "one" : undefined;
    };
    expect(await cluster.await(users.getOrLoad("1", load))).toBe("one");
    expect(await cluster.await(users.lookupOrLoad("2", load, { negativeTtlMs: 1000 }))).toEqual({
      status: "negative",
    });
    expect(asked).toEqual(["1", "2"]);
    expect(await cluster.await(users.touch("1", 1000))).toBe(true);
    await cluster.await(users.setMany([["3", 3]]));
    expect([...(await cluster.await(users.getMany(["1", "3"]))).keys()]).toEqual(["1", "3"]);
    expect(users.getStats()).toEqual({
      hits: 2,
      misses: 2,
      getErrors: 0,
      writes: 2,
      writeErrors: 0,
      hitRate: 0.5,
    });
  });

  test.each(["", "a\u0000b", "line\n", "\ud800", "x".repeat(129), 7 as unknown as string])(
    "is not called %j",
    (name) => {
      expect(() => start().namespace(name)).toThrow(InvalidArgumentError);
    },
  );

  test("counts its name among the bytes of a key", async () => {
    const users = start({ limits: { keyBytesMax: 10 } }).namespace("users");
    await cluster.await(users.set("123", 1));
    await expect(users.set("1234", 1)).rejects.toThrow("keyBytesMax");
    await expect(users.set("", 1)).rejects.toThrow("empty");
  });
});

describe("times to live", () => {
  test("are shortened by a share drawn from the given source, and never lengthened", async () => {
    const draws = [0, 0.5, 0.999];
    const cache = start({ ttlJitter: 0.2, defaultTtlMs: 1000, random: () => draws.shift() ?? 0 });
    draws.splice(0, draws.length, 0, 0.5, 0.999);
    for (const key of ["a", "b", "c"]) await cluster.await(cache.set(key, 1));
    const ttls = cache
      .getAuditLog({ type: "cache.set.started" })
      .map((entry) => "ttlMs" in entry && entry.ttlMs);
    expect(ttls).toEqual([1000, 900, expect.closeTo(800.2, 6)]);
  });

  test.each([
    { ttlJitter: 1.5 },
    { ttlJitter: -1 },
    { ttlJitter: Number.NaN },
    { defaultTtlMs: 0 },
    { defaultTtlMs: Number.NaN },
    { defaultTtlMs: Infinity },
  ])("%j is refused", (options) => {
    cluster = createCluster(1);
    expect(() => createCluster(1, options)).toThrow(InvalidArgumentError);
  });
});

describe("who subscribes", () => {
  test("hears what happens, filtered, until the end of the subscription; others' errors do no harm", async () => {
    const cache = start();
    const heard: string[] = [];
    cache.subscribe(() => {
      throw new Error("a bad listener");
    });
    const end = cache.subscribe(({ type }) => void heard.push(type), { type: "cache.set", key: "k" });
    await cluster.await(cache.set("k", 1));
    await cluster.await(cache.set("other", 1));
    await cluster.await(cache.get("k"));
    end();
    end();
    await cluster.await(cache.set("k", 2));
    expect(heard).toEqual(["cache.set.started", "cache.set.completed"]);
  });

  test("may end a subscription while it is told", async () => {
    const cache = start();
    const heard: string[] = [];
    const end = cache.subscribe(() => {
      end();
      heard.push("first");
    });
    cache.subscribe(() => void heard.push("second"), { type: "cache.get.started" });
    await cluster.await(cache.get("k"));
    expect(heard).toEqual(["first", "second"]);
  });
});

test("latencies are counted by kind, errors too", async () => {
  const cache = start();
  await cluster.await(cache.set("k", 1));
  await cluster.await(cache.get("k"));
  cluster.network.cut(["n1"], ["n2", "n3"]);
  await cluster.await(cache.lookup("k"));
  const { latencies } = cache.getStats();
  expect(latencies.set).toMatchObject({ count: 1 });
  expect(latencies.get).toMatchObject({ count: 2, maxMs: 1000 });
  expect(latencies.get?.p50Ms).toBeLessThanOrEqual(40);
  expect(latencies.delete).toBeUndefined();
});

test("an error says what each replica that was asked has said", async () => {
  const cache = start();
  await cluster.await(cache.set("k", 1));
  cluster.network.cut(["n1"], ["n2", "n3"]);
  const read = await cluster.await(cache.lookup("k"));
  const written: unknown = await cluster.await(cache.set("k", 2).catch((error: unknown) => error));
  const replicas = (own: unknown) =>
    expect.arrayContaining([
      { node: "n1", said: own },
      { node: "n2", said: null },
      { node: "n3", said: null },
    ]);
  expect(read).toMatchObject({
    status: "unavailable",
    error: { answers: { needed: 2, replicas: replicas({ version: expect.stringMatching(/^1\.n1@1$/) }) } },
  });
  expect(written).toMatchObject({
    code: "unavailable",
    answers: { replicas: replicas({ version: "1.n1@1" }) },
  });
});
