/** What a cache counts, and how full it is, as the harness checks it. */
import type { Cache } from "../../src/index.ts";
import type { Gauge, Tally } from "../run/accounts.ts";
import type { Operation } from "../run/history.ts";

/** The answer of a node that has not read its disk yet. No cache counts it. */
export const STARTING = "starting";

const isSuccess = ({ result }: Operation): boolean => result === "ok";
const isFailure = ({ result, error }: Operation): boolean => result !== "ok" && error !== STARTING;

const READS = ["get"] as const;
const WRITES = ["set", "delete"] as const;

export function talliesOf(cache: Cache): Tally[] {
  const { near, loading, disk, failover, ...stats } = cache.getStats();
  const tallies: Tally[] = [
    { name: "hits", count: stats.hits, entries: ["cache.get.hit"] },
    {
      name: "hits near and far",
      count: stats.hits + (near?.hits ?? 0),
      answers: { kinds: READS, counts: (read) => isSuccess(read) && read.value !== null },
    },
    {
      name: "misses",
      count: stats.misses,
      entries: ["cache.get.miss"],
      answers: { kinds: READS, counts: (read) => isSuccess(read) && read.value === null },
    },
    {
      name: "reads that failed",
      count: stats.getErrors,
      entries: ["cache.get.error"],
      answers: { kinds: READS, counts: isFailure },
    },
    {
      name: "writes and conflicts",
      count: stats.writes + (stats.conflicts ?? 0),
      entries: [
        "cache.set.completed",
        "cache.delete.completed",
        "cache.touch.completed",
        "cache.compare_and_set.completed",
      ],
    },
    { name: "writes", count: stats.writes, answers: { kinds: WRITES, counts: isSuccess } },
    {
      name: "writes that failed",
      count: stats.writeErrors,
      entries: ["cache.set.error", "cache.delete.error", "cache.touch.error", "cache.compare_and_set.error"],
      answers: { kinds: WRITES, counts: isFailure },
    },
    { name: "records that expired", count: stats.expirations, entries: ["cache.cleanup.completed"] },
    { name: "errors of the policy", count: stats.policyErrors ?? 0, entries: ["cache.policy.error"] },
  ];
  if (loading !== undefined) {
    tallies.push({ name: "loads", count: loading.loads, entries: ["cache.load.completed"] });
  }
  if (disk !== undefined) {
    tallies.push({ name: "failures of the disk", count: disk.failures, entries: ["cache.disk.error"] });
    tallies.push({ name: "rewrites of the log", count: disk.rewrites, entries: ["cache.disk.rewritten"] });
  }
  if (failover !== undefined) {
    tallies.push({
      name: "keys taken over",
      count: failover.takeovers,
      entries: ["cache.failover.completed"],
    });
    tallies.push({ name: "keys given up", count: failover.deposed, entries: ["cache.failover.deposed"] });
  }
  return tallies;
}

export function gaugesOf(cache: Cache): Gauge[] {
  return cache.getUsage().map(({ what, level, max }) => ({ name: NAMES[what], level, max }));
}

const NAMES = {
  records: "records",
  values: "records with a value",
  journalEntries: "journal entries",
  hints: "hints",
  nearCopies: "near copies",
} as const;
