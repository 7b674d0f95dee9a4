/**
 * Who leads which key, as one of its owners knows it.
 *
 * The first owner of a key leads it without asking where it has the right (see `rights.ts`). Everybody else takes over:
 * it asks all other owners to follow it in a higher epoch, which makes them refuse whatever comes from a lower one, and
 * starts from the newest record that they or it itself hold (see `Takeover`). If all of them answer, the leader before
 * is one of them, and has stopped: then the key was handed over, and nothing is lost. Otherwise that is a failover.
 *
 * Whoever hears of a higher epoch leads no more. Its last writes may be unknown to the one who leads now: `retired`
 * remembers them until that one's first write tells what he had found, and then it is known how many were lost.
 *
 * When members change, who is not the first owner any more stops leading. So the leader of a new configuration has the
 * word of the one before as soon as that one is in the new configuration too.
 */
import type { CacheRecord } from "../local/record.ts";
import { compareMaybeVersions, type Version } from "../local/version.ts";
import type { PolicyKit } from "../policies/policy.ts";
import { counterAt, epochOf, nextEpoch } from "./epochs.ts";
import { createRights, leadersAmong } from "./rights.ts";
import { Takeover, type TakeoverEnd } from "./takeover.ts";
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
  /** Members have changed: leads on where it is the first owner, and nowhere else. */
  move(): void;
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
  /** @param isHandedOver by whoever led before */
  readonly onTakenOver: (key: string, epoch: number, isHandedOver: boolean) => void;
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

/** Requests that wait for one takeover; who is not let in will ask again. */
const WAITING_MAX = 1000;
/** Below this many keys nothing is cleared away. */
const KEYS_KEPT = 4096;

export function createLeadership(host: LeadershipHost): Leadership {
  const { kit, onTakenOver, onDeposed } = host;
  const { self, incarnation, membership, store, timing, clock, hooks } = kit;
  const rights = createRights(kit);
  const keys = new Map<string, KeyState>();
  const takeovers = new Set<Takeover>();
  const ticker = createTicker(clock, timing.retryMs, () => {
    for (const takeover of takeovers) takeover.tick();
    return takeovers.size > 0;
  });
  /** No version of a key that was cleared away is issued again. */
  let counterFloor = 0;
  /** Of a key of which nothing is known, another leader may have been heard of. */
  let hasClearedHeard = false;
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
      if (heard > 0) hasClearedHeard = true;
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
    if (hasClearedHeard || epochHeard(key) > 0 || !rights.holds(key)) return null;
    if (membership.epoch > 1) hooks.sometimes("led-by-right");
    const counter = Math.max(counterFloor, store.get(key)?.version.counter ?? 0);
    return { counter, first: counter, base: null };
  }

  function begin(key: string): Takeover {
    const owners = membership.quorumsOf(key);
    const leaders = leadersAmong(owners);
    const above = Math.max(epochHeard(key), epochOf(counterFloor));
    const takeover = new Takeover(kit, host.isSuspected, key, {
      others: owners.nodes.filter((owner) => owner !== self),
      epoch: nextEpoch(above, leaders.indexOf(self), leaders.length),
      onEnd: (end) => ended(takeover, end),
    });
    takeovers.add(takeover);
    ticker.start();
    return takeover;
  }

  function ended(takeover: Takeover, { isLeading, refusedIn, newest, isHandedOver }: TakeoverEnd): void {
    const { key } = takeover;
    takeovers.delete(takeover);
    const state = stateOf(key);
    const over = (): void => {
      state.takeover = null;
      for (const then of takeover.waiting) then();
    };
    if (refusedIn !== null) {
      hear(key, refusedIn);
      over();
    } else if (!isLeading) state.takeover = null;
    else if (newest === null || !isNews(newest)) begun(takeover, isHandedOver, over);
    else {
      kit.keep(newest, (end) => {
        if (state.takeover !== takeover) return;
        if (end === "kept") begun(takeover, isHandedOver, over);
        else state.takeover = null;
      });
    }
  }

  function isNews({ key, version }: CacheRecord): boolean {
    return compareMaybeVersions(version, store.get(key)?.version ?? null) > 0;
  }

  function begun({ key, epoch }: Takeover, isHandedOver: boolean, over: () => void): void {
    const state = stateOf(key);
    if (epochHeard(key) <= epoch) {
      const first = counterAt(epoch);
      state.heard = epoch;
      state.lead = { counter: first, first, base: store.get(key)?.version ?? null };
      onTakenOver(key, epoch, isHandedOver);
    }
    over();
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
    move() {
      // Those who wait were asked in an older configuration, and will be asked again.
      for (const takeover of takeovers) takeover.cancel();
      takeovers.clear();
      for (const [key, state] of keys) {
        state.takeover = null;
        if (leadersAmong(membership.quorumsOf(key))[0] !== self) state.lead = null;
      }
    },
  };
}

/** How many writes of a lead the next leader did not know, as far as what he found tells. */
function lostOf({ counter, first }: Lead, base: Version | null): number {
  const known = base?.counter ?? 0;
  return Math.max(0, counter - Math.max(first, known));
}
