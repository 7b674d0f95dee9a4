import { Tinypool, type TinypoolWorker } from "tinypool";
import type { Batch } from "./batches.ts";
import type { Control } from "./control.ts";
import { loadHarness } from "./harness.ts";
import type { Job, SeedRange } from "./job.ts";
import { type BatchResult, runBatch } from "./run-batch.ts";
import type { WorkerSetup, WorkerTask } from "./worker.ts";

/** Where batches run. */
export interface Executor {
  /** @param slot which of the batches that run at once this is, from 0 */
  execute(batch: Batch, slot: number): Promise<BatchResult>;
  close(): Promise<void>;
}

export interface ExecutorOptions {
  readonly systemsModule: URL;
  readonly jobs: readonly Job[];
  readonly seeds: SeedRange;
  readonly control: Control;
}

/** Runs batches in worker threads, so that the thread of the campaign stays free for signals and progress. */
export function createWorkerExecutor(options: ExecutorOptions, workerCount: number): Executor {
  const { systemsModule, jobs, seeds, control } = options;
  const setup: WorkerSetup = { systemsModule: systemsModule.href, jobs, seeds, control: control.buffer };
  const pool = new Tinypool({
    // A worker thread runs JavaScript, so workers need the built code.
    filename: new URL("./worker.js", import.meta.url),
    minThreads: workerCount,
    maxThreads: workerCount,
    workerData: setup,
  });
  // A worker that dies while idle is replaced by the pool; one that dies at work rejects its task.
  pool.on("error", () => undefined);
  const watched = new WeakSet<TinypoolWorker>();
  let isClosing = false;

  /** The pool does not notice a thread that ends without an error, as with `process.exit`, and would wait for it. */
  function watchExits(): void {
    for (const thread of pool.threads) {
      if (watched.has(thread)) continue;
      watched.add(thread);
      let hasFailed = false;
      thread.once("error", () => (hasFailed = true));
      thread.once("exit", (code) => {
        if (!isClosing && !hasFailed) thread.emit("error", new Error(`it ended itself, with code ${code}`));
      });
    }
  }

  return {
    execute(batch, slot) {
      const result = pool.run({ batch, slot } satisfies WorkerTask);
      watchExits();
      return result;
    },
    close() {
      isClosing = true;
      return pool.destroy();
    },
  };
}

/** Runs batches in this thread, one at a time: for tests, and for a debugger. */
export async function createLocalExecutor(options: ExecutorOptions): Promise<Executor> {
  const { systemsModule, jobs, seeds, control } = options;
  const harness = await loadHarness(systemsModule);
  return {
    execute: ({ jobIndex, seeds: part }, slot) =>
      runBatch({ harness, job: jobs[jobIndex] as Job, seeds: part, campaign: seeds, control, slot }),
    close: async () => undefined,
  };
}
