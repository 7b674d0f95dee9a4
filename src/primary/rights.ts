/**
 * Who may lead which keys without asking anybody.
 *
 * Only one of a key's owners in the present configuration may lead it; while members change, one of its new owners. The
 * first of them leads it by right if nobody else can have acknowledged anything that it does not hold:
 *
 * - in the first configuration, in the first life of its node;
 * - afterwards, if its node has taken over from every member before, each of which was in the joint configuration by
 *   then and did not lead the key any more, unless it is this one itself;
 * - in a joint configuration, if it was the first before as well and had the right.
 *
 * Everybody else asks, and so does it once it has heard of another leader (see `Leadership`). A node that enters a
 * configuration without the word of every member before says so: what these had acknowledged last may be lost.
 */
import type { Configuration } from "../membership/configuration.ts";
import { hasPart } from "../membership/membership.ts";
import { includes } from "../membership/configuration.ts";
import type { Owners } from "../membership/placement.ts";
import type { PolicyKit } from "../policies/policy.ts";

export interface Rights {
  /** Whether this node leads the key when it has heard of no other leader. */
  holds(key: string): boolean;
}

/** The owners of a key of which one may lead it, the first choice first. */
export function leadersAmong({ nodes, groups }: Owners): readonly string[] {
  const present = groups.at(-1);
  return groups.length === 1 || present === undefined
    ? nodes
    : present.map((place) => nodes[place] as string);
}

export function createRights({ self, incarnation, membership, handover, hooks }: PolicyKit): Rights {
  const { configuration } = membership;
  let isWhole = incarnation === 1 && configuration.epoch === 1 && includes(configuration.members, self);

  function leave(next: Configuration): void {
    const { epoch, previous } = membership.configuration;
    const isNext = next.epoch === epoch + 1;
    if (isNext && next.previous !== null) return;
    if (!hasPart(next, self)) {
      isWhole = false;
      return;
    }
    const hasAll = isNext && previous !== null && handover.missing().length === 0;
    isWhole = hasAll && incarnation === 1;
    if (!hasAll) hooks.sometimes("took-over-part");
  }

  membership.onLeave(leave);
  return {
    holds(key) {
      if (!isWhole) return false;
      const owners = membership.quorumsOf(key);
      // While members change, the first of all is the first of before.
      return owners.nodes[0] === self && leadersAmong(owners)[0] === self;
    },
  };
}
