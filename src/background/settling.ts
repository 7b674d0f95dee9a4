/**
 * How the owners of a key forget what is past its use: a tombstone, or a value whose time is over.
 *
 * Such a record keeps older ones out. So nobody drops it by himself, however long ago it ended: an owner that was away
 * may still hold what it has replaced, and would bring that back. One owner, the first at first, asks all the others to
 * hold the record, or a newer one of its key. When every one of them has confirmed, no owner holds anything older, and
 * none can get it any more but from a message that was under way by then. That is waited for, half the grace; then all
 * are told that they may drop the record. While an owner cannot be heard, what it may have missed is kept.
 *
 * The confirmations must come from lives that were alive together, as in `Gather`: an owner that has restarted may have
 * taken over an older record from another one that had not confirmed yet. That one then tells of the newer life.
 *
 * Whoever is not told keeps its record, which does no harm: it may give it to others again, and settles it in its turn,
 * one grace later for each place among the owners.
 */
import type { CacheRecord } from "../local/record.ts";
import { compareMaybeVersions } from "../local/version.ts";
import type { Membership } from "../membership/membership.ts";
import type { PendingCall } from "../transport/rpc.ts";
import type { HeldVersion, ReplyMessage, SettleReply, SettleRequest } from "../wire/messages.ts";
import type { BackgroundKit } from "./background.ts";
import { PAGE_CHARACTERS, type PullHost, RECORD_CHARACTERS } from "./pull.ts";

/** How many records one round of questions is about, at most. */
const BATCH = 256;

interface Settled extends HeldVersion {
  /** Monotonic time. */
  readonly sinceMs: number;
}

/** Call it now and then: settles what is due, and drops what is settled. Returns how many records it dropped. O(records). */
export function createSettling(kit: BackgroundKit): () => number {
  const { clock, ttl, timing, self, state, store, membership, incarnations, catchUp, rpc, hooks } = kit;
  const settled = new Map<string, Settled>();
  let batch: Batch | null = null;
  let due: readonly CacheRecord[] = [];

  const othersOf = (key: string): readonly string[] =>
    membership.ownersOf(key).filter((owner) => owner !== self);

  function isDue({ key, version, expireAtMs }: CacheRecord, nowMs: number): boolean {
    if (expireAtMs + timing.graceMs / 2 > nowMs || settled.get(key)?.version === version) return false;
    const place = membership.ownersOf(key).indexOf(self);
    return place >= 0 && expireAtMs + (place + 0.5) * timing.graceMs <= nowMs;
  }

  function askNext(): void {
    const records = firstOf(due);
    due = due.slice(records.length);
    if (records.length === 0) return;
    const current = new Batch(kit, records, othersOf, () => {
      conclude(current);
      askNext();
    });
    batch = current;
    current.start();
  }

  function conclude({ records, answers }: Batch): void {
    batch = null;
    const { monoMs } = clock.now();
    for (const { key, version } of records) {
      const isHeldByAll = othersOf(key).every((owner) => {
        const answer = answers.get(owner);
        if (answer === undefined || answer.incarnation < incarnations.latestOf(owner)) return false;
        return !answer.refused.includes(key);
      });
      if (isHeldByAll) settled.set(key, { key, version, sinceMs: monoMs });
    }
  }

  /** What was settled so long ago that nothing can be under way any more that it kept out. */
  function dropSettled(): number {
    const nowMs = ttl.nowMs();
    const { monoMs } = clock.now();
    const { records } = state.deref();
    const dropped: Settled[] = [];
    for (const entry of settled.values()) {
      const record = records.get(entry.key);
      if (record?.version !== entry.version) settled.delete(entry.key);
      else if (entry.sinceMs + timing.graceMs / 2 <= monoMs && record.expireAtMs + timing.graceMs <= nowMs) {
        settled.delete(entry.key);
        dropped.push(entry);
      }
    }
    if (dropped.length === 0) return 0;
    const byOwner = new Map<string, HeldVersion[]>();
    for (const { key, version } of dropped) {
      for (const owner of othersOf(key)) push(byOwner, owner, { key, version });
    }
    hooks.sometimes("forgotten-together");
    const { incarnation } = kit;
    for (const [owner, held] of byOwner) {
      for (let start = 0; start < held.length; start += BATCH) {
        const page = held.slice(start, start + BATCH);
        const request = rpc.nextRequest();
        rpc.send(owner, rpc.encode({ type: "forget", incarnation, request, held: page }));
      }
    }
    return store.drop(dropped);
  }

  function giveUp(): void {
    batch?.end();
    batch = null;
    due = [];
  }

  membership.onMove(() => {
    giveUp();
    // The owners are others.
    settled.clear();
  });
  kit.onStop(giveUp);

  return () => {
    const last = batch;
    giveUp();
    if (membership.configuration.previous !== null || !catchUp.isDone()) return 0;
    if (last !== null) conclude(last);
    const dropped = dropSettled();
    const nowMs = ttl.nowMs();
    due = [...state.deref().records.values()].filter((record) => isDue(record, nowMs));
    askNext();
    return dropped;
  };
}

/** One question to each owner, about the records that it owns. */
class Batch implements PendingCall {
  readonly records: readonly CacheRecord[];
  readonly answers = new Map<string, SettleReply>();
  private readonly kit: BackgroundKit;
  private readonly onAnswered: () => void;
  private readonly byOwner = new Map<string, CacheRecord[]>();
  private readonly asked = new Map<number, string>();

  constructor(
    kit: BackgroundKit,
    records: readonly CacheRecord[],
    othersOf: (key: string) => readonly string[],
    onAnswered: () => void,
  ) {
    this.kit = kit;
    this.records = records;
    this.onAnswered = onAnswered;
    for (const record of records) {
      // A value is of no use to anybody.
      const { key, version, expireAtMs, operation } = record;
      for (const owner of othersOf(key)) {
        push(this.byOwner, owner, { key, version, value: null, expireAtMs, operation });
      }
    }
  }

  start(): void {
    const { rpc, incarnation } = this.kit;
    for (const [owner, records] of this.byOwner) {
      const request = rpc.nextRequest();
      this.asked.set(request, owner);
      rpc.expect(request, this);
      rpc.send(owner, rpc.encode({ type: "settle", incarnation, request, records }));
    }
    if (this.asked.size === 0) this.onAnswered();
  }

  onReply(from: string, reply: ReplyMessage): void {
    if (reply.type !== "settle-reply" || this.asked.get(reply.request) !== from) return;
    this.forget(reply.request);
    this.answers.set(from, reply);
    if (this.asked.size === 0) this.onAnswered();
  }

  onReset(): void {
    // The next round asks again.
  }

  end(): void {
    for (const request of this.asked.keys()) this.forget(request);
  }

  private forget(request: number): void {
    this.asked.delete(request);
    this.kit.rpc.forget(request);
  }
}

/** The other end: takes over what is newer there, and answers when that cannot be lost any more. */
export function answerSettle(
  { rpc, store, catchUp, incarnations, hooks, takeOver }: PullHost,
  membership: Pick<Membership, "epoch" | "ownersOf">,
  self: string,
  from: string,
  { request, incarnation: requester, records }: SettleRequest,
): void {
  const { epoch } = membership;
  const isHeld = ({ key, version }: CacheRecord): boolean =>
    compareMaybeVersions(store.get(key)?.version ?? null, version) >= 0;
  const own = records.filter(({ key }) => membership.ownersOf(key).includes(self));
  if (!own.every(isHeld)) hooks.sometimes("settled-late");
  takeOver(own, () => {
    if (membership.epoch !== epoch) return;
    const refused = records.filter((record) => !isHeld(record) || !catchUp.mayVote(record.key));
    rpc.send(
      from,
      rpc.encode({
        type: "settle-reply",
        incarnation: rpc.incarnation,
        request,
        requester,
        known: incarnations.restarted,
        refused: refused.map(({ key }) => key),
      }),
    );
  });
}

/** As many as fit in one message. */
function firstOf(records: readonly CacheRecord[]): readonly CacheRecord[] {
  let characters = 0;
  let count = 0;
  while (count < Math.min(BATCH, records.length) && characters < PAGE_CHARACTERS) {
    characters += RECORD_CHARACTERS + (records[count] as CacheRecord).key.length;
    count++;
  }
  return records.slice(0, count);
}

function push<T>(byOwner: Map<string, T[]>, owner: string, item: T): void {
  const items = byOwner.get(owner);
  if (items === undefined) byOwner.set(owner, [item]);
  else items.push(item);
}
