/**
 * One owner of each key orders its writes, acknowledges them when it has stored them itself, and sends them to the
 * other owners afterwards.
 *
 * Any node takes a request and hands it to the key's primary, the first of its owners that it does not suspect: one
 * round trip for a get or a write. For each write the primary sends N - 1 messages in the background, and gets as many
 * confirmations. An owner that missed a write gets it again, or with the next repair.
 *
 * What may be lost, and when. While the first owner of a key lives and is not suspected, every get and every write
 * goes through it and the key is linearizable. When it crashes, or two pings in a row to it fail, the next owner takes
 * over (see `Leadership`), and a write that was acknowledged and had not reached any owner that the next one could
 * ask is lost, or found again later and then older than what was written meanwhile. A primary that was suspected
 * wrongly goes on to acknowledge until it hears of its successor: gets that it answers meanwhile may be stale, and its
 * writes may be lost. It counts them when it hears of him (`cache.failover.deposed`). A primary that comes back with
 * an empty memory takes over from the others as well. Whatever happens, copies converge: they are compared by epoch
 * and sequence, and nothing newer is ever overwritten. Two owners that lose their memories at once may lose all.
 *
 * A request that comes twice is carried out once while its primary leads (see `RequestLedger`), so a node may ask
 * again. After a failover it may be carried out again: part of the same loss of order.
 *
 * After L. Lamport, "The part-time parliament" (TOCS 1998) for epochs that belong to one node each; the rest is what
 * databases call asynchronous replication.
 */
import { IndeterminateError, StoreFullError, UnavailableError } from "../errors.ts";
import type { Operation } from "../operations/operation.ts";
import { countDeposed, countTakeover } from "../observe/counting.ts";
import { createLeadership } from "../primary/leadership.ts";
import {
  type Answer,
  type Ask,
  type AskKind,
  isAsk,
  readAnswer,
  readAsk,
  readBase,
  readEpoch,
} from "../primary/messages.ts";
import { createRequestLedger } from "../primary/request-ledger.ts";
import { createWriteStream } from "../primary/stream.ts";
import { epochOf } from "../primary/epochs.ts";
import { type CacheRecord, isLive, operationId } from "../local/record.ts";
import { formatVersion } from "../local/version.ts";
import type { Json, PolicyReply, PolicyRequest } from "../wire/messages.ts";
import type { Found, Policy, PolicyKit, PolicyNode } from "./policy.ts";

export const asyncPrimary: Policy = {
  name: "async-primary",
  summary:
    "the first live owner of a key orders its writes, acknowledges at once and replicates in the background; " +
    "linearizable until a failover, which may lose the last acknowledged writes; compare-and-set",
  promises: [
    "no-expired-hit",
    "replicas-converge",
    "operations-end",
    "audit-complete",
    "statistics-add-up",
    "bounds",
  ],
  promisesUntil: { "failed-over": ["linearizable", "acknowledged-writes-survive"] },
  faultBudget: {
    summary:
      "no owner lost: the first owner of a key must be up, and must answer one of two pings in a row, for its " +
      "acknowledged writes to survive; any loss, duplication and delay that leaves that; without it copies still " +
      "converge",
    ownersLost: () => 0,
  },
  background: ["expiry", "health", "statistics", "repair"],
  durability: ["memory"],
  honoursDeadlines: true,
  hasFixedOwners: true,
  // The primary alone, and whoever that is, it is one of the owners: all of them back a near copy.
  acknowledgedBy: () => 1,
  create: createAsyncPrimary,
};

/** Pings in a row without an answer that make a node suspected. */
const SUSPICIOUS_ERRORS = 2;

function createAsyncPrimary(kit: PolicyKit): PolicyNode {
  const { self, clock, clockSkewMs, incarnation, incarnations, placement, rpc, state, store, hooks } = kit;
  const ledger = createRequestLedger<Answer>();
  const leadership = createLeadership({
    kit,
    isSuspected,
    onTakenOver(key, epoch) {
      hooks.sometimes("failed-over");
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
  /** Numbers of the operations of this node that have asked a primary, oldest first. */
  const open = new Set<number>();

  function isSuspected(node: string): boolean {
    return (state.deref().nodes.get(node)?.consecutiveErrors ?? 0) >= SUSPICIOUS_ERRORS;
  }

  /** Early by the skew: on no other node's clock may it have expired longer ago. */
  function isServable(record: CacheRecord, wallMs: number): boolean {
    return isLive(record, wallMs + clockSkewMs);
  }

  async function ask(
    operation: Operation,
    kind: AskKind,
    record: CacheRecord | null,
    expected: string | null = null,
  ): Promise<{ readonly answer: Answer; readonly record: CacheRecord | null; readonly from: string }> {
    const { key, number } = operation;
    if (!open.has(number)) {
      open.add(number);
      operation.context.defer(() => void open.delete(number));
    }
    const owners = placement.ownersOf(key);
    let primary = owners.find((owner) => !isSuspected(owner)) ?? owners[0] ?? self;
    for (;;) {
      const [oldestOpen = number] = open;
      const body = { number, oldestOpen, expected };
      const request = rpc.nextRequest();
      const gather = kit.gather(operation, {
        targets: [primary],
        needed: 1,
        request: { type: "policy", incarnation, request, kind, key, record, body },
      });
      await gather.ended;
      const [reply] = gather.replies;
      const answer = reply?.type === "policy-reply" ? readAnswer(reply) : null;
      if (answer === null || reply?.type !== "policy-reply") {
        throw gather.isComplete && operation.mayHaveHappened
          ? new IndeterminateError(`${primary} answered for "${key}" what no primary says`, gather.answers())
          : new UnavailableError(`${primary} answered for "${key}" what no primary says`, gather.answers());
      }
      if (answer.outcome !== "elsewhere") return { answer, record: reply.record, from: primary };
      hooks.sometimes("sent-elsewhere");
      primary = answer.leader;
    }
  }

  async function get(operation: Operation): Promise<Found | null> {
    for (;;) {
      const askedMs = clock.now().wallMs;
      const { record, from } = await ask(operation, "get", null);
      operation.seen = record === null ? null : record.version;
      if (record === null || record.value === null) return null;
      const { value, version, expireAtMs } = record;
      // After the last wait: from here on the value is on its way to the client.
      if (isServable(record, clock.now().wallMs)) {
        const source = from === self ? "local" : "remote";
        return { value, source, version: formatVersion(version), expireAtMs };
      }
      hooks.sometimes("expired-read");
      if (!isServable(record, askedMs)) return null;
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
  ): Promise<Extract<Answer, { readonly version: string | null }>> {
    const { key, number } = operation;
    hooks.crashpoint("before-store");
    operation.mayHaveHappened = true;
    // The primary gives it its place in the order.
    const version = { counter: 0, node: self, incarnation };
    const record: CacheRecord = { key, version, value, expireAtMs, operation: number };
    const { answer, from } = await ask(operation, kind, record, expected);
    if (answer.outcome === "done" || answer.outcome === "differs") return answer;
    throw new StoreFullError(
      `${from}, the primary of "${key}", has no room for it; drop keys or raise recordsMax`,
    );
  }

  /** Answers as the primary of the key, at once or when it has taken over; or says who should be. */
  function serve(from: string, request: PolicyRequest, kind: AskKind, asked: Ask): PolicyReply | null {
    const owners = placement.ownersOf(request.key);
    if (!owners.includes(self)) return null;
    if (leadership.leadOf(request.key) === null) {
      const better = owners.slice(0, owners.indexOf(self)).find((owner) => !isSuspected(owner));
      if (better !== undefined) return answerWith(request, { outcome: "elsewhere", leader: better });
      leadership.takeOver(request.key, () => {
        const reply = serve(from, request, kind, asked);
        if (reply !== null) kit.reply(from, reply);
      });
      return null;
    }
    if (kind === "get") {
      const record = store.get(request.key) ?? null;
      return answerWith(request, { outcome: "done", version: null }, record);
    }
    const known = ledger.look(from, request.incarnation, asked);
    if (known === "over") return null;
    if (known !== "fresh") {
      hooks.sometimes("asked-twice");
      return answerWith(request, known);
    }
    const answer = order(from, request, kind, asked);
    if (answer === null) return null;
    ledger.note(from, asked.number, answer);
    hooks.crashpoint("before-acknowledge");
    return answerWith(request, answer);
  }

  /** Gives a write its place, stores it here and sends it on; null for what makes no sense. */
  function order(
    from: string,
    request: PolicyRequest,
    kind: AskKind,
    { expected, number }: Ask,
  ): Answer | null {
    const { key, record } = request;
    const lead = leadership.leadOf(key);
    if (lead === null || record === null || record.key !== key) return null;
    const held = store.get(key);
    const isThere = held !== undefined && isServable(held, clock.now().wallMs);
    if (kind === "touch" && !isThere) return { outcome: "differs", version: null };
    if (kind === "swap" || kind === "fill") {
      // A swap goes by what a get would find; a fill by what it met, a tombstone too.
      const isMet = kind === "swap" ? isThere : held !== undefined;
      const version = isMet && held !== undefined ? formatVersion(held.version) : null;
      if (version !== expected) return { outcome: "differs", version };
    }
    if (held === undefined && store.isFull()) return { outcome: "full" };
    const version = leadership.nextVersion(key, lead);
    const value = kind === "touch" && held !== undefined ? held.value : record.value;
    const expireAtMs =
      kind === "touch" && held !== undefined
        ? Math.max(held.expireAtMs, record.expireAtMs)
        : record.expireAtMs;
    const ordered: CacheRecord = {
      key,
      version,
      value,
      expireAtMs,
      operation: from === self ? number : 0,
    };
    store.apply(ordered);
    hooks.crashpoint("after-own-store");
    const others = placement.ownersOf(key).filter((owner) => owner !== self);
    stream.push(others, ordered, lead.base, operationId(from, request.incarnation, number));
    return { outcome: "done", version: formatVersion(version) };
  }

  /** Answers an owner who wants to lead the key. */
  function follow(from: string, request: PolicyRequest, epoch: number): PolicyReply {
    const { key } = request;
    const isFollowing = leadership.follow(key, epoch);
    if (isFollowing) stream.drop(key);
    const body: Json = isFollowing
      ? { outcome: "follows" }
      : { outcome: "refuses", epoch: leadership.epochHeard(key) };
    return replyTo(request, body, store.get(key) ?? null);
  }

  /** Keeps what the primary of the key sends. */
  function append(from: string, request: PolicyRequest, record: CacheRecord): PolicyReply {
    const { key } = record;
    const epoch = epochOf(record.version.counter);
    leadership.settle(key, epoch, from, readBase(request));
    if (!leadership.follow(key, epoch)) {
      hooks.sometimes("outdated-primary");
      return replyTo(request, { outcome: "refuses", epoch: leadership.epochHeard(key) });
    }
    const isStored = store.apply(record);
    hooks.crashpoint("before-confirm");
    return replyTo(request, { outcome: isStored ? "follows" : "full" });
  }

  function replyTo(request: PolicyRequest, body: Json, record: CacheRecord | null = null): PolicyReply {
    return {
      type: "policy-reply",
      incarnation,
      request: request.request,
      requester: request.incarnation,
      known: incarnations.restarted,
      record,
      body,
    };
  }

  function answerWith(
    request: PolicyRequest,
    answer: Answer,
    record: CacheRecord | null = null,
  ): PolicyReply {
    return replyTo(request, { ...answer }, record);
  }

  return {
    get,
    async set(operation, value, ttlMs) {
      await write(operation, "set", value, operation.startedMs + ttlMs);
    },
    async delete(operation) {
      await write(operation, "delete", null, operation.startedMs);
    },
    async fill(operation, value, ttlMs, seen) {
      const expected = seen === null ? null : formatVersion(seen);
      const answer = await write(operation, "fill", value, operation.startedMs + ttlMs, expected);
      return answer.outcome === "done";
    },
    async touch(operation, ttlMs) {
      // The value is the one that the primary holds.
      const answer = await write(operation, "touch", null, operation.startedMs + ttlMs);
      return answer.outcome === "done";
    },
    async compareAndSet(operation, expected, value, ttlMs) {
      const answer = await write(operation, "swap", value, operation.startedMs + ttlMs, expected);
      return { isSet: answer.outcome === "done", version: answer.version };
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
