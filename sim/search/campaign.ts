import { performance } from "node:perf_hooks";
import { batchesOf, without } from "./batches.ts";
import { createCut, type Cut, type Piece } from "./cut.ts";
import type { Executor } from "./executor.ts";
import { countSeeds, type Job, type SeedRange, SEEDS_MAX } from "./job.ts";
import { type CampaignRow, createLedger, type Ledger, type RowTiming } from "./ledger.ts";
import { createLocalExecutor } from "./local-executor.ts";
import { createQueue, type Queue } from "./queue.ts";
import { tallyError } from "./tally.ts";
import { createWatchdog, type Watchdog } from "./watchdog.ts";
import { startWorkers } from "./worker-pool.ts";

export interface CampaignOptions {
  readonly jobs: readonly Job[];
  readonly seeds: SeedRange;
  /** All seeds of the campaign, when `seeds` are those of a shard. */
  readonly wholeSeeds?: SeedRange | undefined;
  /** Ends the campaign with the seed that fails as the so-manieth, in the order of jobs and seeds. */
  readonly failuresMax?: number | undefined;
  /** Whether breaking what the policy does not promise is a failure as well. */
  readonly isStrict?: boolean | undefined;
  /** Ends the campaign after so much real time. Where it is then depends on the machine. */
  readonly timeBudgetMs?: number | undefined;
  /** What one seed may take in real time before its worker is ended, 2 minutes without it. */
  readonly seedTimeoutMs?: number | undefined;
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

/** Why a campaign ended before its last seed. */
export type StopReason = "failures" | "time" | "signal";

/**
 * What a campaign gives. Everything but `timings` depends on the jobs and the seeds alone, and not on the number
 * of workers, unless the campaign was stopped by time or a signal.
 */
export interface CampaignReport {
  readonly seeds: SeedRange;
  readonly isComplete: boolean;
  /** Null when it is complete. */
  readonly stoppedBy: StopReason | null;
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
/** A longer timer would go off at once. */
const TIMER_MS_MAX = 2_147_483_647;
/** Runs take milliseconds; the largest take seconds. */
const SEED_TIMEOUT_MS = 120_000;

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
  const watchdog = createWatchdog(control, options.seedTimeoutMs ?? SEED_TIMEOUT_MS);

  const add = ({ jobIndex, tally, busyMs }: Piece): void => {
    ledger.begin(jobIndex);
    ledger.add(jobIndex, tally, busyMs);
  };
  const { failuresMax } = options;
  const cut = failuresMax === undefined ? null : createCut({ seeds, failuresMax, add });

  let stoppedBy: StopReason | null = null;
  const halt = new AbortController();
  const stop = (reason: StopReason): void => {
    stoppedBy ??= reason;
    queue.close();
    control.requestStop();
    halt.abort();
  };
  const stopped = afterHalt(halt.signal);
  const onAbort = (): void => stop("signal");
  if (signal?.aborted === true) onAbort();
  else signal?.addEventListener("abort", onAbort, { once: true });
  const { timeBudgetMs } = options;
  const budgetTimer =
    timeBudgetMs === undefined ? null : setTimeout(() => stop("time"), Math.min(timeBudgetMs, TIMER_MS_MAX));

  const progressTimer = setInterval(() => {
    watchdog.look(performance.now());
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
      runSlot(slot, { options, queue, executor, ledger, watchdog, cut, add, onCut: () => stop("failures") }),
    );
    await Promise.race([Promise.all(slots), stopped]);
  } finally {
    queue.close();
    clearInterval(progressTimer);
    if (budgetTimer !== null) clearTimeout(budgetTimer);
    signal?.removeEventListener("abort", onAbort);
    await executor.close();
  }

  if (cut !== null && !cut.isReached) cut.release();
  const rows = ledger.rows();
  return {
    seeds,
    isComplete: ledger.isComplete,
    stoppedBy: ledger.isComplete ? null : stoppedBy,
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

interface Workshop {
  readonly options: CampaignOptions;
  readonly queue: Queue;
  readonly executor: Executor;
  readonly ledger: Ledger;
  readonly watchdog: Watchdog;
  /** Null when failures do not end the campaign. */
  readonly cut: Cut | null;
  readonly add: (piece: Piece) => void;
  readonly onCut: () => void;
}

/** Keeps one worker busy until nothing is left. */
async function runSlot(slot: number, workshop: Workshop): Promise<void> {
  const { options, queue, executor, ledger, watchdog, cut, add, onCut } = workshop;
  const { jobs, seeds, wholeSeeds = seeds, isStrict = false } = options;
  const take = (piece: Piece): void => {
    if (cut === null) return add(piece);
    cut.take(piece);
    if (cut.isReached) onCut();
  };
  for (let batch = queue.take(); batch !== undefined; batch = queue.take()) {
    const { jobIndex } = batch;
    // What has begun after the end of a cut campaign does not belong to it.
    if (cut === null) ledger.begin(jobIndex);
    const job = jobs[jobIndex] as Job;
    const task = { job, seeds: batch.seeds, campaign: wholeSeeds, slot };
    const watched = watchdog.watch(slot);
    try {
      const result = await executor.execute(
        cut === null ? task : { ...task, untilFailure: { isStrict } },
        watched,
      );
      const { first } = batch.seeds;
      const last = first + result.tally.seedCount - 1;
      if (last >= first) take({ ...result, jobIndex, seeds: { first, last } });
      const rest = { first: last + 1, last: batch.seeds.last };
      if (result.hasFailed && rest.first <= rest.last) queue.putBack([{ jobIndex, seeds: rest }]);
    } catch (error) {
      if (queue.isClosed) return;
      // The worker died: the seed it was at is to blame, and the others of its batch are run again.
      const died = executor.control.progress(slot);
      if (died === null) throw error;
      executor.control.clear(slot);
      const tally = watched.aborted
        ? tallyError(died.seed, "SeedTimeout", timeoutMessage(options))
        : tallyError(died.seed, "WorkerDied", `the worker died: ${messageOf(error)}`);
      take({ jobIndex, seeds: { first: died.seed, last: died.seed }, tally, busyMs: 0, hasFailed: true });
      queue.putBack(without(batch, died.seed));
    }
  }
}

function timeoutMessage({ seedTimeoutMs = SEED_TIMEOUT_MS }: CampaignOptions): string {
  return `the run was not over after ${seedTimeoutMs / 1000} s of real time, so its worker was ended`;
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

/** Resolves some time after the halt, for a worker may be too busy to notice. */
function afterHalt(signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const wait = (): void => void setTimeout(resolve, STOP_PATIENCE_MS).unref();
    signal.addEventListener("abort", wait, { once: true });
  });
}
