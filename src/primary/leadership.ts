/**
 * Who leads which key, as one of its owners knows it.
 *
 * The first owner of a key leads it in epoch 0 without asking, in the first life of its node only: before that
 * nobody can have written. Everybody else takes over: it asks the other owners to follow it in a higher epoch, which
 * makes them refuse whatever comes from a lower one, and starts from the newest record that they or it itself hold.
 *
 * It waits until every owner that it does not suspect has answered, and one at least, but no longer than
 * `TAKEOVER_RETRIES` retries; then it leads with what it has heard. A node that came back with an empty memory needs
 * the answer of one other owner even then, and gives up without: with nothing in hand it would lead from nothing.
 *
 * Whoever hears of a higher epoch leads no more. Its last writes may be unknown to the one who leads now: `retired`
 * remembers them until that one's first write tells what he had found, and then it is known how many were lost.
 */
import { type CacheRecord, isForgotten } from "../local/record.ts";
import type { PendingCall } from "../transport/rpc.ts";
import { compareMaybeVersions, type Version } from "../local/version.ts";
import type { PolicyRequest, ReplyMessage } from "../wire/messages.ts";
import type { PolicyKit } from "../policies/policy.ts";
import { counterAt, epochOf, nextEpoch } from "./epochs.ts";
import { readFollowing } from "./messages.ts";
import { createTicker } from "./ticker.ts";

export interface Leadership {
  /** Null when this node does not lead the key. */
  leadOf(key: string): Lead | null;
  /** The version of the next write of a key that this node leads. */
  nextVersion(key: string, lead: Lead): Version;
  /** Calls back when it leads, or when somebody else does; never when it could not find out. */
  takeOver(key: string, then: () => void): void;
  /** Follows a leader in this epoch. False when a higher one has been heard of: see `epochHeard`. */
  follow(key: string, epoch: number): boolean;
  epochHeard(key: string): number;
  /** Hears from a later leader what he had found. */
  settle(key: string, epoch: number, leader: string, base: Version | null): void;
}

export interface Lead {
  /** Of the last write; of none before the first. */
  counter: number;
  /** The counter with which it began. */
  readonly first: number;
  /** What was found when it began. */
  readonly base: Version | null;
}

export interface LeadershipHost {
  readonly kit: PolicyKit;
  readonly isSuspected: (node: string) => boolean;
  readonly onTakenOver: (key: string, epoch: number) => void;
  /** @param writesLost acknowledged writes of this node that the leader of `epoch` had not found */
  readonly onDeposed: (key: string, epoch: number, leader: string, writesLost: number) => void;
}

interface KeyState {
  /** The highest epoch heard of, other than in the record that is held. */
  heard: number;
  lead: Lead | null;
  retired: Lead | null;
  takeover: Takeover | null;
}

/** A takeover ends after so many retries at the latest. */
const TAKEOVER_RETRIES = 5;
/** Requests that wait for one takeover; who is not let in will ask again. */
const WAITING_MAX = 1000;
/** Below this many keys nothing is cleared away. */
const KEYS_KEPT = 4096;

export function createLeadership(host: LeadershipHost): Leadership {
  const { kit, onTakenOver, onDeposed } = host;
  const { self, incarnation, placement, store, timing, clock } = kit;
  const keys = new Map<string, KeyState>();
  const takeovers = new Set<Takeover>();
  const ticker = createTicker(clock, timing.retryMs, () => {
    for (const takeover of takeovers) takeover.tick();
    return takeovers.size > 0;
  });
  /** No version of a key that was cleared away is issued again. */
  let counterFloor = 0;
  /** Whether the first owner of a key of which nothing is known leads it. */
  let isNew = incarnation === 1;
  let clearAt = KEYS_KEPT;
  kit.onStop(() => ticker.stop());

  function stateOf(key: string): KeyState {
    let state = keys.get(key);
    if (state === undefined) {
      if (keys.size >= clearAt) clearAway();
      keys.set(key, (state = { heard: 0, lead: null, retired: null, takeover: null }));
    }
    return state;
  }

  /** Of keys that nobody holds any more there is nothing left to order. */
  function clearAway(): void {
    for (const [key, { heard, lead, takeover }] of keys) {
      if (takeover !== null || store.get(key) !== undefined) continue;
      keys.delete(key);
      counterFloor = Math.max(counterFloor, lead?.counter ?? 0, counterAt(heard));
      if (heard > 0) isNew = false;
    }
    clearAt = Math.max(KEYS_KEPT, keys.size * 2);
  }

  function epochHeard(key: string): number {
    const held = store.get(key)?.version.counter ?? 0;
    return Math.max(keys.get(key)?.heard ?? 0, epochOf(held));
  }

  function retireIfBehind(state: KeyState, epoch: number): void {
    const { lead } = state;
    if (lead === null || epochOf(lead.counter) >= epoch) return;
    state.lead = null;
    if (lead.counter > lead.first) state.retired = lead;
  }

  function hear(key: string, epoch: number): void {
    const state = stateOf(key);
    state.heard = Math.max(state.heard, epoch);
    retireIfBehind(state, epoch);
  }

  function leadOf(key: string): Lead | null {
    const state = keys.get(key);
    if (state !== undefined && state.lead !== null) retireIfBehind(state, epochHeard(key));
    if (state !== undefined && (state.lead !== null || state.heard > 0)) return state.lead;
    if (!isNew || placement.ownersOf(key)[0] !== self || epochHeard(key) > 0) return null;
    const counter = Math.max(counterFloor, store.get(key)?.version.counter ?? 0);
    return { counter, first: counter, base: null };
  }

  function begin(key: string): Takeover {
    const owners = placement.ownersOf(key);
    const above = Math.max(epochHeard(key), epochOf(counterFloor));
    const takeover = new Takeover(kit, host.isSuspected, key, {
      others: owners.filter((owner) => owner !== self),
      epoch: nextEpoch(above, owners.indexOf(self), owners.length),
      onEnd: (end) => ended(takeover, end),
    });
    takeovers.add(takeover);
    ticker.start();
    return takeover;
  }

  function ended(takeover: Takeover, { isLeading, refusedIn, newest }: TakeoverEnd): void {
    const { key, epoch, waiting } = takeover;
    const state = stateOf(key);
    takeovers.delete(takeover);
    state.takeover = null;
    if (refusedIn !== null) hear(key, refusedIn);
    else if (!isLeading || (newest !== null && !store.apply(newest))) return;
    else if (epochHeard(key) <= epoch) {
      const first = counterAt(epoch);
      state.heard = epoch;
      state.lead = { counter: first, first, base: store.get(key)?.version ?? null };
      onTakenOver(key, epoch);
    }
    for (const then of waiting) then();
  }

  return {
    leadOf,
    epochHeard,
    nextVersion(key, lead) {
      const state = stateOf(key);
      state.lead = lead;
      state.heard = Math.max(state.heard, epochOf(lead.first));
      lead.counter = Math.max(lead.counter, store.get(key)?.version.counter ?? 0) + 1;
      return { counter: lead.counter, node: self, incarnation };
    },
    takeOver(key, then) {
      const state = stateOf(key);
      const isFirst = state.takeover === null;
      state.takeover ??= begin(key);
      const { takeover } = state;
      if (takeover.waiting.length < WAITING_MAX) takeover.waiting.push(then);
      if (isFirst) takeover.start();
    },
    follow(key, epoch) {
      if (epoch < epochHeard(key)) return false;
      if (epoch > 0) hear(key, epoch);
      return true;
    },
    settle(key, epoch, leader, base) {
      const state = keys.get(key);
      if (state === undefined) return;
      retireIfBehind(state, epoch);
      const { retired } = state;
      if (retired === null || epoch <= epochOf(retired.counter)) return;
      state.retired = null;
      onDeposed(key, epoch, leader, lostOf(retired, base));
    },
  };
}

/** How many writes of a lead the next leader did not know, as far as what he found tells. */
function lostOf({ counter, first }: Lead, base: Version | null): number {
  const known = base?.counter ?? 0;
  return Math.max(0, counter - Math.max(first, known));
}

interface TakeoverEnd {
  readonly isLeading: boolean;
  /** The higher epoch in which somebody leads already. */
  readonly refusedIn: number | null;
  readonly newest: CacheRecord | null;
}

interface TakeoverOptions {
  readonly others: readonly string[];
  readonly epoch: number;
  readonly onEnd: (end: TakeoverEnd) => void;
}

/** One attempt to lead a key in one epoch. */
class Takeover implements PendingCall {
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
    const { clock, timing } = this.kit;
    const isUsable =
      record?.key === this.key && !isForgotten(record, clock.now().wallMs, timing.graceMs) ? record : null;
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
    const isLeading = isAlone || answered > 0 || this.kit.incarnation === 1;
    this.onEnd({ isLeading, refusedIn: this.refusedIn, newest: this.newest });
  }
}
