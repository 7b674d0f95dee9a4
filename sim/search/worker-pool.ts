import { Tinypool, type TinypoolWorker } from "tinypool";
import { createControl } from "./control.ts";
import type { Executor } from "./executor.ts";

/** What every worker is started with. */
export interface WorkerSetup {
  readonly systemsModule: string;
  readonly control: SharedArrayBuffer;
}

export interface WorkerPoolOptions {
  /** A module that exports `systems`, the systems under test. */
  readonly systemsModule: URL;
  readonly workers: number;
}

/**
 * Starts worker threads that run batches, so that the thread of the campaign stays free for signals and progress.
 * They load their code at once: whoever knows the number of workers first can start them before anything else.
 */
export function startWorkers({ systemsModule, workers }: WorkerPoolOptions): Executor {
  const control = createControl(workers);
  const setup: WorkerSetup = { systemsModule: systemsModule.href, control: control.buffer };
  const pool = new Tinypool({
    // A worker thread runs JavaScript, so workers need the built code.
    filename: new URL("./worker.js", import.meta.url),
    minThreads: workers,
    maxThreads: workers,
    workerData: setup,
  });
  // A worker that dies while idle is replaced by the pool; one that dies at work rejects its task.
  pool.on("error", () => undefined);
  const watched = new WeakSet<TinypoolWorker>();
  let closing: Promise<void> | undefined;

  /** The pool does not notice a thread that ends without an error, as with `process.exit`, and would wait for it. */
  function watchExits(): void {
    for (const thread of pool.threads) {
      if (watched.has(thread)) continue;
      watched.add(thread);
      let hasFailed = false;
      thread.once("error", () => (hasFailed = true));
      thread.once("exit", (code) => {
        if (closing !== undefined || hasFailed) return;
        thread.emit("error", new Error(`it ended itself, with code ${code}`));
      });
    }
  }

  return {
    slotCount: workers,
    workerCount: workers,
    control,
    execute(task, signal) {
      const result = pool.run(task, signal === undefined ? {} : { signal });
      watchExits();
      return result;
    },
    close: () => (closing ??= pool.destroy()),
  };
}
