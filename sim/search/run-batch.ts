import { performance } from "node:perf_hooks";
import { type Gate, gatesFor } from "../check/measures/expectations.ts";
import { holdGuards } from "../kernel/guards.ts";
import { AbortedError } from "../kernel/kernel.ts";
import type { Plan } from "../run/plan.ts";
import { run, type RunOptions } from "../run/run.ts";
import type { Violation } from "../run/invariant.ts";
import { runTwice } from "./twice.ts";
import type { Control } from "./control.ts";
import type { BatchTask } from "./executor.ts";
import { type Expectation, expectationOf, rowFindings, verdictOf } from "./findings.ts";
import { type Harness, optionsFor, planOf } from "./harness.ts";
import { isRerun, type Job } from "./job.ts";
import { emptyTally, mergeTallies, type Tally, tallyError, tallyOutcome, tallyRerun } from "./tally.ts";

export interface BatchResult {
  readonly tally: Tally;
  /** Time spent drawing, running and checking, second runs left out. */
  readonly busyMs: number;
  /** False when the batch was stopped before its last seed. */
  readonly isComplete: boolean;
  /** The seeds with a problem that was not expected. */
  readonly failedSeeds: readonly number[];
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
  const isExpected = expectationOf(harness, task.isStrict);
  const { replication } = job.scenario.cluster;
  const isFailure = ({ invariant, endedBy }: Violation): boolean =>
    !isExpected(job.policy, invariant, replication, endedBy !== undefined);
  const failedSeeds: number[] = [];
  let tally = emptyTally;
  let busyMs = 0;
  const result = (isComplete: boolean): BatchResult => {
    control.clear(slot);
    return { tally, busyMs, isComplete, failedSeeds };
  };
  for (let seed = seeds.first; seed <= seeds.last; seed++) {
    if (control.isStopRequested()) return result(false);
    control.show(slot, { seed, doneCount: tally.seedCount, violatingCount: tally.violatingSeedCount });
    const bench = { harness, job, control, isFailure };
    const done = await (isRerun(seed, campaign) ? runSeedTwice : runSeed)(bench, seed);
    if (done === "stopped") return result(false);
    if (hasFailed(job, done.tally, isExpected)) failedSeeds.push(seed);
    tally = mergeTallies(tally, done.tally);
    busyMs += done.busyMs;
  }
  return result(true);
}

function hasFailed({ scenario, policy }: Job, tally: Tally, isExpected: Expectation): boolean {
  const { errors, mismatches, violations, excused, gates } = tally;
  if (errors.length + mismatches.length + violations.length + excused.length + gates.length === 0) {
    return false;
  }
  const { replication } = scenario.cluster;
  const row = { scenario: scenario.name, policy, replication, tally, isComplete: true };
  return verdictOf(rowFindings(row, isExpected)) === "failed";
}

function gatesOf({ scenario, policy }: Job): readonly Gate[] {
  return scenario.expect.length === 0 ? [] : gatesFor(scenario, policy);
}

interface Done {
  readonly tally: Tally;
  readonly busyMs: number;
}

interface Bench {
  readonly harness: Harness;
  readonly job: Job;
  readonly control: Control;
  readonly isFailure: (violation: Violation) => boolean;
}

async function runSeed({ harness, job, control, isFailure }: Bench, seed: number): Promise<Done | "stopped"> {
  const startedMs = performance.now();
  const busyMs = (): number => performance.now() - startedMs;
  try {
    const plan = planOf(harness, job, seed);
    const outcome = await run(plan, stoppable(harness, plan, control));
    return { tally: tallyOutcome(seed, outcome, isFailure, gatesOf(job)), busyMs: busyMs() };
  } catch (error) {
    if (error instanceof AbortedError) return "stopped";
    return { tally: tallyFailure(seed, error), busyMs: busyMs() };
  }
}

/** A seed of the sample that is run twice and compared. Its time is that of the run that was not recorded. */
async function runSeedTwice(
  { harness, job, control, isFailure }: Bench,
  seed: number,
): Promise<Done | "stopped"> {
  try {
    const plan = planOf(harness, job, seed);
    const { first, second, mismatch } = await runTwice(plan, stoppable(harness, plan, control));
    const tally =
      first.outcome === null
        ? tallyFailure(seed, first.error)
        : tallyOutcome(seed, first.outcome, isFailure, gatesOf(job));
    return { tally: mergeTallies(tally, tallyRerun(seed, mismatch)), busyMs: second.elapsedMs };
  } catch (error) {
    if (error instanceof AbortedError) return "stopped";
    return { tally: mergeTallies(tallyFailure(seed, error), tallyRerun(seed, null)), busyMs: 0 };
  }
}

function stoppable(harness: Harness, plan: Plan, control: Control): RunOptions {
  return { ...optionsFor(harness, plan), isAborted: () => control.isStopRequested() };
}

function tallyFailure(seed: number, error: unknown): Tally {
  const { name, message } = error instanceof Error ? error : new Error(String(error));
  return tallyError(seed, name, message);
}
