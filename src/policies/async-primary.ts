/**
 * One owner of each key orders its writes, acknowledges them when it has stored them itself, and sends them to the
 * other owners afterwards.
 *
 * Any node takes a request and hands it to the key's primary, the first of its owners that it does not suspect: one
 * round trip for a get or a write. For each write the primary sends N - 1 messages in the background, and gets as many
 * confirmations. An owner that missed a write gets it again, or with the next repair.
 *
 * What may be lost, and when. While every leader of a key hands it over to the next, every get and every write goes
 * through one node and the key is linearizable. When two pings in a row to it fail, the next owner takes over (see
 * `Leadership`); unless the leader before can be asked, a write that was acknowledged and had not reached any owner that
 * could is lost, or found again later and then older than what was written meanwhile. A primary that was suspected
 * wrongly and cannot be asked goes on to acknowledge until it hears of its successor: gets that it answers meanwhile may
 * be stale, and its writes may be lost. It counts them when it hears of him (`cache.failover.deposed`). An owner that
 * comes back with an empty memory may have been the only one to know of a write. Whatever happens, copies converge: they
 * are compared by epoch and sequence, and nothing newer is ever overwritten.
 *
 * When members change, the new first owner of a key takes it over from the old one: when it is first asked for it, or
 * with all there is, before the change is complete (see `Rights`). A change waits for every member that is not suspected
 * to be gone; what such a one alone had acknowledged may be lost.
 *
 * With a journal a write is acknowledged when it is on the primary's disk. A primary that crashes and is back before it
 * is suspected takes its keys over from the others, as any other owner would, and goes on from what it had acknowledged:
 * its epoch and its sequence stand in the versions of what it holds. So a crash, even of all at once, loses nothing.
 *
 * A request that comes twice is carried out once (see `asking.ts`), so a node may ask again. After a failover it may be
 * carried out again: part of the same loss of order.
 *
 * After L. Lamport, "The part-time parliament" (TOCS 1998) for epochs that belong to one node each; the rest is what
 * databases call asynchronous replication.
 */
import { StoreFullError } from "../errors.ts";
import type { Operation } from "../operations/operation.ts";
import { countDeposed, countTakeover } from "../observe/counting.ts";
import { createAsking } from "../primary/asking.ts";
import { epochOf } from "../primary/epochs.ts";
import { createLeadership } from "../primary/leadership.ts";
import {
  type Answer,
  type AskKind,
  isAsk,
  readAsk,
  readBase,
  readEpoch,
  replyTo,
} from "../primary/messages.ts";
import { createServing } from "../primary/serving.ts";
import { createWriteStream } from "../primary/stream.ts";
import type { CacheRecord } from "../local/record.ts";
import { formatVersion } from "../local/version.ts";
import type { Json, PolicyReply, PolicyRequest } from "../wire/messages.ts";
import type { Found, Policy, PolicyKit, PolicyNode, PolicyPromise } from "./policy.ts";
import { OWNERS_REACH } from "./reach.ts";

/** What holds as long as nobody leads a key without the word of the leader before. */
const WHILE_HANDED_OVER: readonly PolicyPromise[] = ["linearizable", "acknowledged-writes-survive"];

export const asyncPrimary: Policy = {
  name: "async-primary",
  summary:
    "the first live owner of a key orders its writes, acknowledges at once and replicates in the background; " +
    "linearizable until a failover, which may lose the last acknowledged writes; compare-and-set",
  promises: [
    "no-expired-hit",
    "replicas-converge",
    "single-flight",
    "operations-end",
    "audit-complete",
    "statistics-add-up",
    "bounds",
  ],
  promisesUntil: {
    "failed-over": WHILE_HANDED_OVER,
    "took-over-part": WHILE_HANDED_OVER,
    "memory-lost": WHILE_HANDED_OVER,
  },
  handover: (replication) => ({ givers: replication, takers: replication, isBestEffort: true }),
  faultBudget: {
    summary:
      "no owner lost: the first owner of a key must be up, and must answer one of two pings in a row, for its " +
      "acknowledged writes to survive; any loss, duplication and delay that leaves that; without it copies still " +
      "converge; with a journal it may crash as well, even all at once, if it is back before it is suspected and its " +
      "disk keeps what it synced",
    lossMax: 0.02,
    ownersLost: () => 0,
  },
  reach: [
    ...OWNERS_REACH,
    "read-again",
    "failed-over",
    "handed-over",
    "took-over-part",
    "memory-lost",
    "led-by-right",
    "tail-lost",
    "outdated-primary",
    "sent-elsewhere",
    "asked-twice",
    "stream-overflow",
    "policy",
    "policy-reply",
  ],
  background: ["expiry", "health", "statistics", "repair"],
  durability: ["memory", "journal"],
  ttlModes: ["absolute", "relative"],
  honoursDeadlines: true,
  hasFixedOwners: true,
  // The primary alone, and whoever that is, it is one of the owners: all of them back a near copy.
  acknowledgedBy: () => 1,
  create: createAsyncPrimary,
};

/** What came of a write; if another version was there than it expected, with what is held instead. */
type Written = Extract<Answer, { readonly version: string | null }> & { readonly held: CacheRecord | null };

function createAsyncPrimary(kit: PolicyKit): PolicyNode {
  const { self, ttl, incarnation, membership, state, store, hooks } = kit;
  const ask = createAsking(kit);
  const leadership = createLeadership({
    kit,
    isSuspected: (node) => state.deref().nodes.get(node)?.isSuspected === true,
    onTakenOver(key, epoch, isHandedOver) {
      hooks.sometimes(isHandedOver ? "handed-over" : "failed-over");
      state.swap(countTakeover);
      kit.emit({ type: "cache.failover.completed", operation: null, key, epoch });
    },
    onDeposed(key, epoch, nodeId, writesLost) {
      if (writesLost > 0) hooks.sometimes("tail-lost");
      stream.drop(key);
      state.swap((current) => countDeposed(current, writesLost));
      kit.emit({ type: "cache.failover.deposed", operation: null, key, epoch, nodeId, writesLost });
    },
  });
  const stream = createWriteStream({ kit, onRefused: (key, epoch) => leadership.follow(key, epoch) });
  const serve = createServing(kit, leadership, stream);
  if (kit.hasForgotten) hooks.sometimes("memory-lost");
  membership.onMove(() => {
    leadership.move();
    stream.move((key) =>
      leadership.leadOf(key) === null ? null : membership.ownersOf(key).filter((owner) => owner !== self),
    );
  });

  async function get(operation: Operation): Promise<Found | null> {
    for (;;) {
      const askedMs = ttl.nowMs();
      const { record, from } = await ask(operation, "get", null);
      operation.seen = record === null ? null : record.version;
      if (record === null || record.value === null) return null;
      const { value, version, expireAtMs } = record;
      // After the last wait: from here on the value is on its way to the client.
      if (ttl.isServable(record, ttl.nowMs())) {
        const source = from === self ? "local" : "remote";
        return { value, source, version: formatVersion(version), expireAtMs };
      }
      hooks.sometimes("expired-read");
      if (!ttl.isServable(record, askedMs)) return null;
      // It expired while it was read, and may have been replaced before it did: then nothing was never there.
      hooks.sometimes("read-again");
    }
  }

  async function write(
    operation: Operation,
    kind: Exclude<AskKind, "get">,
    value: string | null,
    expireAtMs: number,
    expected: string | null = null,
  ): Promise<Written> {
    const { key, number } = operation;
    hooks.crashpoint("before-store");
    operation.mayHaveHappened = true;
    // The primary gives it its place in the order.
    const version = { counter: 0, node: self, incarnation };
    const record: CacheRecord = { key, version, value, expireAtMs, operation: number };
    const { answer, from, record: held } = await ask(operation, kind, record, expected);
    if (answer.outcome === "done" || answer.outcome === "differs") return { ...answer, held };
    throw new StoreFullError(
      `${from}, the primary of "${key}", has no room for it; drop keys or raise recordsMax`,
    );
  }

  /** Answers an owner who wants to lead the key. */
  function follow(from: string, request: PolicyRequest, epoch: number): PolicyReply {
    const { key } = request;
    const isFollowing = leadership.follow(key, epoch);
    if (isFollowing) stream.drop(key);
    const body: Json = isFollowing
      ? { outcome: "follows" }
      : { outcome: "refuses", epoch: leadership.epochHeard(key) };
    return replyTo(kit, request, body, store.get(key) ?? null);
  }

  /** Keeps what the primary of the key sends. */
  function append(from: string, request: PolicyRequest, record: CacheRecord): PolicyReply | null {
    const { key } = record;
    const epoch = epochOf(record.version.counter);
    leadership.settle(key, epoch, from, readBase(request));
    if (!leadership.follow(key, epoch)) {
      hooks.sometimes("outdated-primary");
      return replyTo(kit, request, { outcome: "refuses", epoch: leadership.epochHeard(key) });
    }
    if (!store.wants(record)) return appended(request, store.apply(record));
    let reply: PolicyReply | null = null;
    let isLate = false;
    kit.keep(record, (end) => {
      if (end === "failed") return;
      const message = appended(request, end === "kept");
      if (isLate) kit.reply(from, message);
      else reply = message;
    });
    isLate = true;
    return reply;
  }

  function appended(request: PolicyRequest, isStored: boolean): PolicyReply {
    hooks.crashpoint("before-confirm");
    return replyTo(kit, request, { outcome: isStored ? "follows" : "full" });
  }

  return {
    get,
    async set(operation, value, ttlMs) {
      await write(operation, "set", value, ttl.endMs(operation, ttlMs));
    },
    async delete(operation) {
      await write(operation, "delete", null, operation.startedMs);
    },
    async fill(operation, value, ttlMs, seen) {
      const expected = seen === null ? null : formatVersion(seen);
      const answer = await write(operation, "fill", value, ttl.endMs(operation, ttlMs), expected);
      return answer.outcome === "done";
    },
    async touch(operation, ttlMs) {
      // The value is the one that the primary holds.
      const answer = await write(operation, "touch", null, ttl.endMs(operation, ttlMs));
      return answer.outcome === "done";
    },
    async compareAndSet(operation, expected, value, ttlMs) {
      const answer = await write(operation, "swap", value, ttl.endMs(operation, ttlMs), expected);
      return { isSet: answer.outcome === "done", version: answer.version, value: answer.held?.value ?? null };
    },
    answer(from, request) {
      if (request.type !== "policy") return null;
      const { kind, key, record } = request;
      if (kind === "append") return record?.key === key ? append(from, request, record) : null;
      if (kind === "lead") {
        const epoch = readEpoch(request);
        return epoch === null ? null : follow(from, request, epoch);
      }
      const asked = isAsk(kind) ? readAsk(request) : null;
      return isAsk(kind) && asked !== null ? serve(from, request, kind, asked) : null;
    },
  };
}
