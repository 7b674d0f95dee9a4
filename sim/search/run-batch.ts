import { performance } from "node:perf_hooks";
import { holdGuards } from "../kernel/guards.ts";
import { AbortedError } from "../kernel/kernel.ts";
import { run } from "../run/run.ts";
import type { Control } from "./control.ts";
import type { BatchTask } from "./executor.ts";
import { type Harness, optionsFor, planOf } from "./harness.ts";
import { isRerun, type Job } from "./job.ts";
import { emptyTally, mergeTallies, type Tally, tallyError, tallyOutcome, tallyRerun } from "./tally.ts";

export interface BatchResult {
  readonly tally: Tally;
  /** Time spent drawing, running and checking, second runs left out. */
  readonly busyMs: number;
  /** False when the batch was stopped before its last seed. */
  readonly isComplete: boolean;
}

/** Runs some seeds of a job one after the other. Whatever a run throws is a result of that seed. */
export async function runBatch(task: BatchTask, harness: Harness, control: Control): Promise<BatchResult> {
  // Once for all of its runs, each of which takes but a few milliseconds.
  const letGo = holdGuards();
  try {
    return await runSeeds(task, harness, control);
  } finally {
    letGo();
  }
}

async function runSeeds(task: BatchTask, harness: Harness, control: Control): Promise<BatchResult> {
  const { job, seeds, campaign, slot } = task;
  let tally = emptyTally;
  let busyMs = 0;
  const result = (isComplete: boolean): BatchResult => {
    control.clear(slot);
    return { tally, busyMs, isComplete };
  };
  for (let seed = seeds.first; seed <= seeds.last; seed++) {
    if (control.isStopRequested()) return result(false);
    control.show(slot, { seed, doneCount: tally.seedCount, violatingCount: tally.violatingSeedCount });
    const startedMs = performance.now();
    const first = await attempt(harness, job, seed, control);
    busyMs += performance.now() - startedMs;
    if (first === "stopped") return result(false);
    tally = mergeTallies(tally, first.tally);
    if (!isRerun(seed, campaign)) continue;
    const second = await attempt(harness, job, seed, control);
    if (second === "stopped") return result(false);
    tally = mergeTallies(tally, tallyRerun(seed, difference(first, second)));
  }
  return result(true);
}

interface Attempt {
  readonly tally: Tally;
  /** Equal for equal runs. */
  readonly digest: string;
}

async function attempt(
  harness: Harness,
  job: Job,
  seed: number,
  control: Control,
): Promise<Attempt | "stopped"> {
  try {
    const plan = planOf(harness, job, seed);
    const isAborted = (): boolean => control.isStopRequested();
    const outcome = await run(plan, { ...optionsFor(harness, plan), isAborted });
    return { tally: tallyOutcome(seed, outcome), digest: outcome.digest };
  } catch (error) {
    if (error instanceof AbortedError) return "stopped";
    const { name, message } = error instanceof Error ? error : new Error(String(error));
    return { tally: tallyError(seed, name, message), digest: `${name}: ${message}` };
  }
}

function difference(first: Attempt, second: Attempt): string | null {
  return first.digest === second.digest
    ? null
    : `the same plan gave ${first.digest} and then ${second.digest}`;
}
