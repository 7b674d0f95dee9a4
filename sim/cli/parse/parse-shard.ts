import { countSeeds, type SeedRange } from "../../search/job.ts";
import type { Shard } from "../../search/shard.ts";

const SHARDS_MAX = 10_000;

/** "3/8". Throws an Error with one line that says what is wrong. */
export function parseShard(input: string): Shard {
  const match = /^(\d{1,6})\/(\d{1,6})$/.exec(input.trim());
  if (match === null) throw new Error("expected the number of the shard and how many there are, as in 3/8");
  const [number, count] = [Number(match[1]), Number(match[2])];
  if (count < 1 || count > SHARDS_MAX) throw new Error(`expected from 1 to ${SHARDS_MAX} shards`);
  if (number < 1 || number > count) throw new Error(`expected a shard from 1 to ${count}`);
  return { number, count };
}

/** One line when there is nothing for every shard to do. */
export function shardProblem({ count }: Shard, seeds: SeedRange): string | null {
  const seedCount = countSeeds(seeds);
  if (seedCount >= count) return null;
  return `--shard: expected at most as many shards as there are seeds (${seedCount}), got ${count}`;
}
