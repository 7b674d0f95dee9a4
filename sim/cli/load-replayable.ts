import { existsSync } from "node:fs";
import { resolve } from "node:path";
import { readPlan, readScenario } from "../run/load/load-file.ts";
import type { Plan } from "../run/plan.ts";
import type { Scenario } from "../run/scenario/scenario.ts";
import { didYouMean, oneOf } from "../run/suggest.ts";
import { visible } from "../report/visible.ts";
import { type Harness, invariantsOf, planOf, systemOf } from "../search/harness.ts";
import { knownNames, policyProblems } from "./known.ts";
import { createRecordings } from "./recordings.ts";
import { scenariosOf } from "../study/study.ts";
import { isStudy, readStudy, scenarioUnder } from "./study-files.ts";
import { scenarioCalled, scenarioFile } from "./scenario-files.ts";
import { loadedOrThrow, UsageError } from "./usage-error.ts";
import { isInvariantFile } from "../run/invariant-file.ts";
import { harnessFor, invariantPath, policyPath, whatOf } from "./user-policies.ts";

export interface SeedFlags {
  /** A file of the user's own, of which `policy` is then a variant. */
  readonly system?: string | undefined;
  readonly policy?: string;
  readonly seed?: number;
  /** Of a scenario, instead of its own. */
  readonly strategy?: string;
  /** Of a study, the condition to run under. */
  readonly under?: string;
  /** The name of an invariant, or a file of the user's own, which is then checked. */
  readonly invariant?: string;
}

/** A plan, and a harness that has its policy. */
export interface Replayable {
  readonly plan: Plan;
  readonly harness: Harness;
}

/** The plan that a scenario, a policy and a seed stand for. */
export async function drawFromFile(
  word: string,
  { policy, seed, strategy, invariant, under }: SeedFlags,
  cwd: string,
): Promise<Replayable> {
  const file = under === undefined ? scenarioFile(word, cwd) : word;
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
  const read = under === undefined ? scenarioIn(file) : scenarioUnder(file, under);
  // Campaigns and studies say which rows of a recorded trace are left out.
  const complete = await createRecordings().complete(read, file);
  const scenario = strategy === undefined ? complete : { ...complete, strategy };
  const unfit = policyProblems(`${file} with ${policy}`, policy, scenario.cluster.replication);
  if (unfit.length > 0) throw new UsageError(unfit);
  const path = policyPath(policy, cwd);
  const invariantFiles = ownInvariants(invariant, cwd);
  const harness = await harnessFor([path], {
    invariants: [...(scenario.invariants ?? []), ...invariantFiles],
  });
  return { plan: planOf(harness, { scenario, policy: path, invariantFiles }, seed), harness };
}

function scenarioIn(file: string): Scenario {
  const read = readScenario(file, knownNames);
  if (!read.ok && isStudy(file)) {
    const [only, ...others] = scenariosOf(readStudy(file)).values();
    if (only !== undefined && others.length === 0) return only;
    throw new UsageError([visible(`${file} is a study: add --under CONDITION, one of those in its report`)]);
  }
  return loadedOrThrow(read);
}

/** The plan to run again: from a plan file, or from a scenario with a policy and a seed. */
export async function loadReplayable(word: string, flags: SeedFlags, cwd: string): Promise<Replayable> {
  if (flags.policy !== undefined || flags.seed !== undefined || flags.under !== undefined)
    return drawFromFile(word, flags, cwd);
  if (!existsSync(resolve(cwd, word)) && scenarioCalled(word, cwd) !== undefined) {
    throw new UsageError([
      `${word} is a scenario, of which many plans are made: add --policy NAME and --seed NUMBER`,
    ]);
  }
  if (flags.strategy !== undefined) {
    throw new UsageError([`${word}: a plan says itself by which strategy it runs: leave out --strategy`]);
  }
  const plan = loadedOrThrow(readPlan(word, knownNames));
  const invariants = [...new Set([...plan.invariants, ...ownInvariants(flags.invariant, cwd)])];
  const harness = await harnessFor([plan.policy], { file: word, what: whatOf(plan), invariants });
  const known = invariantsOf(harness, systemOf(harness, plan)).map(({ name }) => name);
  const unknown = invariants.find((invariant) => !known.includes(invariant));
  if (unknown !== undefined) {
    const expected = `expected ${oneOf("invariants", known)}, got "${unknown}"${didYouMean(unknown, known)}`;
    throw new UsageError([visible(`${word} invariants: ${expected}`)]);
  }
  return { plan: { ...plan, invariants }, harness };
}

function ownInvariants(invariant: string | undefined, cwd: string): string[] {
  return invariant !== undefined && isInvariantFile(invariant) ? [invariantPath(invariant, cwd)] : [];
}
