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
 * The same goes for what binds it as a voter on the next configuration (`agreement.ts`), with all members in the place
 * of the key's owners. That also settles which configuration its former life was in. If it was in a newer one than
 * those who gave, a majority of them had accepted that one, so one of the givers tells of it, and the replica waits
 * until that is decided and then begins anew. While a change of members is under way, it must catch up with every
 * group of owners that it is one of.
 *
 * A key with a single owner cannot be recovered, so its owner votes at once: with N = 1 a crash loses data.
 */
import type { Atom } from "@phyxius/atom";
import type { Map } from "immutable";
import { mergeVotes, type Votes } from "../membership/agreement.ts";
import { includes } from "../membership/configuration.ts";
import type { Incarnations } from "../membership/incarnations.ts";
import { hasPart, type Membership } from "../membership/membership.ts";
import type { CacheState, Pulled } from "../state.ts";

export interface CatchUpWatch {
  /** True when this node may vote on every key it can own. */
  isDone(): boolean;
  mayVote(key: string): boolean;
  /** True when this node may vote on the next configuration. */
  mayVoteOnMembers(): boolean;
  /** Peers from which this node has not yet all that both own, without reserve. Empty when it is done. */
  missing(): readonly string[];
  /** Those of them that have given already, which no longer counts: somebody gave since who knew of a later life. */
  outdated(): readonly string[];
  /**
   * The peer, in that life, has given all that both own, except for what it itself misses from others; and what
   * binds it as a voter.
   */
  notePulled(peer: string, pulled: Pulled, votes: Votes): void;
}

const NONE: readonly string[] = [];

export function createCatchUp(
  self: string,
  state: Atom<CacheState>,
  membership: Membership,
  incarnations: Incarnations,
  needed = neededOf(membership.replication),
): CatchUpWatch {
  const { replication } = membership;
  /** With no more than this many peers missing, every set of N - 1 other owners has `needed` that are not. */
  const spare = replication - 1 - needed;

  function missingOf({ catchUp }: CacheState): readonly string[] {
    if (catchUp.isDone) return NONE;
    const { pulledFrom } = catchUp;
    const { others } = membership;
    return others.filter((peer) => {
      const pulled = pulledFrom.get(peer);
      return (
        pulled === undefined || pulled.missing.length > 0 || isOutdated(peer, pulled, others, pulledFrom)
      );
    });
  }

  function completed(current: CacheState): CacheState {
    const { catchUp, membership: held } = current;
    if (catchUp.isDone || held.votes.accepted !== null) return current;
    const isEnough = hasPart(held.configuration, self)
      ? missingOf(current).length <= spare
      : isKnownToBeOut(current);
    if (!isEnough) return current;
    return { ...current, catchUp: { ...catchUp, isDone: true } };
  }

  /** Whether enough of the group have given, each of which could vote itself. */
  function relies(group: readonly string[], enough: number, pulledFrom: Map<string, Pulled>): boolean {
    let relied = 0;
    for (const giver of group) {
      const pulled = pulledFrom.get(giver);
      if (pulled === undefined || isOutdated(giver, pulled, group, pulledFrom)) continue;
      if (isReliable(giver, pulled, group, enough)) relied++;
    }
    return relied >= enough;
  }

  function knowsVotes(pulledFrom: Map<string, Pulled>): boolean {
    const { members, previous } = membership.configuration;
    return [members, previous].every((group) => {
      if (group === null || !includes(group, self)) return true;
      return relies(
        group.map(({ id }) => id),
        neededOf(group.length),
        pulledFrom,
      );
    });
  }

  /**
   * Whoever is no member owns nothing, and has nothing to catch up with, unless there is a newer configuration that
   * its former life was in: a majority of the members would have accepted that one, or have moved on.
   */
  function isKnownToBeOut({ catchUp }: CacheState): boolean {
    const { members, previous } = membership.configuration;
    const group = members.map(({ id }) => id);
    return previous === null && relies(group, Math.floor(group.length / 2) + 1, catchUp.pulledFrom);
  }

  // Alone, or the only owner of everything: there is nobody to wait for.
  state.swap(completed);

  return {
    isDone: () => state.deref().catchUp.isDone,
    mayVote(key) {
      const { catchUp, membership: held } = state.deref();
      if (catchUp.isDone) return true;
      if (held.votes.accepted !== null || !knowsVotes(catchUp.pulledFrom)) return false;
      const { nodes, groups } = membership.quorumsOf(key);
      return groups.every((places) => {
        const owners = places.map((place) => nodes[place] as string);
        return !owners.includes(self) || relies(owners, needed, catchUp.pulledFrom);
      });
    },
    mayVoteOnMembers() {
      const { isDone, pulledFrom } = state.deref().catchUp;
      return isDone || knowsVotes(pulledFrom);
    },
    missing: () => missingOf(state.deref()),
    outdated() {
      const { isDone, pulledFrom } = state.deref().catchUp;
      if (isDone) return NONE;
      const { others } = membership;
      return others.filter((peer) => {
        const pulled = pulledFrom.get(peer);
        return pulled !== undefined && isOutdated(peer, pulled, others, pulledFrom);
      });
    },
    notePulled(peer, pulled, votes) {
      const { isDone, pulledFrom } = state.deref().catchUp;
      if (isDone && membership.configuration.previous === null) return;
      if (pulled.incarnation < incarnations.latestOf(peer)) return;
      const before = pulledFrom.get(peer);
      // What was given with fewer reserves stays: a later gift knows of later restarts and would outdate others.
      if (
        before !== undefined &&
        before.missing.length <= pulled.missing.length &&
        !isOutdated(peer, before, membership.others, pulledFrom)
      ) {
        return;
      }
      state.swap((current) => {
        const { catchUp, membership: held } = current;
        const merged = isDone ? held.votes : mergeVotes(held.votes, votes);
        return completed({
          ...current,
          membership: merged === held.votes ? held : { ...held, votes: merged },
          catchUp: { ...catchUp, pulledFrom: catchUp.pulledFrom.set(peer, pulled) },
        });
      });
    },
  };
}

/** Of a group in which majorities confirm: from how many others a member must have taken over all. */
function neededOf(groupSize: number): number {
  return Math.min(Math.ceil(groupSize / 2), groupSize - 1);
}

/** Whether a giver could vote, with this group, when it gave. */
function isReliable(giver: string, { missing }: Pulled, group: readonly string[], enough: number): boolean {
  if (missing.length === 0) return true;
  let relied = 0;
  for (const owner of group) if (owner !== giver && !missing.includes(owner)) relied++;
  return relied >= enough;
}

/** True when one of the others gave knowing of a newer life of this giver. */
export function isOutdated(
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
