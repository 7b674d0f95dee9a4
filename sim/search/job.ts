import type { Scenario } from "../run/scenario/scenario.ts";

/** One row of a campaign: a scenario under a policy, run with every seed of the campaign. */
export interface Job {
  readonly scenario: Scenario;
  readonly policy: string;
  /** Where one was given besides the scenario's own, which is then this one. */
  readonly strategy?: string | undefined;
  /** Files of invariants to check besides. */
  readonly invariantFiles?: readonly string[] | undefined;
}

/** Both ends belong to the range. */
export interface SeedRange {
  readonly first: number;
  readonly last: number;
}

/** The most seeds of one campaign: hours of work, and far from what a typing error asks for. */
export const SEEDS_MAX = 10_000_000;

export function countSeeds({ first, last }: SeedRange): number {
  return last - first + 1;
}

/** One in how many seeds is run twice. */
const RERUN_EVERY = 50;

/**
 * Whether a seed belongs to the sample that is run twice and compared. Decided by the seed alone, so that the
 * sample does not depend on how the seeds are spread over workers; the first seed is always in it.
 */
export function isRerun(seed: number, seeds: SeedRange): boolean {
  return seed === seeds.first || seed % RERUN_EVERY === 0;
}

/** One of several parts of a campaign, each run on a machine of its own; `index` counts from 1. */
export interface Shard {
  readonly index: number;
  readonly count: number;
}

/** The seeds of a shard: parts of the range one after the other, as equal as can be; null for one that gets none. */
export function seedsOfShard({ first, last }: SeedRange, { index, count }: Shard): SeedRange | null {
  const total = countSeeds({ first, last });
  const before = Math.floor((total * (index - 1)) / count);
  const until = Math.floor((total * index) / count);
  return until === before ? null : { first: first + before, last: first + until - 1 };
}
