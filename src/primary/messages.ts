/**
 * What owners of a key and those who ask them say to each other, as bodies of policy messages. What arrives is
 * checked: null stands for what no node of this policy says.
 */
import type { CacheRecord } from "../local/record.ts";
import type { PolicyKit } from "../policies/policy.ts";
import type { Version } from "../local/version.ts";
import type { Json, PolicyReply, PolicyRequest } from "../wire/messages.ts";

const ASK_KINDS = ["get", "set", "delete", "swap", "fill", "touch"] as const;

export type AskKind = (typeof ASK_KINDS)[number];

/** A request of a client, on its way to the primary. */
export interface Ask {
  readonly number: number;
  readonly oldestOpen: number;
  readonly attempt: number;
  /** The life of the primary that is to carry it out: a later one cannot know whether it did. */
  readonly life: number;
  /** swap and fill only: the version that must be there, null for none. */
  readonly expected: string | null;
}

export type Answer =
  /** get: with the record that the primary holds. A write: it is ordered and stored, under this version. */
  | { readonly outcome: "done"; readonly version: string | null }
  /** swap and fill: another version was there, or none. touch: there was nothing to touch. */
  | { readonly outcome: "differs"; readonly version: string | null }
  | { readonly outcome: "full" }
  /** A write that may have been carried out, and will not be any more. */
  | { readonly outcome: "unknown" }
  /** Whoever answers does not lead the key; this owner should. */
  | { readonly outcome: "elsewhere"; readonly leader: string };

/** Of an owner that is asked to follow a leader, or to keep a write of his. */
export type Following =
  | { readonly outcome: "follows" }
  | { readonly outcome: "full" }
  /** It has heard of this epoch, which is higher. */
  | { readonly outcome: "refuses"; readonly epoch: number };

export function isAsk(kind: string): kind is AskKind {
  return ASK_KINDS.some((known) => known === kind);
}

export function readAsk({ body }: PolicyRequest): Ask | null {
  if (!isObject(body)) return null;
  const { number, oldestOpen, attempt, life, expected } = body;
  if (!isCount(number) || !isCount(oldestOpen) || !isCount(attempt) || !isCount(life)) return null;
  if (expected !== null && typeof expected !== "string") return null;
  return { number, oldestOpen: Math.min(oldestOpen, number), attempt, life, expected };
}

export function readAnswer({ body }: PolicyReply): Answer | null {
  if (!isObject(body)) return null;
  const { outcome, version, leader } = body;
  if (outcome === "done" || outcome === "differs") {
    return version === null || typeof version === "string" ? { outcome, version } : null;
  }
  if (outcome === "elsewhere") return typeof leader === "string" ? { outcome, leader } : null;
  return outcome === "full" || outcome === "unknown" ? { outcome } : null;
}

export function readFollowing({ body }: PolicyReply): Following | null {
  if (!isObject(body)) return null;
  const { outcome, epoch } = body;
  if (outcome === "refuses") return isCount(epoch) ? { outcome, epoch } : null;
  return outcome === "follows" || outcome === "full" ? { outcome } : null;
}

/** The epoch in which its sender wants to lead. */
export function readEpoch({ body }: PolicyRequest): number | null {
  return isObject(body) && isCount(body["epoch"]) ? body["epoch"] : null;
}

/** What the leader who sends a write had found when his epoch began; null for nothing, or when that is not said. */
export function readBase({ body }: PolicyRequest): Version | null {
  const base = isObject(body) ? body["base"] : null;
  if (base === undefined || base === null || !isObject(base)) return null;
  const { counter, node, incarnation } = base;
  return isCount(counter) && typeof node === "string" && isCount(incarnation)
    ? { counter, node, incarnation }
    : null;
}

/** Written out, as what a version has besides is nobody's business here. */
export function writeBase(base: Version | null): Json {
  if (base === null) return null;
  return { counter: base.counter, node: base.node, incarnation: base.incarnation };
}

/** @param kit of the node that answers */
export function replyTo(
  { incarnation, incarnations }: Pick<PolicyKit, "incarnation" | "incarnations">,
  { request, incarnation: requester }: PolicyRequest,
  body: Json,
  record: CacheRecord | null = null,
): PolicyReply {
  const known = incarnations.restarted;
  return { type: "policy-reply", incarnation, request, requester, known, record, body };
}

function isObject(body: Json | undefined): body is { readonly [name: string]: Json } {
  return typeof body === "object" && body !== null && !Array.isArray(body);
}

function isCount(value: Json | undefined): value is number {
  return typeof value === "number" && Number.isSafeInteger(value) && value >= 0;
}
