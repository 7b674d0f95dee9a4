import type { Atom } from "@phyxius/atom";
import type { CacheState } from "./state.ts";
import { type KnownIncarnation, NO_INCARNATIONS } from "./wire/messages.ts";

/**
 * The latest life of each node that this node has heard of. What a former life confirmed may have been lost with
 * its memory, so a quorum counts a node's answer only while no newer life of it is known.
 */
export interface Incarnations {
  /** All that are known to have restarted; what every reply tells. The same array until something is learnt. */
  readonly restarted: readonly KnownIncarnation[];
  /** 1 for a node that is not known to have restarted. */
  latestOf(node: string): number;
  /** True when it was news. */
  learn(node: string, incarnation: number): boolean;
  learnAll(known: readonly KnownIncarnation[]): void;
}

export function createIncarnations(state: Atom<CacheState>, members: ReadonlySet<string>): Incarnations {
  let restarted = list(state.deref());

  function latestOf(node: string): number {
    return restarted.length === 0 ? 1 : (state.deref().incarnations.get(node) ?? 1);
  }

  function learn(node: string, incarnation: number): boolean {
    // A stranger's name is not remembered: what a node keeps of others must stay bounded.
    if (incarnation <= latestOf(node) || !members.has(node)) return false;
    const next = state.swap((current) => ({
      ...current,
      incarnations: current.incarnations.set(node, incarnation),
    }));
    restarted = list(next);
    return true;
  }

  return {
    get restarted() {
      return restarted;
    },
    latestOf,
    learn,
    learnAll(known) {
      for (let index = 0; index < known.length; index++) {
        const entry = known[index] as KnownIncarnation;
        learn(entry.node, entry.incarnation);
      }
    },
  };
}

function list({ incarnations }: CacheState): readonly KnownIncarnation[] {
  if (incarnations.size === 0) return NO_INCARNATIONS;
  return [...incarnations]
    .map(([node, incarnation]) => ({ node, incarnation }))
    .sort((a, b) => (a.node < b.node ? -1 : 1));
}
