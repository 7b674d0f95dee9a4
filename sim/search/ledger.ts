import type { Job } from "./job.ts";
import { emptyTally, mergeTallies, type Tally } from "./tally.ts";

/** One row of a campaign's table: everything that is known of one job. */
export interface CampaignRow {
  readonly scenario: string;
  readonly policy: string;
  /** Owners of each key, on which the promises may depend. */
  readonly replication: number;
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

/** Where the results of batches are added up, in whatever order they come. */
export interface Ledger {
  begin(jobIndex: number): void;
  add(jobIndex: number, tally: Tally, busyMs: number): void;
  /** The rows of all jobs that have begun, in the order of the jobs. */
  rows(): readonly TimedRow[];
  readonly seedsDone: number;
  readonly violatingSeeds: number;
  readonly isComplete: boolean;
}

interface Entry {
  tally: Tally;
  busyMs: number;
  hasBegun: boolean;
}

/** @param onRow told of each row once it and all rows before it are complete */
export function createLedger(
  jobs: readonly Job[],
  seedsPerJob: number,
  onRow: (row: CampaignRow, timing: RowTiming) => void,
): Ledger {
  const entries = jobs.map((): Entry => ({ tally: emptyTally, busyMs: 0, hasBegun: false }));
  let rowsTold = 0;

  const entryOf = (jobIndex: number): Entry => entries[jobIndex] as Entry;
  const isDone = (entry: Entry | undefined): boolean => entry?.tally.seedCount === seedsPerJob;
  const sum = (field: "seedCount" | "violatingSeedCount"): number =>
    entries.reduce((total, { tally }) => total + tally[field], 0);

  function rowAt(index: number): TimedRow {
    const { scenario, policy } = jobs[index] as Job;
    const entry = entryOf(index);
    const { tally, busyMs } = entry;
    const { replication } = scenario.cluster;
    return [{ scenario: scenario.name, policy, replication, tally, isComplete: isDone(entry) }, { busyMs }];
  }

  return {
    begin(jobIndex) {
      entryOf(jobIndex).hasBegun = true;
    },
    add(jobIndex, tally, busyMs) {
      const entry = entryOf(jobIndex);
      entry.tally = mergeTallies(entry.tally, tally);
      entry.busyMs += busyMs;
      while (isDone(entries[rowsTold])) onRow(...rowAt(rowsTold++));
    },
    rows: () => [...entries.keys()].filter((index) => entryOf(index).hasBegun).map(rowAt),
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
