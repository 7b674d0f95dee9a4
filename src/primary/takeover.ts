import type { CacheRecord } from "../local/record.ts";
import { compareMaybeVersions } from "../local/version.ts";
import type { PolicyKit } from "../policies/policy.ts";
import type { PendingCall } from "../transport/rpc.ts";
import type { PolicyRequest, ReplyMessage } from "../wire/messages.ts";
import { readFollowing } from "./messages.ts";

/** A takeover ends after so many retries at the latest. */
const TAKEOVER_RETRIES = 5;

export interface TakeoverEnd {
  readonly isLeading: boolean;
  /** The higher epoch in which somebody leads already. */
  readonly refusedIn: number | null;
  readonly newest: CacheRecord | null;
  /** Every owner has answered, the leader before among them: nothing that was acknowledged is unknown. */
  readonly isHandedOver: boolean;
}

export interface TakeoverOptions {
  readonly others: readonly string[];
  readonly epoch: number;
  readonly onEnd: (end: TakeoverEnd) => void;
}

/**
 * One attempt to lead a key in one epoch.
 *
 * It waits until every owner that it does not suspect has answered, and one at least, but no longer than
 * `TAKEOVER_RETRIES` retries; then it leads with what it has heard. A node that came back with an empty memory needs
 * the answer of one other owner even then, and gives up without: with nothing in hand it would lead from nothing.
 */
export class Takeover implements PendingCall {
  readonly key: string;
  readonly epoch: number;
  readonly waiting: (() => void)[] = [];
  private readonly kit: PolicyKit;
  private readonly isSuspected: (node: string) => boolean;
  private readonly silent: Set<string>;
  private readonly others: readonly string[];
  private readonly request: PolicyRequest;
  private readonly frame: Uint8Array;
  private readonly onEnd: (end: TakeoverEnd) => void;
  private newest: CacheRecord | null = null;
  private refusedIn: number | null = null;
  private ticks = 0;

  constructor(
    kit: PolicyKit,
    isSuspected: (node: string) => boolean,
    key: string,
    { others, epoch, onEnd }: TakeoverOptions,
  ) {
    const { rpc, incarnation } = kit;
    this.kit = kit;
    this.isSuspected = isSuspected;
    this.key = key;
    this.epoch = epoch;
    this.others = others;
    this.silent = new Set(others);
    this.onEnd = onEnd;
    const request = rpc.nextRequest();
    this.request = { type: "policy", incarnation, request, kind: "lead", key, record: null, body: { epoch } };
    this.frame = rpc.encode(this.request);
  }

  start(): void {
    this.kit.rpc.expect(this.request.request, this);
    this.send();
    this.settle();
  }

  cancel(): void {
    this.kit.rpc.forget(this.request.request);
  }

  tick(): void {
    this.ticks++;
    this.send();
    this.settle();
  }

  onReply(from: string, reply: ReplyMessage): void {
    const following = reply.type === "policy-reply" ? readFollowing(reply) : null;
    if (reply.type !== "policy-reply" || following === null || !this.silent.delete(from)) return;
    if (following.outcome === "refuses") this.refusedIn = Math.max(this.refusedIn ?? 0, following.epoch);
    const { record } = reply;
    const isUsable = record?.key === this.key ? record : null;
    if (compareMaybeVersions(isUsable?.version ?? null, this.newest?.version ?? null) > 0) {
      this.newest = isUsable;
    }
    this.settle();
  }

  onReset(): void {
    // It may be back soon; the next tick finds out.
  }

  private send(): void {
    for (const other of this.silent) this.kit.rpc.send(other, this.frame);
  }

  private settle(): void {
    const isLate = this.ticks >= TAKEOVER_RETRIES;
    const answered = this.others.length - this.silent.size;
    const isAwaited = [...this.silent].some((other) => !this.isSuspected(other));
    const isAlone = this.others.length === 0;
    if (!isLate && !isAlone && (isAwaited || answered === 0)) return;
    this.kit.rpc.forget(this.request.request);
    const isLeading = isAlone || answered > 0 || !this.kit.hasForgotten;
    const isHandedOver = this.silent.size === 0;
    this.onEnd({ isLeading, refusedIn: this.refusedIn, newest: this.newest, isHandedOver });
  }
}
