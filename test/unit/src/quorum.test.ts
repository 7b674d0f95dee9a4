import { afterEach, describe, expect, test } from "vitest";
import {
  type CacheError,
  type CacheOptions,
  createPlacement,
  IndeterminateError,
  policyNamed,
  type Policy,
  UnavailableError,
} from "../../../src/index.ts";
import { type Cluster, createCluster } from "./cluster.ts";

const quorum = policyNamed("quorum") as Policy;

let cluster: Cluster;
afterEach(() => cluster.stop());

function start(count: number, options: Partial<Parameters<typeof createCluster>[1]> = {}): void {
  cluster = createCluster(count, { policy: quorum, ...options });
}

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

/** What each node holds of a key: its value, "deleted" or "nothing". */
function heldOf(key: string): Record<string, unknown> {
  return Object.fromEntries(
    cluster.names.map((name) => {
      const record = cluster.node(name).getStateSnapshot().records.get(key);
      return [
        name,
        record === undefined ? "nothing" : record.value === null ? "deleted" : JSON.parse(record.value),
      ];
    }),
  );
}

describe("quorum, undisturbed", () => {
  test("what one node sets, every node gets; what one deletes, none does", async () => {
    start(5);
    await cluster.node("n1").set("k", { name: "John" });
    for (const name of cluster.names) expect(await cluster.node(name).get("k")).toEqual({ name: "John" });
    await cluster.node("n2").delete("k");
    for (const name of cluster.names)
      expect(await cluster.node(name).lookup("k")).toEqual({ status: "miss" });
    await cluster.node("n3").set("k", "again");
    for (const name of cluster.names) expect(await cluster.node(name).get("k")).toBe("again");
  });

  test("concurrent sets by all nodes: one wins, everywhere", async () => {
    start(5, { latencyMs: 5 });
    await cluster.await(Promise.all(cluster.names.map((name) => cluster.node(name).set("k", name))));
    const found = await cluster.await(Promise.all(cluster.names.map((name) => cluster.node(name).get("k"))));
    expect(new Set(found).size).toBe(1);
  });

  test("works alone", async () => {
    start(1);
    await cluster.node("n1").set("k", 1);
    expect(await cluster.node("n1").get("k")).toBe(1);
  });
});

describe("quorum and clocks", () => {
  test("a write by a slow clock replaces one by a fast clock that was acknowledged before", async () => {
    start(3, { wallErrorsMs: { n1: 400 } });
    await cluster.node("n1").set("k", "fast");
    await cluster.node("n2").set("k", "slow");
    for (const name of cluster.names) expect(await cluster.node(name).get("k")).toBe("slow");
    await cluster.node("n3").delete("k");
    for (const name of cluster.names) expect(await cluster.node(name).get("k")).toBeUndefined();
  });

  test("a stamp from too far ahead is refused, answered and counted, and the node goes on", async () => {
    start(3, { wallErrorsMs: { n1: 10_000 } });
    const error = await failure(cluster.node("n1").set("k", "v"));
    expect(error).toBeInstanceOf(IndeterminateError);
    expect(error.message).toContain("refused a stamp that is ahead of their clocks");
    expect(cluster.node("n2").getStats().stampsAhead).toBe(1);
    await cluster.node("n2").set("other", "right");
    expect(await cluster.node("n3").get("other")).toBe("right");
  });

  test("clockSkewMs says how far ahead is right", async () => {
    start(3, { wallErrorsMs: { n1: 10_000 }, clockSkewMs: 10_000 });
    await cluster.node("n1").set("k", "v");
    await cluster.node("n2").set("k", "w");
    expect(await cluster.node("n3").get("k")).toBe("w");
  });
});

describe("quorum and time", () => {
  test("an expired newer version does not uncover an older one", async () => {
    start(3, { timing: { repairMs: 1_000_000 } });
    await cluster.node("n1").set("k", "old", 100_000);
    cluster.network.cut(["n3"], ["n1", "n2"]);
    await cluster.node("n1").set("k", "new", 1000);
    cluster.network.heal();
    await cluster.pass(1500);
    for (const name of ["n3", "n1", "n2"]) {
      expect(await cluster.await(cluster.node(name).lookup("k"))).toEqual({ status: "miss" });
    }
  });
});

describe("quorum repairs", () => {
  const still: Partial<CacheOptions> = { timing: { repairMs: 1_000_000 } };

  test("a stale owner by a read", async () => {
    start(3, still);
    await cluster.node("n1").set("k", "old");
    cluster.network.cut(["n3"], ["n1", "n2"]);
    await cluster.node("n1").set("k", "new");
    cluster.network.heal();
    expect(heldOf("k")).toEqual({ n1: "new", n2: "new", n3: "old" });
    expect(await cluster.node("n3").get("k")).toBe("new");
    await cluster.clock.flush();
    expect(heldOf("k")).toEqual({ n1: "new", n2: "new", n3: "new" });
  });

  test("a stale owner whose answer comes when the read is over", async () => {
    start(5, still);
    const owners = createPlacement({ nodes: cluster.names, replication: 3 }).ownersOf("k");
    const [first, second, third] = owners as [string, string, string];
    const other = cluster.names.find((name) => !owners.includes(name)) as string;
    await cluster.node(other).set("k", "old");
    cluster.network.cut(
      [third],
      cluster.names.filter((name) => name !== third),
    );
    await cluster.node(other).set("k", "new");
    cluster.network.heal();
    // The answers come in the order in which the owners are asked: two are enough.
    expect(await cluster.node(other).get("k")).toBe("new");
    await cluster.pass(20);
    expect(heldOf("k")).toMatchObject({ [first]: "new", [second]: "new", [third]: "new" });
  });

  test("an owner that was away by a hint, which does not count towards W", async () => {
    start(3, { timing: { repairMs: 200, healthMs: 1_000_000 }, policyOptions: { write: 2 } });
    cluster.network.cut(["n3"], ["n1", "n2"]);
    await cluster.node("n1").set("k", "v");
    await cluster.pass(3000);
    expect(heldOf("k")).toEqual({ n1: "v", n2: "v", n3: "nothing" });
    cluster.network.cut(["n2"], ["n1"]);
    // Two hints and one owner are no two owners.
    expect(await failure(cluster.node("n1").set("k", "w"))).toBeInstanceOf(IndeterminateError);
    cluster.network.heal();
    await cluster.pass(3000);
    expect(heldOf("k")).toEqual({ n1: "w", n2: "w", n3: "w" });
  });

  test("a minority answers nothing when R is a majority, and everything when it is 1", async () => {
    start(3, still);
    await cluster.node("n1").set("k", "v");
    cluster.network.cut(["n3"], ["n1", "n2"]);
    expect(await failure(cluster.node("n3").get("k"))).toBeInstanceOf(UnavailableError);
    await cluster.stop();
    start(3, { ...still, policyOptions: { read: 1, write: 3 } });
    await cluster.node("n1").set("k", "v");
    cluster.network.cut(["n3"], ["n1", "n2"]);
    expect(await cluster.await(cluster.node("n3").get("k"))).toBe("v");
  });
});

describe("quorum's parameters", () => {
  const invalid: { policyOptions: Record<string, number>; problem: string }[] = [
    {
      policyOptions: { read: 4 },
      problem:
        "policyOptions.read (R, how many owners answer a read) must be a whole number from 1 to 3 with 3 owners of a key, got 4",
    },
    {
      policyOptions: { write: 0 },
      problem:
        "policyOptions.write (W, how many owners confirm a write) must be a whole number from 1 to 3 with 3 owners of a key, got 0",
    },
    { policyOptions: { read: 1.5 }, problem: "got 1.5" },
    {
      policyOptions: { quorum: 1 },
      problem: 'policyOptions.quorum is no parameter of the policy "quorum", which has read, write, hedge',
    },
    { policyOptions: { toString: 1 }, problem: "policyOptions.toString is no parameter" },
  ];
  test.each(invalid)("$policyOptions is refused", ({ policyOptions, problem }) => {
    start(1);
    expect(() => createCluster(5, { policy: quorum, policyOptions })).toThrow(problem);
  });

  test("promises depend on both of Gifford's conditions", () => {
    const promises = (read: number, write: number, replication = 3) =>
      quorum.promisesOf?.({ read, write }, replication).includes("regular");
    expect([promises(2, 2), promises(1, 3), promises(3, 2), promises(3, 3)]).toEqual([
      true,
      true,
      true,
      true,
    ]);
    expect([promises(1, 1), promises(1, 2), promises(2, 1), promises(3, 1)]).toEqual([
      false,
      false,
      false,
      false,
    ]);
    expect([promises(3, 3, 5), promises(4, 2, 5), promises(1, 1, 1)]).toEqual([true, false, true]);
  });

  test("a replica that forgot asks all others but N - W, and one more", () => {
    const peers = (replication: number, write: number) => quorum.catchUpPeers?.(replication, { write });
    expect([peers(3, 2), peers(3, 3), peers(5, 3), peers(5, 4), peers(3, 1), peers(1, 1)]).toEqual([
      2, 1, 3, 2, 2, 0,
    ]);
  });
});
