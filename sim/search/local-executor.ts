import { createControl } from "./control.ts";
import type { Executor } from "./executor.ts";
import { loadHarness } from "./harness.ts";
import { runBatch } from "./run-batch.ts";

/** Runs batches in this thread, one at a time: for tests, and for a debugger. */
export async function createLocalExecutor(systemsModule: URL): Promise<Executor> {
  const harness = await loadHarness(systemsModule);
  const control = createControl(1);
  return {
    slotCount: 1,
    workerCount: 0,
    control,
    execute: (task) => runBatch(task, harness, control),
    close: async () => undefined,
  };
}
