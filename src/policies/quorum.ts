/**
 * Replicas by quorum, in the manner of Dynamo: N owners of a key, of which R answer a read and W confirm a write.
 *
 * G. DeCandia et al., "Dynamo: Amazon's Highly Available Key-value Store" (SOSP 2007); the conditions on R and W are
 * those of D. Gifford, "Weighted voting for replicated data" (SOSP 1979):
 *
 * - R + W > N: a read asks an owner of every write that was acknowledged before;
 * - 2 W > N: so does a write, and so it can follow what was acknowledged before.
 *
 * Any node coordinates, and everything takes one round trip. A set is stored at all owners under a stamp of a
 * hybrid logical clock and acknowledged when W have confirmed it; a get takes the newest of R answers and brings the
 * others up to it, late ones too; a delete is a set of a tombstone. Of concurrent writes the last stamp wins.
 *
 * With both conditions reads are regular. The stamp alone would not do: clocks differ, so a write may get a lower
 * stamp than one that was acknowledged before it, and be lost though it was acknowledged itself. An owner that
 * holds a newer record says so when it confirms. As write quorums overlap, the coordinator then hears of every
 * acknowledged write that its own would come before, and writes again, under a stamp above it.
 *
 * Reads are not linearizable: of two in turn the first may find a write that is under way, and the second miss it.
 * Nor do writes follow reads: one that was read while it was under way may go out again, above what its reader wrote.
 *
 * An owner that does not confirm leaves a hint with the coordinator, which hands it over later and never counts it.
 * What no read and no hint repairs, the background does. The gotchas of `abd` about expired records, tombstones,
 * full replicas and fixed membership hold here too.
 */
import { UNDER_WAY } from "../background/under-way.ts";
import { IndeterminateError } from "../errors.ts";
import type { HitSource } from "../observe/events.ts";
import type { Gather } from "../replication/gather.ts";
import { HEDGE } from "../replication/hedging.ts";
import { createHybridClock } from "../replication/hybrid-clock.ts";
import { createLateAnswers, type LateListener } from "../replication/late-answers.ts";
import { newestRecord } from "../replication/newest-answer.ts";
import type { Operation } from "../operations/operation.ts";
import { ReadRepair } from "../replication/read-repair.ts";
import { createRevisions } from "../replication/revisions.ts";
import type { CacheRecord } from "../local/record.ts";
import { compareMaybeVersions, compareVersions, formatVersion, type Version } from "../local/version.ts";
import type { ReadReply, ReadRequest, StoreReply, StoreRequest } from "../wire/messages.ts";
import type { PolicyParameters } from "./parameters.ts";
import type { Found, Policy, PolicyKit, PolicyNode, PolicyPromise } from "./policy.ts";
import { QUORUM_REACH } from "./reach.ts";

const majorityOf = (replication: number): number => Math.floor(replication / 2) + 1;

/** What holds whatever R and W are. */
const ALWAYS: readonly PolicyPromise[] = [
  "no-thin-air",
  "no-expired-hit",
  "replicas-converge",
  "single-flight",
  "operations-end",
  "audit-complete",
  "statistics-add-up",
  "bounds",
];

export const quorum: Policy = {
  name: "quorum",
  summary:
    "Dynamo style: a write is confirmed by W of N owners, a read takes the newest of R; one round trip; hybrid " +
    "clock stamps, last writer wins; read repair, hints, anti-entropy",
  parameters: [
    {
      name: "read",
      summary: "R, how many owners answer a read",
      min: 1,
      maxFor: (replication) => replication,
      usualFor: majorityOf,
    },
    {
      name: "write",
      summary: "W, how many owners confirm a write",
      min: 1,
      maxFor: (replication) => replication,
      usualFor: majorityOf,
    },
    HEDGE,
  ],
  promises: [
    "regular",
    "read-your-writes",
    "monotonic-writes",
    "no-resurrection",
    "acknowledged-writes-survive",
    "replication-factor",
    ...ALWAYS,
  ],
  promisesOf(parameters, replication) {
    return hasQuorums(parameters, replication) ? quorum.promises : ALWAYS;
  },
  faultBudget: {
    summary:
      "N - max(R, W) of a key's owners down, cut off or catching up at a time, for any time: R and W others must " +
      "answer; delays below an eighth of the grace of deleted and expired records (7.5 min); memory may be lost by W - 1 at a time, which " +
      "is at least that many if R + W > N; clocks within their band; with a journal, any number of crashes at once, " +
      "if the disks keep what they synced",
    lossMax: 0.15,
    ownersLost: (replication, parameters = {}) => {
      const usual = majorityOf(replication);
      const { read = usual, write = usual } = parameters;
      return Math.min(replication - Math.max(read, write), write - 1);
    },
  },
  // A write quorum without the replica itself leaves W - 1 others: all but N - W of them must be asked, and one more.
  catchUpPeers: (replication, parameters) =>
    Math.min(replication - (parameters["write"] ?? majorityOf(replication)) + 1, replication - 1),
  // A new owner meets every write if it asks all but W - 1 of the old ones, and R or W of the new ones meet one that has.
  handover(replication, parameters) {
    const majority = majorityOf(replication);
    const { read = majority, write = majority } = parameters;
    if (!hasQuorums(parameters, replication)) return { givers: majority, takers: majority };
    return {
      givers: Math.max(majority, replication - write + 1),
      takers: Math.max(majority, replication - read + 1, write),
    };
  },
  reach: [
    ...QUORUM_REACH,
    "overtaken",
    "read-repaired",
    "stamp-ahead",
    "hint-kept",
    "hint-sent",
    "hint-taken",
  ],
  background: ["expiry", "health", "statistics", "repair", "hints"],
  durability: ["memory", "journal"],
  ttlModes: ["absolute", "relative"],
  honoursDeadlines: true,
  hasFixedOwners: true,
  acknowledgedBy: (replication, { write = majorityOf(replication) }) => write,
  create: createQuorum,
};

/** Gifford's conditions. The second also puts every acknowledged write beyond what a minority may forget. */
function hasQuorums({ read = 1, write = 1 }: PolicyParameters, replication: number): boolean {
  return read + write > replication && 2 * write > replication;
}

interface Newest {
  readonly record: CacheRecord;
  readonly source: HitSource;
}

function createQuorum(kit: PolicyKit): PolicyNode {
  const { self, clock, ttl, timing, incarnation, incarnations, parameters } = kit;
  const { catchUp, handOver, hints, hooks, rpc, store } = kit;
  const { read = 1, write = 1 } = parameters;
  const stamps = createHybridClock({ nowMs: () => clock.now().wallMs, aheadMsMax: timing.stampAheadMs });
  const lateAnswers = createLateAnswers(rpc, clock, {
    patienceMs: timing.deadlineMs,
    lateMsMax: timing.graceMs * UNDER_WAY.lateAnswers,
  });
  const revisions = createRevisions(self, incarnation);
  kit.onStop(() => lateAnswers.stop());

  async function change(operation: Operation, value: string | null, expireAtMs: number): Promise<void> {
    const { key, number } = operation;
    for (;;) {
      const version: Version = { counter: stamps.next(), node: self, incarnation };
      hooks.crashpoint("before-store");
      const gather = await storeAtOwners(operation, { key, version, value, expireAtMs, operation: number });
      const newest = newestHeld(gather);
      if (newest === null) {
        hooks.crashpoint("before-acknowledge");
        return;
      }
      // What it comes before may have been acknowledged before it began.
      hooks.sometimes("overtaken");
      if (!stamps.observe(newest.counter)) throw clockBehind(operation, gather);
    }
  }

  async function storeAtOwners(operation: Operation, record: CacheRecord): Promise<Gather> {
    operation.mayHaveHappened = true;
    const gather = kit.gather(operation, {
      needed: write,
      request: { type: "store", incarnation, request: rpc.nextRequest(), record },
      lingers: true,
    });
    const end = await gather.ended;
    report(operation, gather);
    if (end === "refused") throw refusal(operation, gather);
    lateAnswers.add(gather, hintsFor(operation, record));
    return gather;
  }

  /**
   * Stores what follows from the record that was met. If an owner holds something newer, that one comes after it: there
   * is nothing to write again.
   *
   * @returns whether nothing newer was met
   */
  async function revise(
    operation: Operation,
    reason: "touch" | "fill",
    seen: Version | null,
    value: string,
    expireAtMs: number,
  ): Promise<boolean> {
    const { key, number } = operation;
    const version = revisions.after(seen, reason);
    const record = { key, version, value, expireAtMs, operation: number };
    return newestHeld(await storeAtOwners(operation, record)) === null;
  }

  async function touch(operation: Operation, ttlMs: number): Promise<boolean> {
    const record = (await readNewest(operation))?.record;
    if (record === undefined || record.value === null || !isServable(record)) return false;
    const expireAtMs = Math.max(record.expireAtMs, ttl.endMs(operation, ttlMs));
    await revise(operation, "touch", record.version, record.value, expireAtMs);
    return true;
  }

  function hintsFor(operation: Operation, record: CacheRecord): LateListener {
    return {
      onLate() {},
      onSilent(owners) {
        for (const owner of owners)
          if (hints.add(owner, record, operation.startedMonoMs)) hooks.sometimes("hint-kept");
      },
    };
  }

  /** The newest record of R owners, live or not, and where it was; the others are brought up to it. */
  async function readNewest(operation: Operation): Promise<Newest | null> {
    const gather = kit.gather(operation, {
      needed: read,
      request: { type: "read", incarnation, request: rpc.nextRequest(), key: operation.key, wants: "record" },
      lingers: true,
    });
    await gather.ended;
    const record = newestRecord(gather.replies);
    // Before this node is brought up to it.
    const held = store.get(operation.key)?.version ?? null;
    lateAnswers.add(gather, new ReadRepair(gather, record, repair));
    if (record === null) return null;
    // So that what this node writes next comes after what it has read.
    stamps.observe(record.version.counter);
    return { record, source: compareMaybeVersions(held, record.version) === 0 ? "local" : "remote" };
  }

  async function get(operation: Operation): Promise<Found | null> {
    const newest = await readNewest(operation);
    operation.seen = newest === null ? null : newest.record.version;
    if (newest === null) return null;
    const { record, source } = newest;
    const { value, version, expireAtMs } = record;
    // Deleted or expired, it is still the newest: what is older must not be found.
    if (value === null) {
      hooks.sometimes("deleted-read");
      return null;
    }
    if (!isServable(record)) {
      hooks.sometimes("expired-read");
      return null;
    }
    return { value, source, version: formatVersion(version), expireAtMs };
  }

  function isServable(record: CacheRecord): boolean {
    return ttl.isServable(record, ttl.nowMs());
  }

  function repair(owner: string, record: CacheRecord): void {
    hooks.sometimes("read-repaired");
    handOver(owner, record);
  }

  function report({ id, key }: Operation, { targets, replies }: Gather): void {
    for (const [place, reply] of replies.entries()) {
      const nodeId = targets[place] as string;
      if (nodeId === self || reply?.type !== "store-reply") continue;
      if (reply.isStored) kit.emit({ type: "cache.replication.success", operation: id, key, nodeId });
      else {
        const error = reply.isAhead === true ? "the stamp is ahead of its clock" : "the store is full";
        kit.emit({ type: "cache.replication.failure", operation: id, key, nodeId, error });
      }
    }
  }

  function answerRead({ request, incarnation: requester, key }: ReadRequest): ReadReply | null {
    if (!catchUp.mayVote(key)) {
      hooks.sometimes("no-vote");
      return null;
    }
    const record = store.get(key) ?? null;
    return {
      type: "read-reply",
      incarnation,
      request,
      requester,
      known: incarnations.restarted,
      version: record?.version ?? null,
      record,
      isFull: record === null && store.isFull(),
    };
  }

  /** Keeps the record in any case, unless its stamp cannot be right; confirms it only with a vote. */
  function answerStore(
    from: string,
    { request, incarnation: requester, record }: StoreRequest,
  ): StoreReply | null {
    const isAhead = !admits(record);
    if (isAhead) {
      hooks.sometimes("stamp-ahead");
      kit.countStampAhead();
    }
    const isStored = !isAhead && store.apply(record);
    hooks.crashpoint(from === self ? "after-own-store" : "before-confirm");
    if (!catchUp.mayVote(record.key)) {
      hooks.sometimes("no-vote");
      return null;
    }
    const held = store.get(record.key)?.version ?? null;
    return {
      type: "store-reply",
      incarnation,
      request,
      requester,
      known: incarnations.restarted,
      isStored,
      ...(isAhead && { isAhead }),
      ...(isStored && compareMaybeVersions(held, record.version) > 0 && held !== null && { newer: held }),
    };
  }

  function admits({ version }: CacheRecord): boolean {
    return stamps.observe(version.counter);
  }

  return {
    get,
    set: (operation, value, ttlMs) => change(operation, value, ttl.endMs(operation, ttlMs)),
    delete: (operation) => change(operation, null, operation.startedMs),
    fill: (operation, value, ttlMs, seen) =>
      revise(operation, "fill", seen, value, ttl.endMs(operation, ttlMs)),
    touch,
    answer(from, request) {
      if (request.type === "read") return answerRead(request);
      return request.type === "store" ? answerStore(from, request) : null;
    },
    admits,
  };
}

/** The newest version that an owner held instead when it confirmed a store; null when all hold what was stored. */
function newestHeld({ replies }: Gather): Version | null {
  let newest: Version | null = null;
  for (const reply of replies) {
    if (reply?.type !== "store-reply" || reply.newer === undefined) continue;
    if (newest === null || compareVersions(reply.newer, newest) > 0) newest = reply.newer;
  }
  return newest;
}

function refusal({ key }: Operation, gather: Gather): IndeterminateError {
  const isAhead = gather.replies.some((reply) => reply?.type === "store-reply" && reply.isAhead === true);
  const problem = isAhead
    ? `owners of "${key}" refused a stamp that is ahead of their clocks; set this node's clock right, or raise ` +
      "clockSkewMs"
    : `too many owners of "${key}" have no room for it; drop keys, raise recordsMax, or make room on their disks`;
  return new IndeterminateError(`${problem}. Some may have kept the write`, gather.answers());
}

function clockBehind({ key }: Operation, gather: Gather): IndeterminateError {
  const problem =
    `"${key}" has a newer record, with a stamp ahead of this node's clock; set the clock right, or raise ` +
    "clockSkewMs. The write may have happened before that record";
  return new IndeterminateError(problem, gather.answers());
}
