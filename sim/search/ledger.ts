import { countSeeds, type Job, type SeedRange } from "./job.ts";
import { emptyTally, mergeTallies, type Tally } from "./tally.ts";

/** One row of a campaign's table: everything that is known of one job. */
export interface CampaignRow {
  readonly scenario: string;
  readonly policy: string;
  /** Owners of each key, on which the promises may depend. */
  readonly replication: number;
  /** The strategy that was asked for, if one was. */
  readonly strategy?: string | undefined;
  readonly tally: Tally;
  /** False when the campaign was stopped before the row's last seed. */
  readonly isComplete: boolean;
}

/** Apart from the row, since nothing else in a campaign depends on the machine that it runs on. */
export interface RowTiming {
  /** Time spent on the row's runs, summed over the workers. */
  readonly busyMs: number;
}

export type TimedRow = readonly [row: CampaignRow, timing: RowTiming];

/** What came of some seeds of one job. */
export interface Part {
  readonly seeds: SeedRange;
  readonly tally: Tally;
  readonly busyMs: number;
  readonly failedSeeds: readonly number[];
}

/** The seed with which a campaign ends that has failed often enough. */
export interface Cut {
  readonly jobIndex: number;
  readonly seed: number;
}

/** Where the results of batches are added up, in whatever order they come. */
export interface Ledger {
  begin(jobIndex: number): void;
  add(jobIndex: number, part: Part): void;
  /** The rows of all jobs that have begun, in the order of the jobs. */
  rows(): readonly TimedRow[];
  /** Where the last allowed failure is, counted job by job and seed by seed; null before everything up to it is known. */
  readonly cut: Cut | null;
  /** Forgets what comes after the cut. @returns the seeds before it that have to be run again, if there are any */
  cutOff(cut: Cut): SeedRange | null;
  readonly seedsDone: number;
  readonly violatingSeeds: number;
  readonly isComplete: boolean;
}

interface Entry {
  /** In any order; merged into one where nobody has to take them apart again. */
  parts: Part[];
  tally: Tally;
  busyMs: number;
  hasBegun: boolean;
}

export interface LedgerOptions {
  readonly jobs: readonly Job[];
  /** Of each job. */
  readonly seeds: SeedRange;
  /** After so many seeds that failed, the campaign ends; null for never. */
  readonly failuresMax: number | null;
  /** Told of each row once it and all rows before it are complete. */
  readonly onRow: (row: CampaignRow, timing: RowTiming) => void;
}

export function createLedger({ jobs, seeds, failuresMax, onRow }: LedgerOptions): Ledger {
  const seedsPerJob = countSeeds(seeds);
  const entries = jobs.map((): Entry => ({ parts: [], tally: emptyTally, busyMs: 0, hasBegun: false }));
  let rowsTold = 0;
  let cut: Cut | null = null;

  const entryOf = (jobIndex: number): Entry => entries[jobIndex] as Entry;
  const isDone = (entry: Entry | undefined): boolean => entry?.tally.seedCount === seedsPerJob;
  const sum = (field: "seedCount" | "violatingSeedCount"): number =>
    entries.reduce((total, { tally }) => total + tally[field], 0);

  function rowAt(index: number): TimedRow {
    const { scenario, policy, strategy } = jobs[index] as Job;
    const entry = entryOf(index);
    const { tally, busyMs } = entry;
    const { replication } = scenario.cluster;
    const asked = strategy !== undefined && { strategy };
    const row = { scenario: scenario.name, policy, replication, ...asked, tally, isComplete: isDone(entry) };
    return [row, { busyMs }];
  }

  function count(entry: Entry, { tally, busyMs }: Part): void {
    entry.tally = mergeTallies(entry.tally, tally);
    entry.busyMs += busyMs;
  }

  /** Goes through jobs and seeds in their order, as far as there is no gap. */
  function findCut(failuresAllowed: number): Cut | null {
    let failures = 0;
    for (const [jobIndex, { parts }] of entries.entries()) {
      let next = seeds.first;
      for (const part of parts.toSorted((a, b) => a.seeds.first - b.seeds.first)) {
        if (part.seeds.first !== next) return null;
        const seed = part.failedSeeds[failuresAllowed - failures - 1];
        if (seed !== undefined) return { jobIndex, seed };
        failures += part.failedSeeds.length;
        next = part.seeds.last + 1;
      }
      if (next <= seeds.last) return null;
    }
    return null;
  }

  return {
    begin(jobIndex) {
      entryOf(jobIndex).hasBegun = true;
    },
    add(jobIndex, part) {
      const entry = entryOf(jobIndex);
      count(entry, part);
      if (failuresMax !== null) {
        entry.parts.push(part);
        cut ??= findCut(failuresMax);
      }
      const end = cut?.jobIndex ?? entries.length;
      while (rowsTold < end && isDone(entries[rowsTold])) onRow(...rowAt(rowsTold++));
    },
    rows: () => [...entries.keys()].filter((index) => entryOf(index).hasBegun).map(rowAt),
    get cut() {
      return cut;
    },
    cutOff({ jobIndex, seed }) {
      for (const [index, entry] of entries.entries()) {
        if (index < jobIndex) continue;
        const kept = index === jobIndex ? entry.parts.filter(({ seeds: { last } }) => last <= seed) : [];
        Object.assign(entry, { parts: [], tally: emptyTally, busyMs: 0, hasBegun: index === jobIndex });
        for (const part of kept) count(entry, part);
      }
      const next = seeds.first + entryOf(jobIndex).tally.seedCount;
      return next > seed ? null : { first: next, last: seed };
    },
    get seedsDone() {
      return sum("seedCount");
    },
    get violatingSeeds() {
      return sum("violatingSeedCount");
    },
    get isComplete() {
      return entries.every(isDone);
    },
  };
}
