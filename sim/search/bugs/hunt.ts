import { performance } from "node:perf_hooks";
import { NondeterminismError } from "../../kernel/tripwire.ts";
import { drawPlan } from "../../run/draw/draw-plan.ts";
import type { Invariant } from "../../run/invariant.ts";
import type { Plan } from "../../run/plan.ts";
import { run } from "../../run/run.ts";
import type { Scenario } from "../../run/scenario/scenario.ts";
import type { System } from "../../run/system.ts";
import type { SeedRange } from "../job.ts";
import { type Bug, DETERMINISM } from "./bug.ts";

/** How the first seed of a range that shows a defect shows it. */
export interface Detection {
  readonly seed: number;
  /** The invariants that it breaks, those of the sound system's promises only. */
  readonly broken: readonly string[];
  readonly operations: number;
  readonly faults: number;
}

/** What came of hunting a defect through the seeds of one range. */
export interface Hunt {
  readonly seeds: SeedRange;
  /** How many seeds were run. */
  readonly seedsRun: number;
  /** Time spent on the runs with the defect, in milliseconds. */
  readonly elapsedMs: number;
  /** Null when no seed showed it. */
  readonly detection: Detection | null;
  /** What the system without the defect broke under the same plans: nothing, or the harness is wrong. */
  readonly falseAlarms: readonly Detection[];
  /** False when it was stopped before. */
  readonly isComplete: boolean;
}

export interface HuntOptions {
  readonly bug: Bug;
  readonly scenario: Scenario;
  readonly invariants: readonly Invariant[];
  readonly seeds: SeedRange;
  readonly isStopped?: () => boolean;
}

/** The plan that a seed makes of the scenario of a defect. */
export function planOfBug({ bug, scenario, invariants }: Omit<HuntOptions, "seeds">, seed: number): Plan {
  return drawPlan(scenario, {
    seed,
    policy: bug.base,
    system: bug.sound.name,
    hooks: bug.sound.hooks,
    invariants: invariants.map(({ name }) => name),
  });
}

/**
 * Runs seed after seed, with the defect and without it, until one shows the defect. Only what the sound system promises
 * counts, and what no system may break.
 */
export async function hunt(options: HuntOptions): Promise<Hunt> {
  const { bug, seeds, isStopped = () => false } = options;
  const falseAlarms: Detection[] = [];
  let elapsedMs = 0;
  for (let seed = seeds.first; seed <= seeds.last; seed++) {
    const seedsRun = seed - seeds.first;
    if (isStopped()) return { seeds, seedsRun, elapsedMs, detection: null, falseAlarms, isComplete: false };
    const plan = planOfBug(options, seed);
    const startedMs = performance.now();
    const broken = await brokenBy(plan, bug.planted, options);
    elapsedMs += performance.now() - startedMs;
    const alarms = await brokenBy(plan, bug.sound, options);
    if (alarms.length > 0) falseAlarms.push(detectionOf(plan, alarms));
    if (broken.length === 0) continue;
    const detection = detectionOf(plan, broken);
    return { seeds, seedsRun: seedsRun + 1, elapsedMs, detection, falseAlarms, isComplete: true };
  }
  const seedsRun = seeds.last - seeds.first + 1;
  return { seeds, seedsRun, elapsedMs, detection: null, falseAlarms, isComplete: true };
}

/** What the plan breaks of what the sound system promises, each once. */
export async function brokenBy(
  plan: Plan,
  system: System,
  { bug, invariants }: Pick<HuntOptions, "bug" | "invariants">,
): Promise<readonly string[]> {
  const checked = invariants.filter(({ name }) => plan.invariants.includes(name));
  const promised = new Set(bug.sound.policies.find(({ name }) => name === bug.base)?.promises);
  for (const { name, isUnconditional } of invariants) if (isUnconditional === true) promised.add(name);
  try {
    const { violations } = await run(plan, { system, invariants: checked });
    const counted = violations.filter(
      ({ invariant, endedBy }) => promised.has(invariant) && endedBy === undefined,
    );
    return [...new Set(counted.map(({ invariant }) => invariant))];
  } catch (error) {
    if (error instanceof NondeterminismError) return [DETERMINISM];
    throw error;
  }
}

function detectionOf(plan: Plan, broken: readonly string[]): Detection {
  return { seed: plan.seed, broken, operations: plan.operations.length, faults: plan.faults.length };
}
