import type { Gather } from "./gather.ts";
import type { LateListener } from "./late-answers.ts";
import type { CacheRecord } from "../local/record.ts";
import { compareMaybeVersions, type Version } from "../local/version.ts";
import type { ReplyMessage } from "../wire/messages.ts";

/**
 * Brings the owners that answered a read to the newest record that any of them told of, those that answer when the
 * read is long over included.
 */
export class ReadRepair implements LateListener {
  private newest: CacheRecord | null;
  /** What each owner that answered holds, as far as is known. */
  private readonly held = new Map<string, Version | null>();
  private readonly handOver: (to: string, record: CacheRecord) => void;

  /** @param newest of the answers that the gather counted; past its grace counts as none */
  constructor(
    { targets, replies }: Gather,
    newest: CacheRecord | null,
    handOver: (to: string, record: CacheRecord) => void,
  ) {
    this.newest = newest;
    this.handOver = handOver;
    for (const [place, reply] of replies.entries()) {
      if (reply?.type === "read-reply") this.held.set(targets[place] as string, reply.version);
    }
    this.repair();
  }

  onLate(from: string, reply: ReplyMessage): void {
    if (reply.type !== "read-reply") return;
    this.held.set(from, reply.version);
    if (reply.record !== null && compareMaybeVersions(reply.version, this.newest?.version ?? null) > 0) {
      this.newest = reply.record;
    }
    this.repair();
  }

  onSilent(): void {
    // Whoever does not answer is left to the hints of writers, and to the repair in the background.
  }

  private repair(): void {
    const { newest } = this;
    if (newest === null) return;
    for (const [target, version] of this.held) {
      if (compareMaybeVersions(version, newest.version) >= 0) continue;
      this.held.set(target, newest.version);
      this.handOver(target, newest);
    }
  }
}
