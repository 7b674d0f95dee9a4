import { countSeeds, type SeedRange } from "./job.ts";

/** One of the machines that a campaign is spread over, counted from 1. */
export interface Shard {
  readonly number: number;
  readonly count: number;
}

/** The seeds that a shard runs of every job. The shards of a campaign have each seed once, in their order. */
export function seedsOf({ number, count }: Shard, seeds: SeedRange): SeedRange {
  const total = countSeeds(seeds);
  const start = (shard: number): number => seeds.first + Math.floor((total * shard) / count);
  return { first: start(number - 1), last: start(number) - 1 };
}
