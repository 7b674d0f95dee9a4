import type { Atom } from "@phyxius/atom";
import { type CacheState, copyOf } from "../state.ts";
import { type KnownIncarnation, NO_INCARNATIONS } from "../wire/messages.ts";

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
  return new KnownLives(state, members);
}

/** A class, since it has a property that changes: as an accessor of a literal that would cost a shape for each node. */
class KnownLives implements Incarnations {
  restarted: readonly KnownIncarnation[];
  private readonly state: Atom<CacheState>;
  private readonly members: ReadonlySet<string>;

  constructor(state: Atom<CacheState>, members: ReadonlySet<string>) {
    this.state = state;
    this.members = members;
    this.restarted = list(state.deref());
  }

  latestOf(node: string): number {
    return this.restarted.length === 0 ? 1 : (this.state.deref().incarnations.get(node) ?? 1);
  }

  learn(node: string, incarnation: number): boolean {
    // A stranger's name is not remembered: what a node keeps of others must stay bounded.
    if (incarnation <= this.latestOf(node) || !this.members.has(node)) return false;
    const next = this.state.swap((current) => {
      const state = copyOf(current);
      state.incarnations = current.incarnations.set(node, incarnation);
      return state;
    });
    this.restarted = list(next);
    return true;
  }

  learnAll(known: readonly KnownIncarnation[]): void {
    for (let index = 0; index < known.length; index++) {
      const entry = known[index] as KnownIncarnation;
      this.learn(entry.node, entry.incarnation);
    }
  }
}

function list({ incarnations }: CacheState): readonly KnownIncarnation[] {
  if (incarnations.size === 0) return NO_INCARNATIONS;
  return [...incarnations]
    .map(([node, incarnation]) => ({ node, incarnation }))
    .sort((a, b) => (a.node < b.node ? -1 : 1));
}
