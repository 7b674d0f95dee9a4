/**
 * When a change of members may be completed: from then on the old owners of a key are not asked any more.
 *
 * Whatever was confirmed before the change is held by a majority of the key's old owners. A new owner that has what a
 * majority of them holds has it too, provided that none of these confirms anything in the old way afterwards: so
 * only what was given by a node that is in the joint configuration, and refuses older requests, counts. (Records are
 * pulled by nodes of the same epoch only.) What is confirmed meanwhile is confirmed by a majority of the new owners
 * as well.
 *
 * So when a majority of each key's new owners have taken over, every majority of them holds, with one member at
 * least, all that was ever confirmed. Givers must be able to vote themselves, and have been alive together: as for a
 * node that catches up, and for the same reasons (see `CatchUpWatch`).
 */
import { includes } from "./configuration.ts";
import { type CatchUpWatch, isOutdated } from "../replication/catch-up.ts";
import type { Membership } from "./membership.ts";
import type { Atom } from "@phyxius/atom";
import type { CacheState } from "../state.ts";

export interface HandoverWatch {
  /** True for a new member that has all that the old owners of its keys hold. */
  hasTakenOver(): boolean;
  /** Old members from which this node, a new member, has yet to pull; empty while no change is under way. */
  missing(): readonly string[];
}

const NONE: readonly string[] = [];

export function createHandover(
  self: string,
  state: Atom<CacheState>,
  membership: Membership,
  catchUp: CatchUpWatch,
): HandoverWatch {
  const { replication } = membership;
  /** With no more old members missing than this, a majority of the old owners of any key is not. */
  const spare = replication - (Math.floor(replication / 2) + 1);

  function missing(): readonly string[] {
    const { members, previous } = membership.configuration;
    if (previous === null || !includes(members, self)) return NONE;
    const { pulledFrom } = state.deref().catchUp;
    const old = previous.map(({ id }) => id);
    return old.filter((id) => {
      if (id === self) return !catchUp.isDone();
      const pulled = pulledFrom.get(id);
      return pulled === undefined || pulled.missing.length > 0 || isOutdated(id, pulled, old, pulledFrom);
    });
  }

  return {
    missing,
    hasTakenOver() {
      const { members, previous } = membership.configuration;
      return previous !== null && includes(members, self) && missing().length <= spare;
    },
  };
}

/**
 * Of how many new members it must be known that they have taken over, so that a majority of the new owners of any
 * key has.
 */
export function takersNeeded(memberCount: number, replication: number): number {
  return memberCount - (replication - (Math.floor(replication / 2) + 1));
}
