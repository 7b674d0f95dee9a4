import { afterEach, describe, expect, test } from "vitest";
import {
  AbortedError,
  type Cache,
  type Loaded,
  LoadError,
  policyNamed,
  StoppedError,
  UnavailableError,
} from "../../../src/index.ts";
import { type Cluster, createCluster } from "./cluster.ts";

let cluster: Cluster;
afterEach(() => cluster.stop());

function start(policyName = "abd"): Cache {
  cluster = createCluster(3, { latencyMs: 10, policy: policyNamed(policyName) });
  return cluster.node("n1");
}

const FILLING = ["abd", "quorum", "async-primary"];

/** A loader that ends when told to. */
function heldLoader<T>() {
  let calls = 0;
  let resolve: (value: T | undefined) => void = () => {};
  let reject: (error: Error) => void = () => {};
  return {
    load: () => {
      calls++;
      return new Promise<T | undefined>((yes, no) => {
        resolve = yes;
        reject = no;
      });
    },
    resolve: (value: T | undefined) => resolve(value),
    reject: (error: Error) => reject(error),
    calls: () => calls,
  };
}

describe("single flight", () => {
  test("a hundred misses of one key are one load, and each caller has a value of its own", async () => {
    const cache = start();
    const loader = heldLoader<{ list: number[] }>();
    const callers = Array.from({ length: 100 }, () => cache.getOrLoad("k", loader.load));
    await cluster.pass(100);
    loader.resolve({ list: [1] });
    const values = await cluster.await(Promise.all(callers));
    expect(loader.calls()).toBe(1);
    values[0]?.list.push(2);
    expect(values[1]).toEqual({ list: [1] });
    expect(await cluster.await(cache.get("k"))).toEqual({ list: [1] });
    expect(await cluster.await(cluster.node("n3").get("k"))).toEqual({ list: [1] });
    expect(cache.getStats()).toMatchObject({ loading: { loads: 1, loadErrors: 0 } });
  });

  test("a loader that ends at once runs once, even for a caller whose lookup ends after the load", async () => {
    const cache = start();
    let calls = 0;
    const callers = Array.from({ length: 10 }, () => cache.lookupOrLoad("k", () => ++calls));
    const results = await cluster.await(Promise.all(callers));
    expect(calls).toBe(1);
    expect(new Set(results.map((result: Loaded<number>) => JSON.stringify(result))).size).toBe(1);
  });

  test("a load that fails fails for all, is not remembered, and tells its cause", async () => {
    const cache = start();
    const loader = heldLoader<string>();
    const callers = [1, 2, 3].map(() => cache.getOrLoad("k", loader.load).catch((error: unknown) => error));
    await cluster.pass(100);
    const cause = new Error("no database");
    loader.reject(cause);
    for (const error of await cluster.await(Promise.all(callers))) {
      expect(error).toBeInstanceOf(LoadError);
      expect(error).toMatchObject({ code: "load-failed", cause });
    }
    expect(await cluster.await(cache.getOrLoad("k", () => "again"))).toBe("again");
    expect(cache.getStats()).toMatchObject({
      loading: { loadErrors: 1 },
      failuresByKind: { "load-failed": 1 },
    });
  });

  test("what the loader gives that cannot be kept is an error, and nothing is stored", async () => {
    const cache = start();
    const cycle: unknown[] = [];
    cycle.push(cycle);
    for (const junk of [1n, cycle, Number.NaN, () => {}, Symbol("x")]) {
      const error: unknown = await cluster.await(cache.getOrLoad("k", () => junk).catch((thrown) => thrown));
      expect(error).toBeInstanceOf(LoadError);
    }
    expect(await cluster.await(cache.lookup("k"))).toEqual({ status: "miss" });
  });

  test("each caller has its own deadline, and the load goes on", async () => {
    const cache = start();
    const loader = heldLoader<string>();
    const hasty = cache.getOrLoad("k", loader.load, { deadlineMs: 50 }).catch((error: unknown) => error);
    const patient = cache.getOrLoad("k", loader.load);
    expect(await cluster.await(hasty)).toBeInstanceOf(UnavailableError);
    loader.resolve("v");
    expect(await cluster.await(patient)).toBe("v");
    expect(loader.calls()).toBe(1);
  });

  test("who gives up takes nobody along", async () => {
    const cache = start();
    const loader = heldLoader<string>();
    const quitter = new AbortController();
    const gone = cache
      .getOrLoad("k", loader.load, { signal: quitter.signal })
      .catch((error: unknown) => error);
    const other = cache.getOrLoad("k", loader.load);
    await cluster.pass(100);
    quitter.abort();
    expect(await cluster.await(gone)).toBeInstanceOf(AbortedError);
    loader.resolve("v");
    expect(await cluster.await(other)).toBe("v");
    await expect(cache.getOrLoad("k", loader.load, { signal: quitter.signal })).rejects.toThrow(AbortedError);
  });

  test("a loader that hangs is given up, and the next caller loads again", async () => {
    const cache = start();
    const hung = cache.getOrLoad("k", () => new Promise<never>(() => {}), { loadMs: 500 });
    const error: unknown = await cluster.await(hung.catch((thrown: unknown) => thrown));
    expect(error).toBeInstanceOf(LoadError);
    expect(String(error)).toContain("500 ms");
    expect(await cluster.await(cache.getOrLoad("k", () => 1))).toBe(1);
  });

  test("stopping the cache ends loads and those who wait", async () => {
    const cache = start();
    const waiting = cache.getOrLoad("k", () => new Promise<never>(() => {})).catch((error: unknown) => error);
    await cluster.pass(100);
    await cache.stop();
    expect(await waiting).toBeInstanceOf(StoppedError);
  });
});

describe.each(FILLING)("a late fill, with %s", (policyName) => {
  test.each(["set", "delete"] as const)("does not undo a %s of another node", async (kind) => {
    const cache = start(policyName);
    const other = cluster.node("n2");
    const loader = heldLoader<string>();
    const loading = cache.lookupOrLoad("k", loader.load);
    await cluster.pass(100);
    await cluster.await(kind === "set" ? other.set("k", "new") : other.delete("k"));
    loader.resolve("old");
    const loaded = await cluster.await(loading);
    expect(loaded).toMatchObject({ status: "loaded", value: "old" });
    // Where somebody says so; with abd nobody does.
    if (policyName !== "abd") expect(loaded).toMatchObject({ isStored: false });
    for (const name of cluster.names) {
      expect(await cluster.await(cluster.node(name).get("k"))).toBe(kind === "set" ? "new" : undefined);
    }
  });

  test("who has met a delete does not share a load from before it", async () => {
    const cache = start(policyName);
    const before = heldLoader<string>();
    const first = cache.getOrLoad("k", before.load);
    await cluster.pass(100);
    await cluster.await(cluster.node("n2").delete("k"));
    const second = cache.getOrLoad("k", () => "fresh");
    expect(await cluster.await(second)).toBe("fresh");
    before.resolve("outdated");
    expect(await cluster.await(first)).toBe("outdated");
    expect(await cluster.await(cache.get("k"))).toBe("fresh");
  });
});

describe.each(FILLING)("stale values, with %s", (policyName) => {
  test("are given out at once while one load refreshes them, and are gone after their time", async () => {
    const cache = start(policyName);
    const options = { ttlMs: 1000, staleMs: 5000 };
    await cluster.await(cache.getOrLoad("k", () => "v1", options));
    expect(await cluster.await(cache.lookupOrLoad("k", () => "v2", options))).toMatchObject({
      status: "hit",
    });
    await cluster.pass(1000);
    const loader = heldLoader<string>();
    for (let caller = 0; caller < 5; caller++) {
      const found = await cluster.await(cache.lookupOrLoad("k", loader.load, options));
      expect(found).toMatchObject({ status: "stale", value: "v1" });
    }
    expect(loader.calls()).toBe(1);
    // Who does not ask for stale values gets none.
    expect(await cluster.await(cache.get("k"))).toBeUndefined();
    loader.resolve("v2");
    await cluster.pass(100);
    expect(await cluster.await(cache.lookupOrLoad("k", loader.load, options))).toMatchObject({
      status: "hit",
      value: "v2",
    });
    expect(cache.getStats()).toMatchObject({ loading: { stale: 5, loads: 2 } });
    await cluster.pass(6100);
    expect(await cluster.await(cache.lookupOrLoad("k", () => "v3", options))).toMatchObject({
      status: "loaded",
    });
  });

  test("a refresh that fails leaves the old value to the end of its time", async () => {
    const cache = start(policyName);
    const options = { ttlMs: 1000, staleMs: 3000 };
    const fail = () => Promise.reject(new Error("down"));
    await cluster.await(cache.getOrLoad("k", () => "v1", options));
    await cluster.pass(1000);
    expect(await cluster.await(cache.lookupOrLoad("k", fail, options))).toMatchObject({ status: "stale" });
    await cluster.pass(1000);
    expect(await cluster.await(cache.lookupOrLoad("k", fail, options))).toMatchObject({ status: "stale" });
    await cluster.pass(2000);
    await expect(cluster.await(cache.getOrLoad("k", fail, options))).rejects.toThrow("down");
  });
});

describe("no value", () => {
  test("is remembered for as long as asked, and told apart from a miss", async () => {
    const cache = start();
    const loader = () => undefined;
    const options = { negativeTtlMs: 1000 };
    expect(await cluster.await(cache.lookup("k"))).toEqual({ status: "miss" });
    expect(await cluster.await(cache.getOrLoad("k", loader, options))).toBeUndefined();
    expect(await cluster.await(cache.lookup("k"))).toEqual({ status: "negative" });
    expect(await cluster.await(cache.get("k"))).toBeUndefined();
    const unused = heldLoader<string>();
    expect(await cluster.await(cache.lookupOrLoad("k", unused.load, options))).toEqual({
      status: "negative",
    });
    expect(unused.calls()).toBe(0);
    await cluster.pass(1000);
    expect(await cluster.await(cache.getOrLoad("k", () => "v", options))).toBe("v");
    await cluster.await(cache.set("k", "w"));
    expect(await cluster.await(cache.get("k"))).toBe("w");
  });

  test("is not remembered when that was not asked for", async () => {
    const cache = start();
    let calls = 0;
    const loader = () => void calls++;
    await cluster.await(cache.getOrLoad("k", loader));
    await cluster.await(cache.getOrLoad("k", loader));
    expect(calls).toBe(2);
  });
});

describe("a cache that cannot be read", () => {
  test("loads, and says that it stored nothing", async () => {
    const cache = start();
    cluster.network.cut(["n1"], ["n2", "n3"]);
    const found = await cluster.await(cache.lookupOrLoad("k", () => "v"));
    expect(found).toEqual({ status: "loaded", value: "v", isStored: false });
  });

  test("stores nothing later either: it may be older than what is there", async () => {
    const cache = start();
    const loader = heldLoader<string>();
    cluster.network.cut(["n1"], ["n2", "n3"]);
    const call = cache.lookupOrLoad("k", loader.load, { deadlineMs: 20_000 });
    await cluster.pass(2000);
    cluster.network.heal();
    loader.resolve("loaded");
    expect(await cluster.await(call)).toEqual({ status: "loaded", value: "loaded", isStored: false });
    expect((await cluster.await(cache.lookup("k"))).status).toBe("miss");
  });

  test("shares its load with nobody who could read it", async () => {
    const cache = start();
    const [blind, seeing] = [heldLoader<string>(), heldLoader<string>()];
    cluster.network.cut(["n1"], ["n2", "n3"]);
    const first = cache.lookupOrLoad("k", blind.load, { deadlineMs: 20_000 });
    await cluster.pass(2000);
    cluster.network.heal();
    const second = cache.lookupOrLoad("k", seeing.load, { deadlineMs: 20_000 });
    await cluster.pass(100);
    blind.resolve("blind");
    seeing.resolve("seeing");
    expect(await cluster.await(first)).toMatchObject({ value: "blind", isStored: false });
    expect(await cluster.await(second)).toMatchObject({ value: "seeing", isStored: true });
    expect(await cluster.await(cache.get("k"))).toBe("seeing");
  });

  test("fails if that was asked for", async () => {
    const cache = start();
    cluster.network.cut(["n1"], ["n2", "n3"]);
    const call = cache.getOrLoad("k", () => "v", { whenUnavailable: "fail" });
    await expect(cluster.await(call)).rejects.toThrow(UnavailableError);
  });
});

test("a load is in the audit log, once begun and once ended", async () => {
  const cache = start();
  await cluster.await(cache.getOrLoad("k", () => "v"));
  const types = cache.getAuditLog({ type: "cache.load" }).map(({ type }) => type);
  expect(types).toEqual(["cache.load.started", "cache.load.completed"]);
});
