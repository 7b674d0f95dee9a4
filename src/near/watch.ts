import type { WatchReply } from "../wire/messages.ts";
import type { Hit } from "../operations/results.ts";
import { formatVersion, type Version } from "../local/version.ts";
import type { OwnerChannel } from "./channel.ts";

/** An owner's word that it will tell of whatever replaces the copy. */
interface Backing {
  readonly channel: OwnerChannel;
  readonly epoch: number;
}

export interface NearCopy {
  readonly json: string;
  readonly version: Version;
  readonly staleMsMax: number;
  /** What a read gives, when nobody can change it; else each read gets a value of its own. */
  readonly shared: Hit<unknown> | null;
  /** By the monotonic clock, in milliseconds; not served from then on. */
  deadlineMs: number;
  readonly backing: Backing[];
  /** This node is one of the owners, and backs the copy itself. */
  readonly isOwnedHere: boolean;
}

export interface WatchOptions {
  readonly request: number;
  readonly sentMs: number;
  readonly json: string;
  readonly version: Version;
  /** For how long before its end the record is stale. */
  readonly staleMs: number;
  readonly needed: number;
  readonly isOwnedHere: boolean;
  readonly staleMsMax: number;
  readonly channelTo: (owner: string) => OwnerChannel;
  readonly onBacked: (copy: NearCopy) => void;
  /** The copy's time ends earlier than was known. */
  readonly onShorter: () => void;
}

/** A copy in the making: its owners have been asked to back it. */
export class Watch {
  readonly request: number;
  readonly sentMs: number;
  readonly version: Version;
  replies = 0;
  private readonly options: WatchOptions;
  private readonly copy: NearCopy;
  private readonly answered = new Set<string>();
  private isInstalled = false;

  constructor(options: WatchOptions) {
    const { request, sentMs, json, version, isOwnedHere, staleMsMax } = options;
    this.options = options;
    this.request = request;
    this.sentMs = sentMs;
    this.version = version;
    const head = { json, version, staleMsMax, isOwnedHere };
    const shared = isObject(json) ? null : Object.freeze(hitOf<unknown>(head));
    this.copy = { ...head, shared, deadlineMs: Number.POSITIVE_INFINITY, backing: [] };
  }

  /** What is left of the record's time according to one who holds it: the shortest counts. */
  noteRemaining(remainingMs: number): void {
    const deadlineMs = this.sentMs + remainingMs - this.options.staleMs;
    this.copy.deadlineMs = Math.min(this.copy.deadlineMs, deadlineMs);
    this.options.onShorter();
  }

  take(owner: string, reply: WatchReply): void {
    if (this.answered.has(owner)) return;
    this.answered.add(owner);
    this.replies++;
    const channel = this.options.channelTo(owner);
    const { incarnation, sequence } = reply;
    const state = { owner: incarnation, channel: reply.channel, sequence };
    if (!channel.answered(state, this.sentMs + this.options.staleMsMax) || !reply.isWatched) return;
    if (reply.remainingMs !== null) this.noteRemaining(reply.remainingMs);
    this.copy.backing.push({ channel, epoch: channel.epoch });
    this.settle();
  }

  /** Hands the copy over once enough back it and its time is known; whoever backs it later still counts. */
  settle(): void {
    const { copy, options } = this;
    const backed = copy.backing.length + (copy.isOwnedHere ? 1 : 0);
    if (this.isInstalled || backed < options.needed || copy.deadlineMs === Number.POSITIVE_INFINITY) return;
    this.isInstalled = true;
    options.onBacked(copy);
  }
}

export function hitOf<T>({
  json,
  version,
  staleMsMax,
}: Pick<NearCopy, "json" | "version" | "staleMsMax">): Hit<T> {
  const value = JSON.parse(json) as T;
  return { status: "hit", value, source: "local", version: formatVersion(version), staleMsMax };
}

function isObject(json: string): boolean {
  return json.startsWith("{") || json.startsWith("[");
}
