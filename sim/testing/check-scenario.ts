import { readPlan } from "../run/load/load-file.ts";
import type { Plan } from "../run/plan.ts";
import { run } from "../run/run.ts";
import type { Scenario } from "../run/scenario/scenario.ts";
import { type Harness, namesOf, optionsFor, planOf } from "../search/harness.ts";
import type { SeedRange } from "../search/job.ts";
import { forgetPlan, keepPlan, keptPlans, replayLineOf } from "./kept-plans.ts";
import { completeScenarioOf, valueOf } from "./scenario-of.ts";
import { failureText, unexpectedIn } from "./verdict.ts";

export interface CheckScenarioOptions {
  /** As `cache-sim run --policy` takes it. */
  readonly policy: string;
  /** How many seeds, from 1 on, or which; 20 by default. */
  readonly seeds?: number | SeedRange | undefined;
  /** Any violation is a failure, also of what the policy does not promise. False by default. */
  readonly isStrict?: boolean | undefined;
  /**
   * What becomes of plans that fail. `keep` (the default): they are written to `failing-plans/` beside the test, are
   * run first from then on, and stay. `until-passed`: one that passes is removed. `never`: nothing is written or read.
   */
  readonly failingPlans?: "keep" | "until-passed" | "never" | undefined;
}

const SEEDS_USUAL = 20;

/**
 * Runs a scenario with many seeds, the plans that failed before first, until one fails.
 *
 * @param folder where plans are kept that fail
 * @returns what a failing test prints; null when every plan keeps what the policy promises
 * @throws RangeError for a scenario, a policy or a kept plan that cannot be used
 */
export async function checkScenario(
  harness: Harness,
  folder: string,
  scenario: string | Scenario,
  options: CheckScenarioOptions,
): Promise<string | null> {
  const { policy, isStrict = false, failingPlans = "keep" } = options;
  const { first, last } = seedsOf(options.seeds ?? SEEDS_USUAL);
  const job = { scenario: await completeScenarioOf(scenario, harness), policy };

  async function failureOf(plan: Plan, keep: () => string | null): Promise<string | null> {
    const outcome = await run(plan, optionsFor(harness, plan));
    const unexpected = unexpectedIn(outcome, harness, isStrict);
    if (unexpected.length === 0) return null;
    const file = keep();
    return failureText(outcome, unexpected, file === null ? null : replayLineOf(file));
  }

  for (const file of failingPlans === "never" ? [] : keptPlans(folder)) {
    const failure = await failureOf(valueOf(readPlan(file, namesOf(harness))), () => file);
    if (failure !== null) return failure;
    if (failingPlans === "until-passed") forgetPlan(file);
  }
  for (let seed = first; seed <= last; seed++) {
    const plan = planOf(harness, job, seed);
    const keep = (): string | null =>
      failingPlans === "never" ? null : keepPlan(folder, `seed-${seed}`, plan);
    const failure = await failureOf(plan, keep);
    if (failure !== null) return failure;
  }
  return null;
}

function seedsOf(seeds: number | SeedRange): SeedRange {
  const range = typeof seeds === "number" ? { first: 1, last: seeds } : seeds;
  const { first, last } = range;
  if (Number.isSafeInteger(first) && Number.isSafeInteger(last) && 0 <= first && first <= last) return range;
  throw new RangeError(`seeds: expected how many, or a range of them, got ${first}..${last}`);
}
