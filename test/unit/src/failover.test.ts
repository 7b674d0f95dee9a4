import { createControlledClock } from "@phyxius/clock";
import { beforeEach, describe, expect, test } from "vitest";
import {
  type Cache,
  createCache,
  createInMemoryNetwork,
  createPlacement,
  type HealthThresholds,
  type InMemoryNetwork,
  type Policy,
  policyNamed,
  UnavailableError,
} from "../../../src/index.ts";

const NODES = ["n1", "n2", "n3"];
const [first, second, third] = createPlacement({ nodes: NODES, replication: 3 }).ownersOf("k") as [
  string,
  string,
  string,
];
/** Two pings in a row without an answer, and a round to find the first. */
const SUSPECTED_MS = 8000;

let clock: ReturnType<typeof createControlledClock>;
let network: InMemoryNetwork;
let caches: Map<string, Cache>;

function boot(name: string, life = 1, health: Partial<HealthThresholds> = {}): Cache {
  const policy = policyNamed("async-primary") as Policy;
  const cache = createCache({
    transport: network.join(name),
    clock,
    policy,
    health,
    incarnation: life,
    start: life === 1 ? "new" : "rejoin",
  });
  caches.set(name, cache);
  return cache;
}

/** Ends a node as a crash does, but for its timers, which nobody hears of. */
async function crash(name: string): Promise<void> {
  network.leave(name);
  await caches.get(name)?.stop();
}

async function pass(ms: number): Promise<void> {
  for (let left = ms; left > 0; left -= 50) {
    clock.advanceBy(Math.min(50, left));
    await clock.flush();
  }
}

/** Lets time pass until it ends. */
async function ended<T>(work: Promise<T>): Promise<T> {
  const progress = { isOver: false };
  const end = (): void => {
    progress.isOver = true;
  };
  void work.then(end, end);
  await clock.flush();
  while (!progress.isOver) await pass(50);
  return work;
}

const cache = (name: string): Cache => caches.get(name) as Cache;
const failovers = (name: string): readonly unknown[] => cache(name).getAuditLog({ type: "cache.failover" });

beforeEach(() => {
  clock = createControlledClock(0);
  network = createInMemoryNetwork({ nodes: NODES });
  caches = new Map();
  for (const name of NODES) boot(name);
});

describe("when the primary of a key crashes", () => {
  test("the next owner takes over from what the others hold, and nothing that they had is lost", async () => {
    await ended(cache(third).set("k", "kept"));
    await crash(first);
    await pass(SUSPECTED_MS);
    expect(await ended(cache(third).get("k"))).toBe("kept");
    expect(failovers(second)).toMatchObject([{ type: "cache.failover.completed", key: "k", epoch: 1 }]);
    await ended(cache(third).set("k", "later"));
    expect(await ended(cache(second).get("k"))).toBe("later");
    expect(cache(second).getStats().failover).toEqual({ takeovers: 1, deposed: 0, writesLost: 0 });
  });

  test.each([1, 2, 4])("the next owner takes over after %i pings that nobody answers", async (count) => {
    for (const name of NODES) await crash(name);
    for (const name of NODES) boot(name, 2, { suspectedAfter: count });
    await pass(SUSPECTED_MS);
    await ended(cache(third).set("k", "kept"));
    await crash(first);
    const suspects = () => cache(second).getStateSnapshot().nodes.get(first);
    while (suspects()?.isSuspected !== true) await pass(50);
    expect(suspects()?.consecutiveErrors).toBe(count);
    expect(await ended(cache(second).get("k"))).toBe("kept");
    expect(failovers(second)).toMatchObject([{ type: "cache.failover.completed", key: "k" }]);
  });

  test("it comes back empty and leads again only with what the others hold", async () => {
    await ended(cache(first).set("k", "before"));
    await crash(first);
    await pass(SUSPECTED_MS);
    await ended(cache(third).set("k", "meanwhile"));
    boot(first, 2);
    await pass(SUSPECTED_MS);
    expect(await ended(cache(third).get("k"))).toBe("meanwhile");
    expect(failovers(first)).toMatchObject([{ type: "cache.failover.completed", epoch: 3 }]);
    await pass(1000);
    await ended(cache(third).set("k", "after"));
    await pass(1000);
    const versions = NODES.map((name) => cache(name).getStateSnapshot().records.get("k"));
    expect(versions.map((record) => record?.value)).toEqual(['"after"', '"after"', '"after"']);
    expect(new Set(versions.map((record) => record?.version.counter)).size).toBe(1);
  });

  test("it does not lead from nothing: with nobody to ask it says that it cannot answer", async () => {
    await ended(cache(first).set("k", "v"));
    for (const name of NODES) await crash(name);
    const alone = boot(first, 2);
    await pass(SUSPECTED_MS);
    await expect(ended(alone.get("k"))).rejects.toThrow(UnavailableError);
    expect(failovers(first)).toEqual([]);
    // When all have lost their memories there is nothing left to wait for.
    boot(second, 2);
    boot(third, 2);
    await pass(SUSPECTED_MS);
    expect(await ended(alone.get("k"))).toBeUndefined();
  });
});

describe("when the primary of a key is cut off", () => {
  test("it counts what it acknowledged in vain when it hears of its successor, and all copies converge", async () => {
    await ended(cache(first).set("k", "common"));
    await pass(1000);
    network.cut([first], [second, third]);
    await ended(cache(first).set("k", "in vain"));
    await ended(cache(first).set("k", "in vain too"));
    await pass(SUSPECTED_MS);
    await ended(cache(third).set("k", "successor"));
    expect(await ended(cache(first).get("k"))).toBe("in vain too");
    network.heal();
    await pass(SUSPECTED_MS);
    expect(failovers(first)).toMatchObject([
      { type: "cache.failover.deposed", key: "k", nodeId: second, writesLost: 2 },
    ]);
    expect(cache(first).getStats().failover).toEqual({ takeovers: 0, deposed: 1, writesLost: 2 });
    for (const name of NODES) {
      expect(cache(name).getStateSnapshot().records.get("k")?.value).toBe('"successor"');
      expect(await ended(cache(name).get("k"))).toBe("successor");
    }
  });

  test("what it acknowledged comes back when its successor has written nothing", async () => {
    network.cut([first], [second, third]);
    await ended(cache(first).set("k", "late"));
    await pass(SUSPECTED_MS);
    expect(await ended(cache(second).get("k"))).toBeUndefined();
    network.heal();
    await pass(SUSPECTED_MS);
    for (const name of NODES) expect(await ended(cache(name).get("k"))).toBe("late");
    expect(cache(first).getStats().failover?.writesLost ?? 0).toBe(0);
  });
});

test("an owner that was away gets what it missed, and the primary forgets that it was", async () => {
  network.cut([third], [first, second]);
  for (let value = 1; value <= 20; value++) await ended(cache(first).set("k", value));
  expect(cache(third).getStateSnapshot().records.size).toBe(0);
  network.heal();
  await pass(2000);
  expect(cache(third).getStateSnapshot().records.get("k")?.value).toBe("20");
  expect(NODES.flatMap(failovers)).toEqual([]);
});
