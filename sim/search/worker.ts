import { workerData } from "node:worker_threads";
import { openControl } from "./control.ts";
import type { BatchTask } from "./executor.ts";
import { type Harness, loadHarness, withFilesOf } from "./harness.ts";
import { type BatchResult, runBatch } from "./run-batch.ts";
import type { WorkerSetup } from "./worker-pool.ts";

// The pool hands its own data over first.
const [, setup] = workerData as [unknown, WorkerSetup];
const control = openControl(setup.control);

// Before the worker is ready: an idle one sleeps, and could not go on loading. A failure belongs to the first task.
const loaded = await loadHarness(setup.systemsModule).catch((error: unknown) => ({ error }));

/** With the policy files that were met so far: each is loaded once, when the first of its batches comes. */
let harness: Harness | undefined;

/** Runs one batch in a worker thread. */
export default async function work(task: BatchTask): Promise<BatchResult> {
  if ("error" in loaded) throw loaded.error;
  harness = await withFilesOf(harness ?? loaded, task.job);
  return runBatch(task, harness, control);
}
