import type { BehaviourTally } from "./behaviour-tally.ts";
import { TRANSITIONS_KEPT } from "./behaviour-tally.ts";
import { countSeeds, type SeedRange } from "./job.ts";

/** Whether more seeds still find behaviour that no seed before has shown. */
export interface Novelty {
  /** Transitions of the cluster's abstract state that were met. */
  readonly total: number;
  /** Those of them that the last tenth of the seeds was the first to show. */
  readonly newInLastTenth: number;
  /** After each of ten equal parts of the seeds, how many had been met. */
  readonly curve: readonly number[];
  /** Whether there were more than are kept: then all these numbers are of a sample of them. */
  readonly isSample: boolean;
}

export const NOVELTY_PARTS = 10;

/** @param seeds of the campaign; a run counts for the part that its seed is in */
export function noveltyOf({ transitions }: BehaviourTally, seeds: SeedRange): Novelty {
  const size = countSeeds(seeds);
  const added = Array.from({ length: NOVELTY_PARTS }, () => 0);
  for (const [, seed] of transitions) {
    const part = Math.floor(((seed - seeds.first) * NOVELTY_PARTS) / size);
    added[part] = (added[part] ?? 0) + 1;
  }
  let total = 0;
  const curve = added.map((each) => (total += each));
  return {
    total,
    newInLastTenth: added[NOVELTY_PARTS - 1] ?? 0,
    curve,
    isSample: transitions.length >= TRANSITIONS_KEPT,
  };
}
