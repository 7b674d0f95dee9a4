import type { Job, SeedRange } from "./job.ts";
import { countSeeds } from "./job.ts";

/** Some seeds of one job: what a worker is given at a time. */
export interface Batch {
  readonly jobIndex: number;
  readonly seeds: SeedRange;
}

/** A message to a worker costs about as much as a tenth of a run, so 100 runs make it negligible. */
const BATCH_SEEDS_MAX = 100;
/** How many batches a worker's share of a job is cut into: the more, the shorter one worker waits for another. */
const BATCHES_PER_SHARE = 4;

/** Every batch of a campaign in order, made one by one. Batches get smaller towards the end of a job. */
export function* batchesOf(jobs: readonly Job[], seeds: SeedRange, workerCount: number): Generator<Batch> {
  for (const jobIndex of jobs.keys()) {
    let first = seeds.first;
    while (first <= seeds.last) {
      const left = countSeeds({ first, last: seeds.last });
      const size = Math.min(BATCH_SEEDS_MAX, Math.ceil(left / (BATCHES_PER_SHARE * workerCount)));
      yield { jobIndex, seeds: { first, last: first + size - 1 } };
      first += size;
    }
  }
}

/** What is left of a batch without one seed. */
export function without({ jobIndex, seeds }: Batch, seed: number): Batch[] {
  return [
    { first: seeds.first, last: seed - 1 },
    { first: seed + 1, last: seeds.last },
  ].flatMap((part) => (countSeeds(part) > 0 ? [{ jobIndex, seeds: part }] : []));
}
