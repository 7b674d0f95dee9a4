/**
 * A multi-writer atomic register for each key.
 *
 * H. Attiya, A. Bar-Noy, D. Dolev, "Sharing memory robustly in message-passing systems" (Journal of the ACM, 1995);
 * with several writers: N. Lynch, A. Shvartsman, "Robust emulation of shared memory using dynamic
 * quorum-acknowledged broadcasts" (FTCS 1997).
 *
 * Any node coordinates. Two majorities of a key's owners always share one, so whoever asks a majority hears of
 * every write that was acknowledged before:
 *
 * - set asks a majority for its versions, then stores under a higher one at a majority;
 * - get asks a majority, and when the answers differ stores the newest at a majority before it returns it, so that
 *   no later get can find an older one;
 * - delete is a set of a tombstone;
 * - fill and touch store under a revision of the version that they have met: newer than that write, and older than every other
 *   one that is. A set that begins when they have ended finds their counter or a higher one, and takes a higher one.
 *
 * Gotchas. An expired record is still the newest: it reads as a miss and must not uncover an older one, so it is
 * kept, as tombstones are, until every owner has held it (see `settling.ts`). While members change, a majority means one of the old owners and one of the new, which
 * is the business of `Gather`. A full replica refuses new keys: evicting one would forget an acknowledgement; with
 * eviction, only its value goes (see `eviction.ts`). A replica that restarted empty does not vote before it has caught
 * up (see `CatchUpWatch`).
 */
import { IndeterminateError, StoreFullError, UnavailableError } from "../errors.ts";
import type { Gather, Granted } from "../replication/gather.ts";
import { HEDGE } from "../replication/hedging.ts";
import { createRevisions } from "../replication/revisions.ts";
import { newestRecord } from "../replication/newest-answer.ts";
import type { Operation } from "../operations/operation.ts";
import type { CacheRecord } from "../local/record.ts";
import { compareMaybeVersions, formatVersion, type Version } from "../local/version.ts";
import type { ReadReply, ReadRequest, ReplyMessage, StoreReply, StoreRequest } from "../wire/messages.ts";
import type { Found, Policy, PolicyKit, PolicyNode } from "./policy.ts";
import { QUORUM_REACH } from "./reach.ts";

export const abd: Policy = {
  name: "abd",
  summary:
    "multi-writer atomic register: versions from a majority, then a store at a majority; no leader; " +
    "linearizable while a majority of the key's owners is up",
  promises: [
    "linearizable",
    "regular",
    "read-your-writes",
    "monotonic-reads",
    "monotonic-writes",
    "writes-follow-reads",
    "no-thin-air",
    "no-resurrection",
    "no-expired-hit",
    "acknowledged-writes-survive",
    "replicas-converge",
    "replication-factor",
    "single-flight",
    "operations-end",
    "audit-complete",
    "statistics-add-up",
    "bounds",
  ],
  parameters: [HEDGE],
  faultBudget: {
    summary:
      "any minority of a key's owners down, cut off or catching up at a time, for any time; any loss, duplication, and " +
      "delay below an eighth of the grace of deleted and expired records (7.5 min); with a journal, any " +
      "number of crashes at once, if the disks keep what they synced: an owner whose disk is lost or damaged is one " +
      "of the minority until it has caught up",
    lossMax: 0.15,
    ownersLost: (replication) => Math.ceil(replication / 2) - 1,
  },
  reach: [...QUORUM_REACH, "answers-differ", "read-again", "skip-counters", "write-back"],
  background: ["expiry", "health", "statistics", "repair"],
  durability: ["memory", "journal"],
  ttlModes: ["absolute", "relative"],
  honoursDeadlines: true,
  hasFixedOwners: true,
  acknowledgedBy: majorityOf,
  create: createAbd,
};

function createAbd(kit: PolicyKit): PolicyNode {
  const { self, ttl, incarnation, incarnations } = kit;
  const { catchUp, placement, rpc, store, hooks } = kit;
  const majority = majorityOf(placement.replication);
  /** The highest counter that this life has issued: two concurrent sets must not issue the same version. */
  let lastCounter = 0;
  const revisions = createRevisions(self, incarnation);

  function askOwners(operation: Operation, wants: "record" | "version"): Gather {
    const { key } = operation;
    return kit.gather(operation, {
      needed: majority,
      request: { type: "read", incarnation, request: rpc.nextRequest(), key, wants },
    });
  }

  /** @param holders replies of the owners that are known to hold the record already */
  async function storeAtMajority(
    operation: Operation,
    record: CacheRecord,
    holders?: Granted,
  ): Promise<void> {
    const gather = kit.gather(operation, {
      needed: majority,
      request: { type: "store", incarnation, request: rpc.nextRequest(), record },
      granted: holders,
    });
    const end = await gather.ended;
    reportReplication(operation, gather);
    if (end === "complete") {
      hooks.crashpoint("before-acknowledge");
      return;
    }
    const problem = `too many owners of "${record.key}" have no room for it; drop keys, raise recordsMax, or make room on their disks`;
    throw operation.mayHaveHappened
      ? new IndeterminateError(`${problem}. Some may have kept the write`, gather.answers())
      : new UnavailableError(problem, gather.answers());
  }

  function reportReplication(operation: Operation, { targets, replies }: Gather): void {
    const { id, key } = operation;
    for (let place = 0; place < targets.length; place++) {
      const nodeId = targets[place] as string;
      const reply = replies[place];
      if (nodeId === self || reply?.type !== "store-reply") continue;
      if (reply.isStored) kit.emit({ type: "cache.replication.success", operation: id, key, nodeId });
      else {
        const error = "the store is full";
        kit.emit({ type: "cache.replication.failure", operation: id, key, nodeId, error });
      }
    }
  }

  async function write(operation: Operation, value: string | null, expireAtMs: number): Promise<void> {
    const { key, number } = operation;
    const versions = askOwners(operation, "version");
    await versions.ended;
    requireRoom(key, versions);
    const newest = newestVersion(versions.replies);
    lastCounter = Math.max(lastCounter, newest?.counter ?? 0) + (hooks.maybe("skip-counters") ? 1001 : 1);
    const version: Version = { counter: lastCounter, node: self, incarnation };
    hooks.crashpoint("before-store");
    operation.mayHaveHappened = true;
    await storeAtMajority(operation, { key, version, value, expireAtMs, operation: number });
  }

  /** @param seen the version that it is to follow, and no set that came since */
  async function revise(
    operation: Operation,
    reason: "touch" | "fill",
    seen: Version | null,
    value: string,
    expireAtMs: number,
  ): Promise<void> {
    const { key, number } = operation;
    const version = revisions.after(seen, reason);
    operation.mayHaveHappened = true;
    await storeAtMajority(operation, { key, version, value, expireAtMs, operation: number });
  }

  async function touch(operation: Operation, ttlMs: number): Promise<boolean> {
    for (;;) {
      const askedMs = ttl.nowMs();
      const gather = askOwners(operation, "record");
      await gather.ended;
      const nowMs = ttl.nowMs();
      const newest = newestRecord(gather.replies);
      if (newest === null) return false;
      if (newest.value !== null && ttl.isServable(newest, nowMs)) {
        const expireAtMs = Math.max(newest.expireAtMs, ttl.endMs(operation, ttlMs));
        await revise(operation, "touch", newest.version, newest.value, expireAtMs);
        return true;
      }
      // That there is nothing is an answer as a get gives it: no later one may find what is older.
      await agree(operation, gather, newest);
      if (newest.value === null || !ttl.isServable(newest, askedMs)) return false;
      hooks.sometimes("read-again");
    }
  }

  /** Stores what was read at a majority, unless all who answered hold it. */
  async function agree(operation: Operation, gather: Gather, newest: CacheRecord): Promise<void> {
    const holders = gather.grant((reply) => holds(reply, newest.version));
    const isAgreed = count(holders.replies) === count(gather.replies);
    if (!isAgreed) hooks.sometimes("answers-differ");
    if (!isAgreed || hooks.maybe("write-back")) {
      await storeAtMajority(operation, newest, isAgreed ? undefined : holders);
    }
  }

  /** Better to refuse before anything was sent than to leave the outcome open. */
  function requireRoom(key: string, versions: Gather): void {
    if (!versions.isBlockedBy((reply) => reply.type === "read-reply" && reply.isFull)) return;
    throw new StoreFullError(
      `too many owners of "${key}" have no room for it; drop keys or raise recordsMax`,
    );
  }

  async function get(operation: Operation): Promise<Found | null> {
    for (;;) {
      const askedMs = ttl.nowMs();
      const gather = askOwners(operation, "record");
      await gather.ended;
      const newest = newestRecord(gather.replies);
      operation.seen = newest === null ? null : newest.version;
      if (newest === null) return null;
      const isHeldHere =
        compareMaybeVersions(store.get(operation.key)?.version ?? null, newest.version) === 0;
      // Also when it has expired, or is a tombstone: a later get must not find what is older.
      await agree(operation, gather, newest);
      if (newest.value === null) {
        hooks.sometimes("deleted-read");
        return null;
      }
      // After the last wait: from here on the value is on its way to the client.
      if (ttl.isServable(newest, ttl.nowMs())) {
        return {
          value: newest.value,
          source: isHeldHere ? "local" : "remote",
          version: formatVersion(newest.version),
          expireAtMs: newest.expireAtMs,
        };
      }
      hooks.sometimes("expired-read");
      if (!ttl.isServable(newest, askedMs)) return null;
      // It expired while it was read, and may have been replaced before it did: then nothing was never there.
      hooks.sometimes("read-again");
    }
  }

  function answerRead({ request, incarnation: requester, key, wants }: ReadRequest): ReadReply | null {
    if (!catchUp.mayVote(key)) {
      hooks.sometimes("no-vote");
      return null;
    }
    const record = store.get(key);
    // A write must come after all that was dropped too, which some owner may still hold.
    const forgotten = record === undefined && wants === "version" ? store.forgotten() : 0;
    const dropped: Version | null = forgotten > 0 ? { counter: forgotten, node: self, incarnation } : null;
    return {
      type: "read-reply",
      incarnation,
      request,
      requester,
      known: incarnations.restarted,
      version: record === undefined ? dropped : record.version,
      record: record === undefined || wants === "version" ? null : record,
      isFull: record === undefined && store.isFull(),
    };
  }

  /** Keeps the record in any case; confirms it only with a vote. */
  function answerStore(
    from: string,
    { request, incarnation: requester, record }: StoreRequest,
  ): StoreReply | null {
    const isStored = store.apply(record);
    hooks.crashpoint(from === self ? "after-own-store" : "before-confirm");
    if (!catchUp.mayVote(record.key)) {
      hooks.sometimes("no-vote");
      return null;
    }
    return { type: "store-reply", incarnation, request, requester, known: incarnations.restarted, isStored };
  }

  return {
    get,
    set: (operation, value, ttlMs) => write(operation, value, ttl.endMs(operation, ttlMs)),
    delete: (operation) => write(operation, null, operation.startedMs),
    async fill(operation, value, ttlMs, seen) {
      await revise(operation, "fill", seen, value, ttl.endMs(operation, ttlMs));
      return true;
    },
    touch,
    answer(from, request) {
      if (request.type === "read") return answerRead(request);
      return request.type === "store" ? answerStore(from, request) : null;
    },
  };
}

function majorityOf(replication: number): number {
  return Math.floor(replication / 2) + 1;
}

function newestVersion(replies: readonly (ReplyMessage | null)[]): Version | null {
  let newest: Version | null = null;
  for (const reply of replies) {
    if (reply?.type !== "read-reply") continue;
    if (compareMaybeVersions(reply.version, newest) > 0) newest = reply.version;
  }
  return newest;
}

function holds(reply: ReplyMessage, version: Version): boolean {
  return reply.type === "read-reply" && compareMaybeVersions(reply.version, version) === 0;
}

function count(replies: readonly (ReplyMessage | null)[]): number {
  let answered = 0;
  for (const reply of replies) if (reply !== null) answered++;
  return answered;
}
