import { readPlan, readScenario } from "../run/load-file.ts";
import type { Plan } from "../run/plan.ts";
import { planOf } from "../search/harness.ts";
import { harness, knownNames, policyProblems } from "./known.ts";
import { scenarioFile } from "./scenario-files.ts";
import { loadedOrThrow, UsageError } from "./usage-error.ts";

export interface SeedFlags {
  readonly policy?: string;
  readonly seed?: number;
}

/** The plan that a scenario, a policy and a seed stand for. */
export function drawFromFile(word: string, { policy, seed }: SeedFlags, cwd: string): Plan {
  const file = scenarioFile(word, cwd);
  if (file.endsWith(".plan.json")) {
    throw new UsageError([
      `${file} is a plan, which has its own policy and seed: leave out --policy and --seed`,
    ]);
  }
  if (policy === undefined || seed === undefined) {
    const missing = policy === undefined ? "--policy NAME" : "--seed NUMBER";
    throw new UsageError([`a scenario is run with one policy and one seed: add ${missing}`]);
  }
  const problems = policyProblems("--policy", policy);
  if (problems.length > 0) throw new UsageError(problems);
  const scenario = loadedOrThrow(readScenario(file, knownNames));
  const unfit = policyProblems(`${file} with ${policy}`, policy, scenario.cluster.replication);
  if (unfit.length > 0) throw new UsageError(unfit);
  return planOf(harness, { scenario, policy }, seed);
}

/** The plan to run again: from a plan file, or from a scenario with a policy and a seed. */
export function loadReplayable(word: string, flags: SeedFlags, cwd: string): Plan {
  if (flags.policy !== undefined || flags.seed !== undefined) return drawFromFile(word, flags, cwd);
  const plan = loadedOrThrow(readPlan(word, knownNames));
  // A plan may name a policy by its file, which the loader lets pass.
  const problems = policyProblems(`${word} policy`, plan.policy);
  if (problems.length > 0) throw new UsageError(problems);
  return plan;
}
