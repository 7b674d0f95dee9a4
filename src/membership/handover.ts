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
 * least, all that was ever confirmed. (Where a policy confirms with other numbers, it says of how many: `Handover`.) Givers must be able to vote themselves, and have been alive together: as for a
 * node that catches up, and for the same reasons (see `CatchUpWatch`).
 */
import { includes } from "./configuration.ts";
import { type CatchUpWatch, isOutdated } from "../replication/catch-up.ts";
import type { Membership } from "./membership.ts";
import type { Atom } from "@phyxius/atom";
import type { CacheState } from "../state.ts";

/** How many of a key's N owners a change of members needs. */
export interface Handover {
  /** Of its old owners: from so many a new one must have taken over all that they hold. */
  readonly givers: number;
  /** Of its new owners: so many must have done that. */
  readonly takers: number;
  /**
   * For a policy that would rather go on than wait: whoever gave what it had has given, though it may have forgotten
   * something itself; and down to majorities nobody waits for a node that is suspected to be gone.
   */
  readonly isBestEffort?: boolean | undefined;
}

export interface HandoverWatch {
  /** True for a new member that has what enough of the old owners of its keys hold. */
  hasTakenOver(): boolean;
  /** Of how many new members it must be known that they have taken over, as things are. */
  readonly takersNeeded: () => number;
  /** Old members from which this node, a new member, has yet to pull; empty while no change is under way. */
  missing(): readonly string[];
}

const NONE: readonly string[] = [];

export function createHandover(
  self: string,
  state: Atom<CacheState>,
  membership: Membership,
  catchUp: CatchUpWatch,
  handover?: Handover,
): HandoverWatch {
  const { replication } = membership;
  const majority = Math.floor(replication / 2) + 1;
  const { givers, takers, isBestEffort = false } = handover ?? { givers: majority, takers: majority };

  /** @param acceptsReserves from a giver that misses something itself */
  function missingWith(acceptsReserves: boolean): readonly string[] {
    const { members, previous } = membership.configuration;
    if (previous === null || !includes(members, self)) return NONE;
    const { pulledFrom } = state.deref().catchUp;
    const old = previous.map(({ id }) => id);
    return old.filter((id) => {
      if (id === self) return !acceptsReserves && !catchUp.isDone();
      const pulled = pulledFrom.get(id);
      if (pulled === undefined || acceptsReserves) return pulled === undefined;
      return pulled.missing.length > 0 || isOutdated(id, pulled, old, pulledFrom);
    });
  }

  /** With no more than so many of the group left out, `needed` of the owners of any key are not. */
  function spareOf(needed: number, suspects: number): number {
    const spare = replication - needed;
    return isBestEffort ? Math.min(Math.max(spare, suspects), replication - majority) : spare;
  }

  function suspectsAmong(nodes: readonly string[]): number {
    const { nodes: known } = state.deref();
    return nodes.filter((id) => known.get(id)?.isSuspected === true).length;
  }

  return {
    missing: () => missingWith(false),
    hasTakenOver() {
      const { members, previous } = membership.configuration;
      if (previous === null || !includes(members, self)) return false;
      const left = missingWith(isBestEffort);
      return left.length <= spareOf(givers, suspectsAmong(left));
    },
    takersNeeded() {
      const members = membership.configuration.members.map(({ id }) => id);
      return members.length - spareOf(takers, suspectsAmong(members));
    },
  };
}
