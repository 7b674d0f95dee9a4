import { createControl } from "./control.ts";
import type { BatchTask, Executor } from "./executor.ts";
import { builtModule } from "./package-files.ts";
import type { BatchResult } from "./run-batch.ts";
import { startThreads } from "./worker-threads.ts";

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

/** Threads that run batches, so that the thread of the campaign stays free for signals and progress. */
export function startWorkers({ systemsModule, workers }: WorkerPoolOptions): Executor {
  const control = createControl(workers);
  const setup: WorkerSetup = { systemsModule: systemsModule.href, control: control.buffer };
  const threads = startThreads<BatchTask, BatchResult>(builtModule("worker"), workers, setup);
  return {
    slotCount: workers,
    workerCount: workers,
    control,
    execute: (task, signal) => threads.perform(task, signal),
    close: () => threads.close(),
  };
}
