/** The primary's side: takes requests for the keys that it leads, one after the other, and gives writes their order. */
import { isSuspected } from "../observe/node-health.ts";
import { type CacheRecord, isLive, operationId } from "../local/record.ts";
import { formatVersion } from "../local/version.ts";
import type { PolicyKit } from "../policies/policy.ts";
import type { PolicyReply, PolicyRequest } from "../wire/messages.ts";
import type { Lead, Leadership } from "./leadership.ts";
import { type Answer, type Ask, type AskKind, replyTo } from "./messages.ts";
import { createRequestLedger } from "./request-ledger.ts";
import { leadersAmong } from "./rights.ts";
import type { WriteStream } from "./stream.ts";

/** Answers at once or when it has taken over, or says who should; null says nothing, or nothing yet. */
export type Serve = (from: string, request: PolicyRequest, kind: AskKind, asked: Ask) => PolicyReply | null;

type Write = Exclude<AskKind, "get">;

export function createServing(kit: PolicyKit, leadership: Leadership, stream: WriteStream): Serve {
  const { self, clock, clockSkewMs, incarnation, membership, state, store, hooks } = kit;
  const ledger = createRequestLedger<Answer>();

  function answerWith(
    request: PolicyRequest,
    answer: Answer,
    record: CacheRecord | null = null,
  ): PolicyReply {
    return replyTo(kit, request, { ...answer }, record);
  }

  /** Who should be asked instead: an owner before this one that seems to be there, if there is one. */
  function betterThan(key: string): string | undefined {
    const { nodes } = state.deref();
    const leaders = leadersAmong(membership.quorumsOf(key));
    const place = leaders.indexOf(self);
    if (place < 0) return leaders[0];
    return leaders.slice(0, place).find((owner) => !isSuspected(nodes.get(owner)));
  }

  function serve(from: string, request: PolicyRequest, kind: AskKind, asked: Ask): PolicyReply | null {
    const { key } = request;
    const isWrite = kind !== "get";
    if (isWrite) {
      if (asked.life !== incarnation) return answerWith(request, { outcome: "restarted" });
      const known = ledger.look(from, request.incarnation, asked);
      if (known === "over") return null;
      // Also when this node leads the key again: whoever asked has turned to somebody else meanwhile.
      if (known === "refused")
        return answerWith(request, { outcome: "elsewhere", leader: betterThan(key) ?? self });
      if (known !== "fresh") {
        hooks.sometimes("asked-twice");
        return answerWith(request, known);
      }
    }
    const lead = leadership.leadOf(key);
    if (lead === null) {
      const leader = betterThan(key);
      if (leader !== undefined) {
        if (isWrite) ledger.refuse(from, asked);
        return answerWith(request, { outcome: "elsewhere", leader });
      }
      leadership.takeOver(key, () => {
        const reply = serve(from, request, kind, asked);
        if (reply !== null) kit.reply(from, reply);
      });
      return null;
    }
    if (!isWrite) {
      const record = store.get(key) ?? null;
      return answerWith(request, { outcome: "done", version: null }, record);
    }
    const answer = order(from, request, kind, asked, lead);
    if (answer === null) return null;
    ledger.note(from, asked.number, answer);
    hooks.crashpoint("before-acknowledge");
    return answerWith(request, answer);
  }

  /** Gives a write its place, stores it here and sends it on; null for what makes no sense. */
  function order(from: string, request: PolicyRequest, kind: Write, asked: Ask, lead: Lead): Answer | null {
    const { key, record } = request;
    if (record === null || record.key !== key) return null;
    const held = store.get(key);
    const differs = differsFrom(held, kind, asked);
    if (differs !== null) return differs;
    if (held === undefined && store.isFull()) return { outcome: "full" };
    const version = leadership.nextVersion(key, lead);
    const operation = from === self ? asked.number : 0;
    const ordered: CacheRecord = { ...contentOf(record, kind, held), version, operation };
    store.apply(ordered);
    hooks.crashpoint("after-own-store");
    const others = membership.ownersOf(key).filter((owner) => owner !== self);
    stream.push(others, ordered, lead.base, operationId(from, request.incarnation, asked.number));
    return { outcome: "done", version: formatVersion(version) };
  }

  /** Whether the write asks for another record than the one that is held; null when it may be made. */
  function differsFrom(held: CacheRecord | undefined, kind: Write, { expected }: Ask): Answer | null {
    if (kind !== "touch" && kind !== "swap" && kind !== "fill") return null;
    // Early by the skew: on no other node's clock may it have expired longer ago.
    const isThere = held !== undefined && isLive(held, clock.now().wallMs + clockSkewMs);
    if (kind === "touch") return isThere ? null : { outcome: "differs", version: null };
    // A swap goes by what a get would find; a fill by what it met, a tombstone too.
    const isMet = held !== undefined && (isThere || kind === "fill");
    const version = isMet ? formatVersion(held.version) : null;
    return version === expected ? null : { outcome: "differs", version };
  }

  return serve;
}

/** What is to be stored: a touch keeps the value, and lets it live no shorter than before. */
function contentOf(asked: CacheRecord, kind: Write, held: CacheRecord | undefined): CacheRecord {
  if (kind !== "touch" || held === undefined) return asked;
  return { ...held, expireAtMs: Math.max(held.expireAtMs, asked.expireAtMs) };
}
