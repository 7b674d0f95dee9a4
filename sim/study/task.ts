import { holdGuards } from "../kernel/guards.ts";
import type { System } from "../run/system.ts";
import type { Invariant } from "../run/invariant.ts";
import { type CellTask, type CellResult, runCell } from "./cell.ts";
import type { Finding } from "./validation/finding.ts";
import { validate, type ValidationPart } from "./validation/index.ts";

/** What worker threads are given to do. */
export type StudyTask = CellTask | ValidationTask;

export interface ValidationTask {
  readonly kind: "validation";
  readonly part: ValidationPart;
  readonly trialCount: number;
}

export interface ValidationResult {
  readonly kind: "validation";
  readonly findings: readonly Finding[];
}

export type StudyTaskResult = CellResult | ValidationResult;

/** The systems and checks that tasks work with. */
export interface Bench {
  readonly systems: readonly System[];
  readonly invariants: readonly Invariant[];
}

export async function performTask(task: StudyTask, bench: Bench): Promise<StudyTaskResult> {
  // Once for all of its runs, each of which takes but a few milliseconds.
  const letGo = holdGuards();
  try {
    return await perform(task, bench);
  } finally {
    letGo();
  }
}

async function perform(task: StudyTask, bench: Bench): Promise<StudyTaskResult> {
  if (task.kind === "cell") return runCell(task, bench);
  const system = bench.systems.find(({ policies }) => policies.some(({ name }) => name === "quorum"));
  if (system === undefined) throw new RangeError('validation needs a system with a policy "quorum"');
  return { kind: "validation", findings: await validate(task.part, system, task.trialCount) };
}
