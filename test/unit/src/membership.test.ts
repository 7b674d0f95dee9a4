import { type ControlledClock, createControlledClock } from "@phyxius/clock";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import {
  type Cache,
  type CacheOptions,
  createCache,
  createPlacement,
  ConflictingChangeError,
  InvalidArgumentError,
  openCache,
  policies,
  policyNamed,
} from "../../../src/index.ts";
import { createInMemoryNetwork, type InMemoryNetwork } from "../../../src/transport/in-memory-transport.ts";
import { ModelDisk } from "../../support/model-disk.ts";

const NAMES = ["n1", "n2", "n3", "n4", "n5"];
const FIRST = ["n1", "n2", "n3"];
const KEYS = Array.from({ length: 40 }, (_, index) => `k${index}`);

let clock: ControlledClock;
let network: InMemoryNetwork;
let caches: Map<string, Cache>;

function boot(name: string, options: Partial<CacheOptions> = {}): Cache {
  const cache = createCache({ transport: network.join(name), clock, members: FIRST, ...options });
  caches.set(name, cache);
  return cache;
}

function node(name: string): Cache {
  const cache = caches.get(name);
  if (cache === undefined) throw new Error(`${name} is down`);
  return cache;
}

function crash(name: string): void {
  network.leave(name);
  void node(name).stop();
  caches.delete(name);
}

async function pass(durationMs: number): Promise<void> {
  for (let left = durationMs; left > 0; left -= 10) {
    clock.advanceBy(10);
    await clock.flush();
  }
}

/** Waits while time passes; at most half a minute. */
async function settled<T>(promise: Promise<T>): Promise<T> {
  const over = promise.then(
    () => true,
    () => true,
  );
  await clock.flush();
  for (let waitedMs = 0; waitedMs < 30_000; waitedMs += 10) {
    if (await Promise.race([over, pass(10).then(() => false)])) return promise;
  }
  throw new Error("not settled after half a minute");
}

function names(cache: Cache): readonly string[] {
  return cache.members().members.map(({ id }) => id);
}

async function fill(): Promise<void> {
  for (const key of KEYS) await settled(node("n1").set(key, key));
}

async function expectAllFrom(reader: string): Promise<void> {
  for (const key of KEYS) expect(await settled(node(reader).get(key))).toBe(key);
}

beforeEach(() => {
  clock = createControlledClock({ initialTime: 1_000_000 });
  network = createInMemoryNetwork({ nodes: NAMES, clock });
  caches = new Map();
  for (const name of NAMES) boot(name);
});

afterEach(async () => {
  await Promise.all([...caches.values()].map((cache) => cache.stop()));
});

describe("a change of members", () => {
  test("moves the records of a new member's keys to it, in two epochs", async () => {
    await fill();
    const configuration = await settled(node("n1").changeMembers({ add: ["n4"] }));
    expect(configuration).toMatchObject({ epoch: 3, previous: null });
    expect(names(node("n4"))).toEqual(["n1", "n2", "n3", "n4"]);
    const placement = createPlacement({ nodes: ["n1", "n2", "n3", "n4"], replication: 3 });
    await pass(5000);
    for (const name of ["n1", "n2", "n3", "n4"]) {
      const owned = KEYS.filter((key) => placement.ownersOf(key).includes(name)).toSorted();
      expect([...node(name).getStateSnapshot().records.keys()].toSorted()).toEqual(owned);
    }
    await expectAllFrom("n4");
    const epochs = node("n4").getAuditLog({ type: "cache.membership" });
    expect(epochs).toMatchObject([
      { epoch: 2, previous: FIRST, isMember: true },
      { epoch: 3, previous: null, isMember: true },
    ]);
  });

  test("replaces all members at once, and those who left hold nothing and still pass operations on", async () => {
    network = createInMemoryNetwork({ nodes: [...NAMES, "n6"], clock });
    await Promise.all([...caches.values()].map((cache) => cache.stop()));
    caches.clear();
    for (const name of [...NAMES, "n6"]) boot(name);
    await fill();
    await settled(node("n2").changeMembers({ add: ["n4", "n5", "n6"], drain: FIRST }));
    await pass(3000);
    for (const name of FIRST) {
      expect(node(name).getStateSnapshot().records.size).toBe(0);
      expect(node(name).getAuditLog({ type: "cache.membership" }).at(-1)).toMatchObject({ isMember: false });
    }
    await expectAllFrom("n1");
    for (const name of FIRST) crash(name);
    await expectAllFrom("n4");
  });

  test("does without a member that is dead, and that one learns of it when it comes back", async () => {
    await fill();
    crash("n3");
    await settled(node("n1").changeMembers({ add: ["n4"], remove: ["n3"] }));
    boot("n3", { incarnation: 2, start: "rejoin" });
    await pass(3000);
    expect(node("n3").members()).toEqual(node("n1").members());
    expect(node("n3").getStateSnapshot().records.size).toBe(0);
    crash("n2");
    await expectAllFrom("n4");
  });

  test("waits for a majority of the old owners, and completes when they are back, whoever began it", async () => {
    await fill();
    const change = node("n1").changeMembers({ add: ["n4", "n5"] }, { deadlineMs: 2000 });
    const ended = change.then(
      () => "complete",
      (error: Error) => error.message,
    );
    await clock.flush();
    network.cut(["n2", "n3"], ["n1", "n4", "n5"]);
    expect(await settled(ended)).toMatch(/is not known to be complete; this node is in epoch/);
    expect(node("n1").members().epoch).toBeLessThan(3);
    crash("n1");
    boot("n1", { incarnation: 2, start: "rejoin" });
    network.heal();
    await pass(8000);
    const { previous, epoch } = node("n2").members();
    // Begun or not, nothing is left half done.
    expect(previous).toBeNull();
    for (const name of NAMES) expect(node(name).members().epoch).toBe(epoch);
    await expectAllFrom("n5");
  });

  test("is one at a time: of two that are asked for at once, one is told of the other", async () => {
    const ends = await settled(
      Promise.allSettled([
        node("n1").changeMembers({ add: ["n4"] }),
        node("n2").changeMembers({ add: ["n5"] }),
      ]),
    );
    expect(ends.filter(({ status }) => status === "fulfilled")).toHaveLength(1);
    const failed = ends.find((end) => end.status === "rejected");
    expect(failed?.reason).toBeInstanceOf(ConflictingChangeError);
    await pass(3000);
    expect(new Set(NAMES.map((name) => JSON.stringify(node(name).members()))).size).toBe(1);
  });

  test("an operation that is under way goes on in the new configuration", async () => {
    await fill();
    network.cut(["n1"], ["n2", "n3", "n4", "n5"]);
    const read = node("n1").get("k1", { deadlineMs: 20_000 });
    const write = node("n1").set("k2", "later", undefined, { deadlineMs: 20_000 });
    await settled(node("n2").changeMembers({ add: ["n4", "n5"] }));
    expect(node("n1").members().epoch).toBe(1);
    network.heal();
    expect(await settled(read)).toBe("k1");
    await settled(write);
    expect(node("n1").members().epoch).toBe(3);
    expect(await settled(node("n5").get("k2"))).toBe("later");
  });

  test.each([
    [{}, /names no node/],
    [{ add: ["n1"] }, /"n1" is a member already/],
    [{ add: ["n9"] }, /"n9" is not a node of the transport/],
    [{ drain: ["n4"] }, /"n4" is not a member/],
    [{ remove: ["n1"] }, /leaves 2 members for 3 copies/],
    [{ add: ["n4"], drain: ["n1"], remove: ["n1"] }, /names a node twice/],
  ])("%j is refused", async (change, message) => {
    const refused = node("n1").changeMembers(change);
    await expect(refused).rejects.toThrow(message);
    await expect(refused).rejects.toBeInstanceOf(InvalidArgumentError);
    expect(node("n1").members().epoch).toBe(1);
  });

  test("a policy that moves no records refuses it", async () => {
    crash("n1");
    boot("n1", { policy: policies.find(({ name }) => name === "seed") });
    await expect(node("n1").changeMembers({ add: ["n4"] })).rejects.toThrow(
      /the policy seed moves no records/,
    );
  });
});

test("a node with a journal knows its configuration after a crash", async () => {
  await Promise.all([...caches.values()].map((cache) => cache.stop()));
  caches.clear();
  const disks = new Map(NAMES.map((name) => [name, new ModelDisk()]));
  async function open(name: string): Promise<void> {
    const cache = await openCache({
      transport: network.join(name),
      clock,
      members: FIRST,
      durability: "journal",
      disk: disks.get(name),
    });
    caches.set(name, cache);
  }
  for (const name of NAMES) await open(name);
  await fill();
  await settled(node("n1").changeMembers({ add: ["n4"], drain: ["n2"] }));
  await pass(2000);
  const before = node("n4").members();
  for (const name of NAMES) {
    crash(name);
    disks.set(name, disks.get(name)?.afterCrash(1) ?? new ModelDisk());
  }
  for (const name of NAMES) await open(name);
  for (const name of NAMES) expect(node(name).members()).toEqual(before);
  expect(node("n2").getStateSnapshot().records.size).toBe(0);
  await expectAllFrom("n3");
});

describe.each(["quorum", "async-primary"])("with %s, a change of members", (policyName) => {
  beforeEach(() => {
    for (const name of NAMES) {
      crash(name);
      boot(name, { policy: policyNamed(policyName) });
    }
  });

  test("keeps what was there before, whoever owns it now, and goes on from it", async () => {
    await fill();
    await settled(node("n1").changeMembers({ add: ["n4", "n5"] }));
    for (const reader of NAMES) await expectAllFrom(reader);
    for (const key of KEYS) await settled(node("n5").set(key, `${key} again`));
    await settled(node("n2").changeMembers({ drain: ["n1", "n2"] }));
    for (const key of KEYS) {
      expect(await settled(node("n3").get(key))).toBe(`${key} again`);
      expect(await settled(node("n1").get(key))).toBe(`${key} again`);
    }
  });

  test("loses nothing that is written while it is under way", async () => {
    await fill();
    const changing = node("n1").changeMembers({ add: ["n4", "n5"], remove: ["n2"] });
    for (const [place, key] of KEYS.entries()) {
      await pass(10);
      const writer = NAMES[place % NAMES.length] as string;
      await settled(node(writer).set(key, `${key} by ${writer}`));
    }
    await settled(changing);
    for (const [place, key] of KEYS.entries()) {
      const value = `${key} by ${NAMES[place % NAMES.length]}`;
      for (const reader of NAMES) expect(await settled(node(reader).get(key))).toBe(value);
    }
  });
});

describe("with a primary for each key", () => {
  beforeEach(() => {
    for (const name of NAMES) {
      crash(name);
      boot(name, { policy: policyNamed("async-primary") });
    }
  });

  async function add(cache: Cache, key: string): Promise<void> {
    for (;;) {
      const found = await cache.lookup<number>(key);
      const [version, count] = found.status === "hit" ? [found.version, found.value] : [null, 0];
      if ((await cache.compareAndSet(key, version, count + 1)).isSet) return;
    }
  }

  test("every compare-and-set counts once while primaries change, whoever asks", async () => {
    const keys = KEYS.slice(0, 8);
    for (const key of keys) await settled(add(node("n1"), key));
    const adding: Promise<void>[] = [];
    const changes = [{ add: ["n4", "n5"] }, { drain: ["n1"] }, { add: ["n1"], drain: ["n3"] }];
    for (const change of changes) {
      const changing = node("n2").changeMembers(change);
      for (const name of NAMES) for (const key of keys) adding.push(add(node(name), key));
      await settled(changing);
    }
    await settled(Promise.all(adding));
    for (const key of keys)
      expect(await settled(node("n5").get(key))).toBe(1 + changes.length * NAMES.length);
  });

  test("a first owner that has joined leads with all that there was, without a failover", async () => {
    await fill();
    await settled(node("n1").changeMembers({ add: ["n4", "n5"] }));
    const placement = createPlacement({ nodes: NAMES, replication: 3 });
    const moved = KEYS.filter((key) => !FIRST.includes(placement.ownersOf(key)[0] as string));
    expect(moved.length).toBeGreaterThan(5);
    for (const key of moved) expect(await settled(node("n2").get(key))).toBe(key);
    expect(NAMES.flatMap((name) => node(name).getAuditLog({ type: "cache.failover" }))).toEqual([]);
  });
});
