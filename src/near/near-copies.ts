/**
 * Local copies of values that other nodes own, for reading without asking anybody.
 *
 * A copy may be served while
 * - its time is not over: the owner says how long that is from now, and it counts from the *sending* of the question,
 *   by the monotonic clock, so clocks need not agree; and
 * - enough of its owners back it: each has said, within the last `staleMsMax` (again counted from the sending), that
 *   it has sent so many invalidations, which is how many have come.
 *
 * Why no copy is served more than `staleMsMax` after a write that replaced it was acknowledged: enough are so many that
 * one of them, o, is among those that held the write by then. When o took it, it sent an invalidation, or had never
 * agreed to back the older version. Whatever o answered to a question that was sent later counts that invalidation, so
 * either it has come, or it is noticed as missing; and an answer to a question sent before has no more effect.
 * (Leases: Gray and Cheriton, SOSP 1989.)
 *
 * What this node itself writes or takes over as an owner drops the copy at once.
 */
import { type Clock, ms, type TimerHandle } from "@phyxius/clock";
import type { Placement } from "../membership/placement.ts";
import { RecencyMap } from "../local/recency-map.ts";
import type { PendingCall, Rpc } from "../transport/rpc.ts";
import type { Hit } from "../operations/results.ts";
import type { Store } from "../local/store.ts";
import type { TtlClock } from "../ttl/ttl-clock.ts";
import { compareVersions, type Version } from "../local/version.ts";
import type { InvalidateMessage, ReplyMessage } from "../wire/messages.ts";
import type { OwnerChannel } from "./channel.ts";
import { hitOf, type NearCopy, Watch } from "./watch.ts";

export interface NearCopies {
  /** What the copy says, if it may be served now. O(owners). */
  read<T>(key: string): Hit<T> | undefined;
  /** A value that was read just now: asks its owners to back a copy of it. */
  offer(key: string, json: string, version: Version, staleMs: number): void;
  /** The key is being written here, or was: neither a copy nor one in the making outlives that. */
  drop(key: string): void;
  /** The owners of keys have changed: who backs the copies is not asked any more. */
  dropAll(): void;
  /** This node has met the version, or holds it as an owner: no older copy is served from now on. */
  noteNewer(key: string, version: Version): void;
  onInvalidate(from: string, message: InvalidateMessage): void;
  report(): NearReport;
  stop(): void;
}

/** What the near copies of a node come to. Their hits are not among those of the statistics: they are no operations. */
export interface NearReport {
  readonly copies: number;
  readonly hits: number;
}

export interface NearCopiesParts {
  readonly self: string;
  readonly clock: Clock;
  readonly ttl: TtlClock;
  readonly rpc: Rpc;
  readonly placement: Placement;
  readonly store: Store;
  /** Whether this node knows all that it may have confirmed of the key. */
  readonly mayVote: (key: string) => boolean;
  readonly recordsMax: number;
  readonly staleMsMax: number;
  /** How many owners hold a write when it is acknowledged. */
  readonly acknowledgedBy: number;
  /** @param onLost told whenever the word of the owner is lost */
  readonly createChannel: (onLost: () => void) => OwnerChannel;
}

const SLOTS_MIN = 16;

export function createNearCopies(options: NearCopiesParts): NearCopies {
  const { self, clock, ttl, rpc, placement, store, mayVote, recordsMax, staleMsMax } = options;
  const needed = placement.replication - options.acknowledgedBy + 1;
  const copies = new RecencyMap<NearCopy>();
  const channels = new Map<string, OwnerChannel>();
  const watches = new Map<string, Watch>();
  let hits = 0;
  /**
   * By slot of the copy, close together, since this is all that most reads look at: until when it may be served if
   * nothing is lost, found when it is first asked for and again when it is over; and what a read gives, if that is the
   * same for all.
   */
  let servedUntilMs = new Float64Array(SLOTS_MIN);
  const sharedHits: (Hit<unknown> | null)[] = [];
  let renewing: TimerHandle | null = null;
  let renewal: number | null = null;

  function channelTo(owner: string): OwnerChannel {
    let channel = channels.get(owner);
    if (channel === undefined) {
      channel = options.createChannel(() => servedUntilMs.fill(0));
      channels.set(owner, channel);
    }
    return channel;
  }

  function drop(key: string): void {
    copies.delete(key);
    endWatch(key);
  }

  function endWatch(key: string): void {
    const watch = watches.get(key);
    if (watch === undefined) return;
    rpc.forget(watch.request);
    watches.delete(key);
  }

  /** Until when a copy may be served if nothing is lost: to its end, and as long as enough owners back it. */
  function findServedUntil({ deadlineMs, backing, isOwnedHere }: NearCopy): number {
    const ends = isOwnedHere ? [Number.POSITIVE_INFINITY] : [];
    for (const { channel, epoch } of backing) if (channel.epoch === epoch) ends.push(channel.validUntilMs);
    const backedUntilMs = ends.sort((a, b) => b - a)[needed - 1] ?? 0;
    return Math.min(deadlineMs, backedUntilMs);
  }

  /** Asks all owners anew how much they have sent. A round that was not answered by the next one is given up. */
  function renew(): void {
    const { monoMs } = clock.now();
    for (const [key, { sentMs }] of watches) if (monoMs - sentMs >= staleMsMax) endWatch(key);
    if (renewal !== null) rpc.forget(renewal);
    renewal = null;
    if (copies.size === 0) {
      renewing?.cancel();
      renewing = null;
      return;
    }
    renewal = rpc.nextRequest();
    const validUntilMs = monoMs + staleMsMax;
    const call: PendingCall = {
      onReply(from, reply) {
        if (reply.type !== "renew-reply") return;
        const { incarnation: owner, channel, sequence } = reply;
        channels.get(from)?.answered({ owner, channel, sequence }, validUntilMs);
      },
      onReset: (peer) => channels.get(peer)?.lose(),
    };
    rpc.expect(renewal, call);
    const frame = rpc.encode({ type: "renew", incarnation: rpc.incarnation, request: renewal });
    for (const owner of channels.keys()) rpc.send(owner, frame);
  }

  function install(key: string, copy: NearCopy): void {
    const slot = copies.set(key, copy);
    if (slot >= servedUntilMs.length) {
      const longer = new Float64Array(2 * servedUntilMs.length);
      longer.set(servedUntilMs);
      servedUntilMs = longer;
    }
    servedUntilMs[slot] = 0;
    sharedHits[slot] = copy.shared;
    if (copies.size > recordsMax) copies.delete(copies.oldest() as string);
    renewing ??= clock.interval(ms(Math.max(1, Math.floor(staleMsMax / 3))), renew);
  }

  return {
    dropAll() {
      for (const key of watches.keys()) endWatch(key);
      for (let key = copies.oldest(); key !== undefined; key = copies.oldest()) copies.delete(key);
    },

    read<T>(key: string): Hit<T> | undefined {
      const slot = copies.useSlot(key);
      if (slot === undefined) return undefined;
      const { monoMs } = clock.now();
      if (monoMs >= (servedUntilMs[slot] ?? 0)) {
        const untilMs = findServedUntil(copies.at(slot) as NearCopy);
        servedUntilMs[slot] = untilMs;
        if (monoMs >= untilMs) {
          copies.delete(key);
          return undefined;
        }
      }
      hits++;
      return (sharedHits[slot] as Hit<T> | null) ?? hitOf<T>(copies.at(slot) as NearCopy);
    },

    offer(key, json, version, staleMs) {
      const known = copies.peek(key) ?? watches.get(key);
      if (known !== undefined && compareVersions(known.version, version) >= 0) return;
      // An owner backs one version only, and what was newer once must not be older again.
      drop(key);
      const { nodes: owners, groups } = placement.quorumsOf(key);
      // While members change, who holds a write is another question; soon it is the usual one again.
      if (groups.length > 1) return;
      const others = owners.filter((owner) => owner !== self);
      const isOwnedHere = others.length < owners.length && mayVote(key);
      const held = isOwnedHere ? store.get(key) : undefined;
      if (held !== undefined && compareVersions(held.version, version) > 0) return;
      const { monoMs } = clock.now();
      const watch = new Watch({
        request: rpc.nextRequest(),
        sentMs: monoMs,
        json,
        version,
        staleMs,
        needed,
        isOwnedHere,
        staleMsMax,
        channelTo,
        onBacked: (copy) => install(key, copy),
        onShorter() {
          const slot = copies.slotOf(key);
          if (slot !== undefined) servedUntilMs[slot] = 0;
        },
      });
      if (held !== undefined && compareVersions(held.version, version) === 0) {
        watch.noteRemaining(ttl.remainingMs(held));
      }
      watches.set(key, watch);
      rpc.expect(watch.request, {
        onReply(from: string, reply: ReplyMessage) {
          if (reply.type !== "watch-reply" || !others.includes(from)) return;
          watch.take(from, reply);
          if (watch.replies === others.length) endWatch(key);
        },
        onReset: (peer) => channels.get(peer)?.lose(),
      });
      const { incarnation } = rpc;
      const frame = rpc.encode({ type: "watch", incarnation, request: watch.request, key, version });
      for (const owner of others) rpc.send(owner, frame);
      watch.settle();
      if (others.length === 0) endWatch(key);
    },

    drop,

    noteNewer(key, version) {
      const known = copies.peek(key) ?? watches.get(key);
      if (known !== undefined && compareVersions(version, known.version) > 0) drop(key);
    },

    onInvalidate(from, { incarnation: owner, holder, channel, sequence, key }) {
      if (holder !== rpc.incarnation) return;
      channels.get(from)?.told({ owner, channel, sequence });
      drop(key);
    },

    report: () => ({ copies: copies.size, hits }),

    stop() {
      renewing?.cancel();
      renewing = null;
      copies.clear();
    },
  };
}
