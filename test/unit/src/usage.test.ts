import { afterEach, expect, test } from "vitest";
import type { CacheOptions } from "../../../src/index.ts";
import { type Cluster, createCluster } from "./cluster.ts";

let cluster: Cluster;
afterEach(() => cluster.stop());

/** How full the only node is after three sets and a delete, by what. */
async function levels(options: Partial<CacheOptions>): Promise<Readonly<Record<string, string>>> {
  cluster = createCluster(1, options);
  const cache = cluster.node("n1");
  for (const key of ["a", "b", "c"]) await cluster.await(cache.set(key, 1).catch(() => {}));
  await cluster.await(cache.delete("a"));
  return Object.fromEntries(cache.getUsage().map(({ what, level, max }) => [what, `${level}/${max}`]));
}

test("a node says how full it is: a deleted key takes its place until its grace is over", async () => {
  expect(await levels({ limits: { recordsMax: 10, journalEntriesMax: 6, hintsMax: 5 } })).toEqual({
    records: "3/10",
    hints: "0/5",
    journalEntries: "6/6",
  });
});

test("a node that is full is no fuller than it may be", async () => {
  expect(await levels({ limits: { recordsMax: 2 } })).toMatchObject({ records: "2/2" });
});

test("values that are evicted leave records, which are counted apart", async () => {
  const full = await levels({ eviction: "lru", limits: { recordsMax: 1, stubsMax: 5 } });
  expect(full).toMatchObject({ records: "3/6", values: "1/1" });
});

test("near copies have a bound of their own", async () => {
  expect(await levels({ nearCopies: { recordsMax: 7 } })).toMatchObject({ nearCopies: "0/7" });
});
