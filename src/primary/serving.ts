/**
 * The primary's side: takes requests for the keys that it leads, and gives writes their order.
 *
 * With a journal a write is acknowledged, read and sent on when it is on disk. Until then the next writes of its key
 * wait, since what they do may depend on it.
 */
import { type CacheRecord, operationId } from "../local/record.ts";
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

/** Requests that wait for a write of their key. */
const WAITING_MAX = 1000;

type Write = Exclude<AskKind, "get">;

type Differs = Extract<Answer, { readonly outcome: "done" | "differs" }>;

/** What came of a write, as its primary tells it, and tells it again. */
interface Outcome {
  readonly answer: Answer;
  /** What is there instead of what a compare-and-set expected. */
  readonly held: CacheRecord | null;
}

export function createServing(kit: PolicyKit, leadership: Leadership, stream: WriteStream): Serve {
  const { self, ttl, incarnation, membership, state, store, hooks } = kit;
  const ledger = createRequestLedger<Outcome>();
  /** Keys with a write that is on its way to the disk, and what waits for that. */
  const writing = new Map<string, (() => void)[]>();

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
    return leaders.slice(0, place).find((owner) => nodes.get(owner)?.isSuspected !== true);
  }

  function serve(from: string, request: PolicyRequest, kind: AskKind, asked: Ask): PolicyReply | null {
    const { key } = request;
    const isWrite = kind !== "get";
    if (isWrite) {
      if (asked.life !== incarnation) return answerWith(request, { outcome: "unknown" });
      const known = ledger.look(from, request.incarnation, asked);
      if (known === "over") return null;
      // Also when this node leads the key again: whoever asked has turned to somebody else meanwhile.
      if (known === "refused")
        return answerWith(request, { outcome: "elsewhere", leader: betterThan(key) ?? self });
      if (known !== "fresh") {
        hooks.sometimes("asked-twice");
        return answerWith(request, known.answer, known.held);
      }
      if (writing.has(key)) {
        wait(key, () => serveLate(from, request, kind, asked));
        return null;
      }
    }
    const lead = leadership.leadOf(key);
    if (lead === null) {
      const leader = betterThan(key);
      if (leader !== undefined) {
        if (isWrite) ledger.refuse(from, asked);
        return answerWith(request, { outcome: "elsewhere", leader });
      }
      leadership.takeOver(key, () => serveLate(from, request, kind, asked));
      return null;
    }
    if (!isWrite) {
      const record = store.get(key) ?? null;
      return answerWith(request, { outcome: "done", version: null }, record);
    }
    let isLate = false;
    let reply: PolicyReply | null = null;
    order(from, request, kind, asked, lead, (answer, held = null) => {
      ledger.note(from, asked.number, { answer, held });
      hooks.crashpoint("before-acknowledge");
      reply = answerWith(request, answer, held);
      if (isLate) kit.reply(from, reply);
    });
    isLate = true;
    return reply;
  }

  function serveLate(from: string, request: PolicyRequest, kind: AskKind, asked: Ask): void {
    const reply = serve(from, request, kind, asked);
    if (reply !== null) kit.reply(from, reply);
  }

  function wait(key: string, then: () => void): void {
    const waiting = writing.get(key);
    const { epoch } = membership;
    // Who finds no place, or was asked in an older configuration, will ask again.
    if (waiting !== undefined && waiting.length < WAITING_MAX) {
      waiting.push(() => {
        if (membership.epoch === epoch) then();
      });
    }
  }

  /** Gives a write its place, stores it here and sends it on. Tells what came of it, or nothing if that is open. */
  function order(
    from: string,
    request: PolicyRequest,
    kind: Write,
    asked: Ask,
    lead: Lead,
    tell: (answer: Answer, held?: CacheRecord | null) => void,
  ): void {
    const { key, record } = request;
    if (record === null || record.key !== key) return;
    const held = store.get(key);
    const differs = differsFrom(held, kind, asked);
    if (differs !== null || (held === undefined && store.isFull())) {
      if (differs === null) tell({ outcome: "full" });
      // Whoever compares and sets may try again with what is there.
      else tell(differs, kind === "swap" && differs.version !== null ? held : null);
      return;
    }
    const version = leadership.nextVersion(key, lead);
    const operation = from === self ? asked.number : 0;
    const ordered: CacheRecord = { ...contentOf(record, kind, held), version, operation };
    writing.set(key, []);
    kit.keep(ordered, (end) => {
      const waiting = writing.get(key);
      writing.delete(key);
      if (end === "kept") {
        hooks.crashpoint("after-own-store");
        // Whoever leads now may have asked what this node holds before it held this.
        if (leadership.leadOf(key) !== lead) tell({ outcome: "unknown" });
        else {
          const others = membership.ownersOf(key).filter((owner) => owner !== self);
          stream.push(others, ordered, lead.base, operationId(from, request.incarnation, asked.number));
          tell({ outcome: "done", version: formatVersion(version) });
        }
      } else if (end === "full") tell({ outcome: "full" });
      for (const then of waiting ?? []) then();
    });
  }

  /** Whether the write asks for another record than the one that is held; null when it may be made. */
  function differsFrom(held: CacheRecord | undefined, kind: Write, { expected }: Ask): Differs | null {
    if (kind !== "touch" && kind !== "swap" && kind !== "fill") return null;
    const isThere = held !== undefined && ttl.isServable(held, ttl.nowMs());
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
