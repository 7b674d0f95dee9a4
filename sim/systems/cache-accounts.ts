/** What a cache counts, and how full it is, as the harness checks it. */
import type { Cache } from "../../src/index.ts";
import type { Gauge, Tally } from "../run/accounts.ts";
import { type Operation, REFUSED } from "../run/history.ts";

/** The answer of a node that has not read its disk yet. No cache counts it. */
export const STARTING = "starting";

const isSuccess = ({ result }: Operation): boolean => result === "ok";
const isFailure = ({ result, error }: Operation): boolean => result !== "ok" && error !== STARTING;

/** A compareAndSet of a client that knows no version is a look-up; the others are writes. */
const READS = ["get", "compareAndSet", "getOrLoad"] as const;
const WRITES = ["set", "delete", "touch", "compareAndSet"] as const;

function isRead({ kind, expected = null }: Operation): boolean {
  return kind === "get" || (kind === "compareAndSet" && expected === null);
}

/** What a read found; of a load nobody knows whether the value came from the cache or from the loader of another. */
function foundSomething(read: Operation): boolean | "perhaps" {
  const { kind, value, effect, found = null } = read;
  if (kind === "getOrLoad") return effect === "wrote" ? false : "perhaps";
  return isRead(read) && isSuccess(read) && (kind === "get" ? value : found) !== null;
}

function foundNothing(read: Operation): boolean | "perhaps" {
  if (read.kind === "getOrLoad") return read.effect === "wrote" ? true : "perhaps";
  return isRead(read) && isSuccess(read) && foundSomething(read) === false;
}

function failedToRead(read: Operation): boolean | "perhaps" {
  if (read.kind === "getOrLoad") return read.effect === "wrote" ? false : "perhaps";
  return isRead(read) && isFailure(read);
}

function hasWritten(write: Operation): boolean {
  const isSwap = write.kind === "compareAndSet";
  return !isRead(write) && isSuccess(write) && (!isSwap || write.effect === "wrote");
}

function failedToWrite(write: Operation): boolean {
  return !isRead(write) && isFailure(write) && write.error !== REFUSED;
}

export function talliesOf(cache: Cache): Tally[] {
  const { near, loading, disk, failover, ...stats } = cache.getStats();
  const tallies: Tally[] = [
    { name: "hits", count: stats.hits, entries: ["cache.get.hit"] },
    {
      name: "hits near and far",
      count: stats.hits + (near?.hits ?? 0),
      answers: { kinds: READS, counts: foundSomething },
    },
    {
      name: "misses",
      count: stats.misses,
      entries: ["cache.get.miss"],
      answers: { kinds: READS, counts: foundNothing },
    },
    {
      name: "reads that failed",
      count: stats.getErrors,
      entries: ["cache.get.error"],
      answers: { kinds: READS, counts: failedToRead },
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
    { name: "writes", count: stats.writes, answers: { kinds: WRITES, counts: hasWritten } },
    {
      name: "writes that failed",
      count: stats.writeErrors,
      entries: ["cache.set.error", "cache.delete.error", "cache.touch.error", "cache.compare_and_set.error"],
      answers: { kinds: WRITES, counts: failedToWrite },
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
