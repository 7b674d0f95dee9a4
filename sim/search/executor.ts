import type { Control } from "./control.ts";
import type { Job, SeedRange } from "./job.ts";
import type { BatchResult } from "./run-batch.ts";

/** Some seeds of a job, to be run in one go. */
export interface BatchTask {
  readonly job: Job;
  readonly seeds: SeedRange;
  /** All seeds of the campaign. */
  readonly campaign: SeedRange;
  /** Which of the batches that run at once this is, from 0. */
  readonly slot: number;
  /** Nothing is expected of a policy but that it breaks nothing. */
  readonly isStrict: boolean;
}

/** Where batches run. */
export interface Executor {
  /** How many batches can run at once. */
  readonly slotCount: number;
  /** Worker threads; 0 when there are none. */
  readonly workerCount: number;
  readonly control: Control;
  /** @param signal ends the thread that the batch runs in; there is no other way to stop what does not give way */
  execute(task: BatchTask, signal?: AbortSignal): Promise<BatchResult>;
  /** Ends the threads, with whatever they are doing. */
  close(): Promise<void>;
}
