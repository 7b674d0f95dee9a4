import { performance } from "node:perf_hooks";
import { type Batch, batchesOf, without } from "./batches.ts";
import type { Executor } from "./executor.ts";
import { countSeeds, type Job, type SeedRange, SEEDS_MAX } from "./job.ts";
import { type CampaignRow, createLedger, type Ledger, type Part, type RowTiming } from "./ledger.ts";
import { createLocalExecutor } from "./local-executor.ts";
import { tallyError } from "./tally.ts";
import { createWatchdog, type Watchdog } from "./watchdog.ts";
import { startWorkers } from "./worker-pool.ts";

export interface CampaignOptions {
  readonly jobs: readonly Job[];
  readonly seeds: SeedRange;
  /** Those of them to run here, where several machines share the campaign; all of them without it. */
  readonly slice?: SeedRange | undefined;
  /** Nothing is expected of a policy but that it breaks nothing. */
  readonly isStrict?: boolean | undefined;
  /** Ends the campaign with the seed that is the so manieth to fail, counted job by job and seed by seed. */
  readonly failuresMax?: number | undefined;
  /** Ends the campaign after so much real time. */
  readonly timeBudgetMs?: number | undefined;
  /** A run that takes longer than this, in real time, is ended and counts as an error; 60 s without it. */
  readonly runLimitMs?: number | undefined;
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
  /** Why it is not complete; null when it is. */
  readonly stoppedBy: StoppedBy | null;
  /** In the order of the jobs. Of a campaign that was stopped, those that had begun. */
  readonly rows: readonly CampaignRow[];
  readonly timings: {
    readonly workers: number;
    readonly elapsedMs: number;
    /** As many as there are rows. */
    readonly rows: readonly RowTiming[];
  };
}

/** Whoever started it, its time budget, or so many failures as were allowed. */
export type StoppedBy = "signal" | "time" | "failures";

const PROGRESS_EVERY_MS = 100;
const RUN_LIMIT_MS = 60_000;
/** A longer timer goes off at once. */
const TIMER_MS_MAX = 2_147_483_647;
/** How long a stopped campaign waits for its workers, which look up between runs and every some 10 ms. */
const STOP_PATIENCE_MS = 3000;

/** Runs every job with every seed. */
export async function runCampaign(options: CampaignOptions): Promise<CampaignReport> {
  const { jobs, seeds, slice = seeds, isStrict = false, failuresMax = null } = options;
  const seedCount = countSeeds(slice);
  if (!(seedCount >= 1 && countSeeds(seeds) <= SEEDS_MAX)) {
    throw new RangeError(`a campaign has 1 to ${SEEDS_MAX} seeds, not ${countSeeds(seeds)}`);
  }
  const startedMs = performance.now();
  const executor = options.executor ?? (await createExecutor(options));
  const { control, slotCount } = executor;
  const ledger = createLedger({
    jobs,
    seeds: slice,
    failuresMax,
    onRow: (row, timing) => options.onRow?.(row, timing),
  });
  const queue = createQueue(batchesOf(jobs, slice, slotCount));
  const watchdog = createWatchdog(control, slotCount, options.runLimitMs ?? RUN_LIMIT_MS);
  const stopper = createStopper(() => {
    queue.close();
    control.requestStop();
  });
  const { signal, timeBudgetMs } = options;
  const onAbort = (): void => stopper.stop("signal");
  if (signal?.aborted === true) onAbort();
  else signal?.addEventListener("abort", onAbort, { once: true });
  const budget =
    timeBudgetMs === undefined
      ? undefined
      : setTimeout(() => stopper.stop("time"), Math.min(timeBudgetMs, TIMER_MS_MAX));
  const progressTimer = setInterval(() => {
    watchdog.look();
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
    const workshop = { jobs, seeds, queue, executor, ledger, watchdog, stopper, isStrict };
    const slots = Array.from({ length: slotCount }, (_, slot) => runSlot(slot, workshop));
    await Promise.race([Promise.all(slots), stopper.isOverdue]);
    if (ledger.cut !== null && stopper.reason === "failures") await finishAtCut(workshop);
  } finally {
    queue.close();
    clearTimeout(budget);
    clearInterval(progressTimer);
    signal?.removeEventListener("abort", onAbort);
    await executor.close();
  }

  const rows = ledger.rows();
  const { isComplete } = ledger;
  return {
    seeds,
    isComplete,
    stoppedBy: isComplete ? null : stopper.reason,
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
  readonly watchdog: Watchdog;
  readonly stopper: Stopper;
  readonly isStrict: boolean;
}

/** Keeps one worker busy until nothing is left. */
async function runSlot(slot: number, workshop: Workshop): Promise<void> {
  const { queue, ledger, stopper } = workshop;
  for (let batch = queue.take(); batch !== undefined; batch = queue.take()) {
    ledger.begin(batch.jobIndex);
    const parts = await runOne(slot, batch, workshop);
    for (const part of parts) ledger.add(batch.jobIndex, part);
    if (ledger.cut !== null) stopper.stop("failures");
  }
}

/** Runs a batch. Of one whose worker died, the seed is to blame that it was at, and the others go back. */
async function runOne(slot: number, batch: Batch, workshop: Workshop): Promise<readonly Part[]> {
  const { jobs, seeds: campaign, queue, executor, watchdog, isStrict } = workshop;
  const job = jobs[batch.jobIndex] as Job;
  const { first } = batch.seeds;
  try {
    const task = { job, seeds: batch.seeds, campaign, slot, isStrict };
    const { tally, busyMs, failedSeeds } = await executor.execute(task, watchdog.watch(slot));
    if (tally.seedCount === 0) return [];
    return [{ seeds: { first, last: first + tally.seedCount - 1 }, tally, busyMs, failedSeeds }];
  } catch (error) {
    if (queue.isClosed) return [];
    const died = executor.control.progress(slot);
    if (died === null) throw error;
    executor.control.clear(slot);
    const { seed } = died;
    const message = error instanceof Error ? error.message : String(error);
    const tally =
      watchdog.reasonOf(slot) === null
        ? tallyError(seed, "WorkerDied", `the worker died: ${message}`)
        : tallyError(seed, "RunTooLong", watchdog.reasonOf(slot) as string);
    queue.putBack(without(batch, seed));
    return [{ seeds: { first: seed, last: seed }, tally, busyMs: 0, failedSeeds: [seed] }];
  }
}

/** Some batches went beyond the cut: what is missing before it is run again, what is after it is forgotten. */
async function finishAtCut(workshop: Workshop): Promise<void> {
  const { ledger, executor } = workshop;
  const { cut } = ledger;
  if (cut === null) return;
  executor.control.resume();
  const again = createQueue([].values());
  for (let missing = ledger.cutOff(cut); missing !== null; missing = again.take()?.seeds ?? null) {
    const batch = { jobIndex: cut.jobIndex, seeds: missing };
    const parts = await runOne(0, batch, { ...workshop, queue: again });
    for (const part of parts) ledger.add(cut.jobIndex, part);
  }
}

interface Stopper {
  /** The first reason counts. */
  stop(reason: StoppedBy): void;
  readonly reason: StoppedBy | null;
  /** Resolves some time after the campaign was stopped, for a worker may be too busy to notice. */
  readonly isOverdue: Promise<void>;
}

function createStopper(onStop: () => void): Stopper {
  let reason: StoppedBy | null = null;
  let over: () => void = () => {};
  const isOverdue = new Promise<void>((resolve) => {
    over = resolve;
  });
  return {
    stop(why) {
      if (reason !== null) return;
      reason = why;
      onStop();
      setTimeout(over, STOP_PATIENCE_MS).unref();
    },
    get reason() {
      return reason;
    },
    isOverdue,
  };
}
