/**
 * The owner's side of near copies: who is to be told when a key changes here.
 *
 * Each peer that watches keys has a channel. What it is told is numbered within the channel, so that it notices what
 * it has missed; a channel that was forgotten here, or belongs to another life of either end, has another number. So
 * anything may be lost or forgotten at any time, and it will be noticed.
 */
import type { Clock } from "@phyxius/clock";
import type { CatchUpWatch } from "../replication/catch-up.ts";
import type { Incarnations } from "../membership/incarnations.ts";
import type { CacheRecord } from "../local/record.ts";
import type { Rpc } from "../transport/rpc.ts";
import type { Store } from "../local/store.ts";
import type { TtlClock } from "../ttl/ttl-clock.ts";
import { compareVersions, type Version } from "../local/version.ts";
import type { RenewReply, RenewRequest, WatchReply, WatchRequest } from "../wire/messages.ts";

export interface Watches {
  answerWatch(from: string, request: WatchRequest): WatchReply | null;
  answerRenew(from: string, request: RenewRequest): RenewReply;
  /** The record is held here now. Tells those who watch an older version of it. O(channels). */
  noteHeld(record: CacheRecord): void;
}

export interface WatchesOptions {
  readonly clock: Clock;
  readonly ttl: TtlClock;
  readonly incarnation: number;
  readonly rpc: () => Rpc;
  readonly store: () => Store;
  readonly incarnations: Incarnations;
  readonly catchUp: CatchUpWatch;
  /** How many keys one peer may watch. */
  readonly watchesMax: number;
}

interface Channel {
  /** Unique in this life of the owner. */
  readonly id: number;
  /** The life of the peer. */
  readonly holder: number;
  /** How many invalidations were sent. */
  sequence: number;
  /** By key, the version that the peer has a copy of. */
  readonly watched: Map<string, Version>;
  /** When the peer was heard of last, by the monotonic clock, in milliseconds. */
  heardMs: number;
}

/** A peer that has been silent for longer is not told any more. */
const SILENCE_MS_MAX = 300_000;

export function createWatches(options: WatchesOptions): Watches {
  const { clock, ttl, incarnation, incarnations, catchUp, watchesMax } = options;
  const channels = new Map<string, Channel>();
  let lastId = 0;

  function channelOf(peer: string, holder: number): Channel {
    const { monoMs } = clock.now();
    let channel = channels.get(peer);
    if (channel === undefined || channel.holder !== holder) {
      channel = { id: ++lastId, holder, sequence: 0, watched: new Map(), heardMs: monoMs };
      channels.set(peer, channel);
    }
    channel.heardMs = monoMs;
    return channel;
  }

  function headOf({ request, incarnation: requester }: WatchRequest | RenewRequest) {
    return { incarnation, request, requester, known: incarnations.restarted };
  }

  return {
    answerWatch(from, request) {
      const { key, version } = request;
      // A former life may have confirmed what this one does not know yet.
      if (!catchUp.mayVote(key)) return null;
      const record = options.store().get(key);
      const order = record === undefined ? -1 : compareVersions(record.version, version);
      const channel = channelOf(from, request.incarnation);
      const isRoom = channel.watched.has(key) || channel.watched.size < watchesMax;
      const isWatched = order <= 0 && isRoom;
      if (isWatched) channel.watched.set(key, version);
      const remainingMs = order === 0 && record !== undefined ? ttl.remainingMs(record) : null;
      const { id, sequence } = channel;
      return { type: "watch-reply", ...headOf(request), channel: id, sequence, isWatched, remainingMs };
    },
    answerRenew(from, request) {
      const { id, sequence } = channelOf(from, request.incarnation);
      return { type: "renew-reply", ...headOf(request), channel: id, sequence };
    },
    noteHeld({ key, version }) {
      for (const [peer, channel] of channels) {
        const watched = channel.watched.get(key);
        if (watched === undefined || compareVersions(version, watched) <= 0) continue;
        if (clock.now().monoMs - channel.heardMs > SILENCE_MS_MAX) {
          channels.delete(peer);
          continue;
        }
        channel.watched.delete(key);
        channel.sequence++;
        const rpc = options.rpc();
        const { id, holder, sequence } = channel;
        const request = rpc.nextRequest();
        const frame = {
          type: "invalidate",
          incarnation,
          request,
          key,
          channel: id,
          holder,
          sequence,
        } as const;
        rpc.send(peer, rpc.encode(frame));
      }
    },
  };
}
