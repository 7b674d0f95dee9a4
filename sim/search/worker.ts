import { workerData } from "node:worker_threads";
import type { Batch } from "./batches.ts";
import { openControl } from "./control.ts";
import { type Harness, loadHarness } from "./harness.ts";
import type { Job, SeedRange } from "./job.ts";
import { type BatchResult, runBatch } from "./run-batch.ts";

/** What every worker of a campaign is started with. */
export interface WorkerSetup {
  readonly systemsModule: string;
  readonly jobs: readonly Job[];
  readonly seeds: SeedRange;
  readonly control: SharedArrayBuffer;
}

export interface WorkerTask {
  readonly batch: Batch;
  readonly slot: number;
}

// The pool hands its own data over first.
const [, setup] = workerData as [unknown, WorkerSetup];
const control = openControl(setup.control);
let harness: Promise<Harness> | undefined;

/** Runs one batch in a worker thread. Loading waits for the first one, so that a failure belongs to a task. */
export default async function work({ batch, slot }: WorkerTask): Promise<BatchResult> {
  harness ??= loadHarness(setup.systemsModule);
  const job = setup.jobs[batch.jobIndex];
  if (job === undefined) throw new RangeError(`the campaign has no job ${batch.jobIndex}`);
  return runBatch({
    harness: await harness,
    job,
    seeds: batch.seeds,
    campaign: setup.seeds,
    control,
    slot,
  });
}
