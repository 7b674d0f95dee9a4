import { performance } from "node:perf_hooks";
import { type Batch, batchesOf, without } from "./batches.ts";
import type { Executor } from "./executor.ts";
import { countSeeds, type Job, type SeedRange, SEEDS_MAX } from "./job.ts";
import { type CampaignRow, createLedger, type Ledger, type RowTiming } from "./ledger.ts";
import { createLocalExecutor } from "./local-executor.ts";
import { tallyError } from "./tally.ts";
import { startWorkers } from "./worker-pool.ts";

export interface CampaignOptions {
  readonly jobs: readonly Job[];
  readonly seeds: SeedRange;
  /**
   * Worker threads; 0 runs everything in this thread. Nothing else should then run here: it would get few turns, and
   * what it does between two events counts as done by the system under test.
   */
  readonly workers: number;
  /** A module that exports `systems`, the systems under test. */
  readonly systemsModule: URL;
  /** Workers that were started before; the campaign ends them. Without them it starts its own. */
  readonly executor?: Executor | undefined;
  /** Ends the campaign early. What was found so far is the result. */
  readonly signal?: AbortSignal | undefined;
  /** Told a few times a second how far the campaign is. */
  readonly onProgress?: ((progress: CampaignProgress) => void) | undefined;
  /** Told of each row once it and all rows before it are complete. */
  readonly onRow?: ((row: CampaignRow, timing: RowTiming) => void) | undefined;
}

export interface CampaignProgress {
  readonly seedsDone: number;
  readonly seedsTotal: number;
  readonly violatingSeeds: number;
  readonly elapsedMs: number;
  /** The job that the latest batch belongs to. */
  readonly job: Job;
}

/**
 * What a campaign gives. Everything but `timings` depends on the jobs and the seeds alone, and not on the number
 * of workers, unless the campaign was stopped.
 */
export interface CampaignReport {
  readonly seeds: SeedRange;
  readonly isComplete: boolean;
  /** In the order of the jobs. Of a campaign that was stopped, those that had begun. */
  readonly rows: readonly CampaignRow[];
  readonly timings: {
    readonly workers: number;
    readonly elapsedMs: number;
    /** As many as there are rows. */
    readonly rows: readonly RowTiming[];
  };
}

const PROGRESS_EVERY_MS = 100;
/** How long a stopped campaign waits for its workers, which look up between runs and every some 10 ms. */
const STOP_PATIENCE_MS = 3000;

/** Runs every job with every seed. */
export async function runCampaign(options: CampaignOptions): Promise<CampaignReport> {
  const { jobs, seeds, signal } = options;
  const seedCount = countSeeds(seeds);
  if (!(seedCount >= 1 && seedCount <= SEEDS_MAX)) {
    throw new RangeError(`a campaign has 1 to ${SEEDS_MAX} seeds, not ${seedCount}`);
  }
  const startedMs = performance.now();
  const executor = options.executor ?? (await createExecutor(options));
  const { control, slotCount } = executor;
  const ledger = createLedger(jobs, seedCount, (row, timing) => options.onRow?.(row, timing));
  const queue = createQueue(batchesOf(jobs, seeds, slotCount));

  const stopped = whenStopped(signal, () => {
    queue.close();
    control.requestStop();
  });
  const progressTimer = setInterval(() => {
    const running = control.allProgress();
    options.onProgress?.({
      seedsDone: ledger.seedsDone + running.reduce((total, { doneCount }) => total + doneCount, 0),
      seedsTotal: seedCount * jobs.length,
      violatingSeeds:
        ledger.violatingSeeds + running.reduce((total, { violatingCount }) => total + violatingCount, 0),
      elapsedMs: performance.now() - startedMs,
      job: jobs[queue.latestJobIndex] as Job,
    });
  }, PROGRESS_EVERY_MS);

  try {
    const slots = Array.from({ length: slotCount }, (_, slot) =>
      runSlot(slot, { jobs, seeds, queue, executor, ledger }),
    );
    await Promise.race([Promise.all(slots), stopped]);
  } finally {
    queue.close();
    clearInterval(progressTimer);
    await executor.close();
  }

  const rows = ledger.rows();
  return {
    seeds,
    isComplete: ledger.isComplete,
    rows: rows.map(([row]) => row),
    timings: {
      workers: executor.workerCount,
      elapsedMs: performance.now() - startedMs,
      rows: rows.map(([, timing]) => timing),
    },
  };
}

async function createExecutor({ workers, systemsModule }: CampaignOptions): Promise<Executor> {
  return workers > 0 ? startWorkers({ systemsModule, workers }) : createLocalExecutor(systemsModule);
}

/** The batches that nobody has taken yet. */
interface Queue {
  take(): Batch | undefined;
  /** Puts a batch back that has to be run again. */
  putBack(batches: readonly Batch[]): void;
  /** From now on there is nothing to take. */
  close(): void;
  readonly isClosed: boolean;
  readonly latestJobIndex: number;
}

function createQueue(batches: Iterator<Batch, undefined>): Queue {
  const again: Batch[] = [];
  let isClosed = false;
  let latestJobIndex = 0;
  return {
    take() {
      const batch = isClosed ? undefined : (again.pop() ?? batches.next().value);
      latestJobIndex = batch?.jobIndex ?? latestJobIndex;
      return batch;
    },
    putBack: (returned) => void again.push(...returned),
    close() {
      isClosed = true;
    },
    get isClosed() {
      return isClosed;
    },
    get latestJobIndex() {
      return latestJobIndex;
    },
  };
}

interface Workshop {
  readonly jobs: readonly Job[];
  readonly seeds: SeedRange;
  readonly queue: Queue;
  readonly executor: Executor;
  readonly ledger: Ledger;
}

/** Keeps one worker busy until nothing is left. */
async function runSlot(slot: number, { jobs, seeds, queue, executor, ledger }: Workshop): Promise<void> {
  for (let batch = queue.take(); batch !== undefined; batch = queue.take()) {
    ledger.begin(batch.jobIndex);
    const job = jobs[batch.jobIndex] as Job;
    try {
      const task = { job, seeds: batch.seeds, campaign: seeds, slot };
      const { tally, busyMs } = await executor.execute(task);
      ledger.add(batch.jobIndex, tally, busyMs);
    } catch (error) {
      if (queue.isClosed) return;
      // The worker died: the seed it was at is to blame, and the others of its batch are run again.
      const died = executor.control.progress(slot);
      if (died === null) throw error;
      executor.control.clear(slot);
      const message = error instanceof Error ? error.message : String(error);
      ledger.add(batch.jobIndex, tallyError(died.seed, "WorkerDied", `the worker died: ${message}`), 0);
      queue.putBack(without(batch, died.seed));
    }
  }
}

/** Resolves some time after the signal, for a worker may be too busy to notice. */
function whenStopped(signal: AbortSignal | undefined, stop: () => void): Promise<void> {
  return new Promise((resolve) => {
    const onAbort = (): void => {
      stop();
      setTimeout(resolve, STOP_PATIENCE_MS).unref();
    };
    if (signal?.aborted === true) onAbort();
    else signal?.addEventListener("abort", onAbort, { once: true });
  });
}
