/**
 * A primary's writes on their way to the other owners, in the background: each is sent at once, and again while an
 * owner has not confirmed it, ever more slowly. Of each key only the newest write is on its way, and of all keys
 * `KEYS_MAX`: what does not fit is left to the repair, which compares all that two owners hold.
 */
import type { PolicyKit } from "../policies/policy.ts";
import type { CacheRecord } from "../local/record.ts";
import type { PendingCall } from "../transport/rpc.ts";
import type { Version } from "../local/version.ts";
import type { ReplyMessage } from "../wire/messages.ts";
import { type Following, readFollowing, writeBase } from "./messages.ts";
import { createTicker } from "./ticker.ts";

export interface WriteStream {
  /** @param operation id of the operation that wrote it, for the audit log */
  push(to: readonly string[], record: CacheRecord, base: Version | null, operation: string): void;
  /** The key is somebody else's to lead. */
  drop(key: string): void;
  /** Members have changed. @param ownersOf the other owners of a key that this node leads; null if it does not */
  move(ownersOf: (key: string) => readonly string[] | null): void;
}

export interface WriteStreamHost {
  readonly kit: PolicyKit;
  readonly onRefused: (key: string, epoch: number) => void;
}

/** Keys with a write on its way. */
const KEYS_MAX = 1024;
/** Writes that are sent again in one round. */
const BURST = 64;

export function createWriteStream({ kit, onRefused }: WriteStreamHost): WriteStream {
  const { rpc, timing, hooks } = kit;
  const writes = new Map<string, StreamedWrite>();
  const roundsMax = Math.max(1, Math.floor(timing.repairMs / timing.retryMs));
  let round = 0;
  const ticker = createTicker(kit.clock, timing.retryMs, () => {
    round++;
    let left = BURST;
    for (const write of writes.values()) {
      if (write.dueRound > round) continue;
      write.send();
      write.patience = Math.min(write.patience * 2, roundsMax);
      write.dueRound = round + write.patience;
      if (--left === 0) break;
    }
    return writes.size > 0;
  });
  kit.onStop(() => ticker.stop());

  function forget(write: StreamedWrite): void {
    rpc.forget(write.request);
    if (writes.get(write.record.key) === write) writes.delete(write.record.key);
  }

  function replied(write: StreamedWrite, from: string, following: Following): void {
    const { key } = write.record;
    const { operation } = write;
    if (following.outcome === "follows") {
      kit.emit({ type: "cache.replication.success", operation, key, nodeId: from });
    } else {
      const error =
        following.outcome === "full" ? "the store is full" : `it follows epoch ${following.epoch}`;
      kit.emit({ type: "cache.replication.failure", operation, key, nodeId: from, error });
    }
    if (following.outcome === "refuses") onRefused(key, following.epoch);
    if (following.outcome === "refuses" || write.silent.size === 0) forget(write);
  }

  const stream: WriteStream = {
    push(to, record, base, operation) {
      if (to.length === 0) return;
      const before = writes.get(record.key);
      if (before !== undefined) forget(before);
      const [oldest] = writes.size >= KEYS_MAX ? writes.values() : [];
      if (oldest !== undefined) {
        hooks.sometimes("stream-overflow");
        forget(oldest);
      }
      const write = new StreamedWrite(kit, record, { to, base, operation, onReply: replied });
      write.dueRound = round + 1;
      writes.set(record.key, write);
      rpc.expect(write.request, write);
      write.send();
      ticker.start();
    },
    drop(key) {
      const write = writes.get(key);
      if (write !== undefined) forget(write);
    },
    move(ownersOf) {
      const before = [...writes.values()];
      for (const write of before) {
        forget(write);
        const to = ownersOf(write.record.key);
        if (to !== null) stream.push(to, write.record, write.base, write.operation);
      }
    },
  };
  return stream;
}

interface StreamedWriteOptions {
  readonly to: readonly string[];
  readonly base: Version | null;
  readonly operation: string;
  readonly onReply: (write: StreamedWrite, from: string, following: Following) => void;
}

class StreamedWrite implements PendingCall {
  readonly record: CacheRecord;
  readonly operation: string;
  readonly base: Version | null;
  readonly request: number;
  /** Owners that have not confirmed it. */
  readonly silent: Set<string>;
  /** In which round it is sent again, and how many rounds pass then. */
  dueRound = 0;
  patience = 1;
  private readonly kit: PolicyKit;
  private readonly frame: Uint8Array;
  private readonly handle: StreamedWriteOptions["onReply"];

  constructor(kit: PolicyKit, record: CacheRecord, { to, base, operation, onReply }: StreamedWriteOptions) {
    const { rpc, incarnation } = kit;
    this.kit = kit;
    this.record = record;
    this.operation = operation;
    this.base = base;
    this.request = rpc.nextRequest();
    this.silent = new Set(to);
    this.handle = onReply;
    this.frame = rpc.encode({
      type: "policy",
      incarnation,
      request: this.request,
      kind: "append",
      key: record.key,
      record,
      body: { base: writeBase(base) },
    });
  }

  send(): void {
    for (const owner of this.silent) this.kit.rpc.send(owner, this.frame);
  }

  onReply(from: string, reply: ReplyMessage): void {
    const following = reply.type === "policy-reply" ? readFollowing(reply) : null;
    if (following !== null && this.silent.delete(from)) this.handle(this, from, following);
  }

  onReset(): void {
    // It is sent again anyway.
  }
}
