/**
 * When a replica that came back with an empty memory may vote again.
 *
 * Its former life may have confirmed writes that it no longer has. Such a write is held by the rest of its write
 * quorum: at least `majority - 1` of the key's N - 1 other owners. Whoever has all that `ceil(N / 2)` of those
 * hold has it too, since `ceil(N / 2) + (majority - 1) > N - 1`: the two sets share an owner. (With N = 3 that
 * is both others.) Until then the replica keeps what it is given but neither answers reads nor confirms stores.
 *
 * With write quorums of another size W the same count says: all but N - W of the others, and one more, so N - W + 1.
 * (Where W is 1, no other owner need hold the write, and none can be counted on: a policy must not promise it then.)
 *
 * It may only rely on givers that may vote on the key themselves. So a giver says from whom it still misses
 * something, and the question is answered key by key: two nodes that restart together leave the keys that both
 * own without a vote, as they must, and no other.
 *
 * And the givers must have been alive together: what y gave in one life does not count beside what u gave
 * knowing of y's next life. (Otherwise, with N = 5, y could have recovered before u heard of this node's restart,
 * and confirm together with this node's former life what neither u nor y's former life had to give.) If no giver
 * knew of y's next life, then y heard of this node's restart while it recovered, and says so in all it confirms.
 * These are the crash-consistent quorums of `Gather` again, for recovery. Later restarts take nothing back.
 *
 * A key with a single owner cannot be recovered, so its owner votes at once: with N = 1 a crash loses data.
 */
import type { Atom } from "@phyxius/atom";
import type { Map } from "immutable";
import type { Incarnations } from "./incarnations.ts";
import type { Placement } from "./placement.ts";
import type { CacheState, Pulled } from "./state.ts";

export interface CatchUpWatch {
  /** True when this node may vote on every key it can own. */
  isDone(): boolean;
  mayVote(key: string): boolean;
  /** Peers from which this node has not yet all that both own, without reserve. Empty when it is done. */
  missing(): readonly string[];
  /** The peer, in that life, has given all that both own, except for what it itself misses from others. */
  notePulled(peer: string, pulled: Pulled): void;
}

const NONE: readonly string[] = [];

export function createCatchUp(
  state: Atom<CacheState>,
  peers: readonly string[],
  placement: Placement,
  incarnations: Incarnations,
  needed = Math.min(Math.ceil(placement.replication / 2), placement.replication - 1),
): CatchUpWatch {
  const { replication } = placement;
  /** With no more than this many peers missing, every set of N - 1 other owners has `needed` that are not. */
  const spare = replication - 1 - needed;

  function missingOf({ catchUp }: CacheState): readonly string[] {
    if (catchUp.isDone) return NONE;
    const { pulledFrom } = catchUp;
    return peers.filter((peer) => {
      const pulled = pulledFrom.get(peer);
      return pulled === undefined || pulled.missing.length > 0 || isOutdated(peer, pulled, peers, pulledFrom);
    });
  }

  function completed(current: CacheState): CacheState {
    if (current.catchUp.isDone || missingOf(current).length > spare) return current;
    return { ...current, catchUp: { ...current.catchUp, isDone: true } };
  }

  /** Whether a giver could vote on a key with these owners when it gave. */
  function isReliable(giver: string, { missing }: Pulled, owners: readonly string[]): boolean {
    if (missing.length === 0) return true;
    let relied = 0;
    for (const owner of owners) if (owner !== giver && !missing.includes(owner)) relied++;
    return relied >= needed;
  }

  // Alone, or the only owner of everything: there is nobody to wait for.
  state.swap(completed);

  return {
    isDone: () => state.deref().catchUp.isDone,
    mayVote(key) {
      const { isDone, pulledFrom } = state.deref().catchUp;
      if (isDone) return true;
      const owners = placement.ownersOf(key);
      let relied = 0;
      for (const owner of owners) {
        const pulled = pulledFrom.get(owner);
        if (pulled === undefined || isOutdated(owner, pulled, owners, pulledFrom)) continue;
        if (isReliable(owner, pulled, owners)) relied++;
      }
      return relied >= needed;
    },
    missing: () => missingOf(state.deref()),
    notePulled(peer, pulled) {
      const { isDone, pulledFrom } = state.deref().catchUp;
      if (isDone || pulled.incarnation < incarnations.latestOf(peer)) return;
      const before = pulledFrom.get(peer);
      // What was given with fewer reserves stays: a later gift knows of later restarts and would outdate others.
      if (
        before !== undefined &&
        before.missing.length <= pulled.missing.length &&
        !isOutdated(peer, before, peers, pulledFrom)
      ) {
        return;
      }
      state.swap((current) =>
        completed({
          ...current,
          catchUp: { ...current.catchUp, pulledFrom: current.catchUp.pulledFrom.set(peer, pulled) },
        }),
      );
    },
  };
}

/** True when one of the others gave knowing of a newer life of this giver. */
function isOutdated(
  giver: string,
  { incarnation }: Pulled,
  others: readonly string[],
  pulledFrom: Map<string, Pulled>,
): boolean {
  return others.some((other) => {
    if (other === giver) return false;
    const known = pulledFrom.get(other)?.known;
    return known?.some((entry) => entry.node === giver && entry.incarnation > incarnation) === true;
  });
}
