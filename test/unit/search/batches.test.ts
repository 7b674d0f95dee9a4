import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { type Batch, batchesOf, without } from "../../../sim/search/batches.ts";
import { countSeeds, isRerun, type Job } from "../../../sim/search/job.ts";

const job = {} as Job;

function seedsOf(batches: readonly Batch[], jobIndex: number): number[] {
  return batches
    .filter((batch) => batch.jobIndex === jobIndex)
    .flatMap(({ seeds }) => Array.from({ length: countSeeds(seeds) }, (_, index) => seeds.first + index));
}

describe("batches", () => {
  test("hold every seed of every job once, in order, a hundred at most", () => {
    fc.assert(
      fc.property(
        fc.nat(10_000),
        fc.integer({ min: 1, max: 700 }),
        fc.integer({ min: 1, max: 9 }),
        (from, size, workers) => {
          const seeds = { first: from, last: from + size - 1 };
          const batches = [...batchesOf([job, job], seeds, workers)];
          const all = Array.from({ length: size }, (_, index) => from + index);
          expect(seedsOf(batches, 0)).toEqual(all);
          expect(seedsOf(batches, 1)).toEqual(all);
          expect(Math.max(...batches.map((batch) => countSeeds(batch.seeds)))).toBeLessThanOrEqual(100);
        },
      ),
    );
  });

  test("are made one by one, so that ten million seeds take no memory", () => {
    const [first] = batchesOf([job], { first: 0, last: 9_999_999 }, 2);
    expect(first).toEqual({ jobIndex: 0, seeds: { first: 0, last: 99 } });
  });

  test("can do without the seed that killed a worker", () => {
    const batch = { jobIndex: 3, seeds: { first: 10, last: 20 } };
    expect(without(batch, 10)).toEqual([{ jobIndex: 3, seeds: { first: 11, last: 20 } }]);
    expect(without(batch, 20)).toEqual([{ jobIndex: 3, seeds: { first: 10, last: 19 } }]);
    expect(without(batch, 15)).toHaveLength(2);
    expect(without({ jobIndex: 0, seeds: { first: 1, last: 1 } }, 1)).toEqual([]);
  });
});

describe("the sample that is run twice", () => {
  test("is two percent of the seeds and the first one, whatever the batches are", () => {
    const seeds = { first: 17, last: 1016 };
    const all = Array.from({ length: countSeeds(seeds) }, (_, index) => seeds.first + index);
    const sample = all.filter((seed) => isRerun(seed, seeds));
    expect(sample).toHaveLength(21);
    expect(sample[0]).toBe(17);
    expect(isRerun(1, { first: 1, last: 1 })).toBe(true);
  });
});
