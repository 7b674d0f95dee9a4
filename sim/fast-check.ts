/** Whole plans of the cache as an arbitrary for fast-check (`cache-sim/fast-check`). */
import type { Arbitrary } from "fast-check";
import { invariants } from "./check/index.ts";
import type { Plan } from "./run/plan.ts";
import type { Scenario } from "./run/scenario/scenario.ts";
import type { Harness } from "./search/harness.ts";
import type { SeedRange } from "./search/job.ts";
import { systems } from "./systems/index.ts";
import { arbitraryPlan } from "./testing/plan-arbitrary.ts";
import { scenarioOf } from "./testing/scenario-of.ts";

export interface PlanArbitraryOptions {
  /** As `cache-sim run --policy` takes it; `abd` by default. */
  readonly policy?: string | undefined;
  /** The seeds that plans are drawn from; any by default. */
  readonly seeds?: SeedRange | undefined;
  /** The systems and invariants to choose from; the cache and all invariants by default. */
  readonly harness?: Harness | undefined;
}

/**
 * Plans of a scenario, which shrink to what a failure needs: see `docs/testing.md`.
 *
 * @param scenario the path of a file, the name of one in `scenarios/`, or the scenario itself
 * @throws RangeError when there is no such scenario or policy
 */
export function planArbitrary(
  scenario: string | Scenario,
  { policy = "abd", seeds, harness = { systems, invariants } }: PlanArbitraryOptions = {},
): Arbitrary<Plan> {
  return arbitraryPlan({ harness, scenario: scenarioOf(scenario, harness), policy, seeds });
}
