import type { Behaviour } from "../run/behaviour/behaviour.ts";

/** What many runs exercised, so that it adds up in any order and its size is bounded. */
export interface BehaviourTally {
  /** What happened, as `kind/name`, and in how many runs; sorted. */
  readonly features: readonly (readonly [feature: string, runs: number])[];
  /**
   * Hashes of transitions, rising, each with the lowest seed that shows it. When there are more than
   * {@link TRANSITIONS_KEPT}, those with the smallest hashes: as good as drawn by lot, and the same however the seeds
   * were spread (the "k minimum values" of Bar-Yossef et al., RANDOM 2002).
   */
  readonly transitions: readonly (readonly [transition: number, seed: number])[];
}

export const TRANSITIONS_KEPT = 4096;
/** A system may have any number of words for its states. */
const FEATURES_KEPT = 2000;

export const noBehaviour: BehaviourTally = { features: [], transitions: [] };

export function tallyBehaviour(seed: number, { features, transitions }: Behaviour): BehaviourTally {
  return {
    features: features.map((feature) => [feature, 1]),
    transitions: transitions.slice(0, TRANSITIONS_KEPT).map((transition) => [transition, seed]),
  };
}

export function mergeBehaviours(a: BehaviourTally, b: BehaviourTally): BehaviourTally {
  if (isNothing(b)) return a;
  if (isNothing(a)) return b;
  return {
    features: mergeSorted(a.features, b.features, (x, y) => x + y).slice(0, FEATURES_KEPT),
    transitions: mergeTransitions(a.transitions, b.transitions),
  };
}

function isNothing({ features, transitions }: BehaviourTally): boolean {
  return features.length === 0 && transitions.length === 0;
}

type Entries<Key> = readonly (readonly [key: Key, value: number])[];

/** Mostly nothing is new, and then nothing is made. */
function mergeTransitions(a: Entries<number>, b: Entries<number>): Entries<number> {
  const [large, small] = a.length >= b.length ? [a, b] : [b, a];
  const isKnown = small.every(([transition, seed]) => {
    const at = placeOf(large, transition);
    const found = large[at];
    if (found === undefined) return large.length >= TRANSITIONS_KEPT;
    return found[0] === transition && found[1] <= seed;
  });
  return isKnown ? large : mergeSorted(large, small, Math.min).slice(0, TRANSITIONS_KEPT);
}

/** The first place whose key is not smaller. */
function placeOf(entries: Entries<number>, key: number): number {
  let low = 0;
  let high = entries.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((entries[middle]?.[0] ?? 0) < key) low = middle + 1;
    else high = middle;
  }
  return low;
}

function mergeSorted<Key extends string | number>(
  a: Entries<Key>,
  b: Entries<Key>,
  join: (x: number, y: number) => number,
): Entries<Key> {
  const merged: (readonly [Key, number])[] = [];
  let [i, j] = [0, 0];
  while (i < a.length || j < b.length) {
    const [one, other] = [a[i], b[j]];
    if (other === undefined || (one !== undefined && one[0] < other[0])) {
      if (one !== undefined) merged.push(one);
      i++;
    } else if (one === undefined || other[0] < one[0]) {
      merged.push(other);
      j++;
    } else {
      merged.push([one[0], join(one[1], other[1])]);
      i++;
      j++;
    }
  }
  return merged;
}
