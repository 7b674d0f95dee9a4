import { createControl } from "./control.ts";
import type { Executor } from "./executor.ts";
import { loadHarness, withFilesOf } from "./harness.ts";
import { runBatch } from "./run-batch.ts";

/** Runs batches in this thread, one at a time: for tests, and for a debugger. */
export async function createLocalExecutor(systemsModule: URL): Promise<Executor> {
  let harness = await loadHarness(systemsModule);
  const control = createControl(1);
  return {
    slotCount: 1,
    workerCount: 0,
    control,
    async execute(task) {
      harness = await withFilesOf(harness, task.job);
      return runBatch(task, harness, control);
    },
    close: async () => undefined,
  };
}
