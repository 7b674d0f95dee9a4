import { Arbitrary, type Random, Stream, toStringMethod, Value } from "fast-check";
import type { KnownNames } from "../run/load/load-names.ts";
import type { Plan } from "../run/plan.ts";
import type { Scenario } from "../run/scenario/scenario.ts";
import { type Harness, namesOf, planOf } from "../search/harness.ts";
import type { SeedRange } from "../search/job.ts";
import { planText } from "../search/plan-text.ts";
import { type Place, smallerPlans } from "./smaller-plans.ts";

export interface PlanArbitraryOptions {
  readonly harness: Harness;
  readonly scenario: Scenario;
  /** As `cache-sim run --policy` takes it, with parameters if need be. */
  readonly policy: string;
  /** The seeds that plans are drawn from; any by default. */
  readonly seeds?: SeedRange | undefined;
}

const ANY_SEED: SeedRange = { first: 1, last: 2_147_483_647 };

/**
 * Whole plans, as a campaign draws them from a scenario: the cluster, every operation, every fault. When a property
 * fails, the plan shrinks: operations, faults, machines, choices, numbers and times, in that order. Every plan that it
 * gives, or shrinks to, can be saved and replayed.
 *
 * @throws RangeError when no policy of the harness has that name
 */
export function arbitraryPlan({ harness, scenario, policy, seeds }: PlanArbitraryOptions): Arbitrary<Plan> {
  const job = { scenario, policy };
  // Now, and not in the middle of a property.
  planOf(harness, job, seeds?.first ?? ANY_SEED.first);
  return new PlanArbitrary(namesOf(harness), (seed) => planOf(harness, job, seed), seeds ?? ANY_SEED);
}

class PlanArbitrary extends Arbitrary<Plan> {
  private readonly known: KnownNames;
  private readonly draw: (seed: number) => Plan;
  private readonly seeds: SeedRange;

  constructor(known: KnownNames, draw: (seed: number) => Plan, seeds: SeedRange) {
    super();
    this.known = known;
    this.draw = draw;
    this.seeds = seeds;
  }

  generate(random: Random): Value<Plan> {
    return new Value(printable(this.draw(random.nextInt(this.seeds.first, this.seeds.last))), null);
  }

  /** Plans that were given as examples shrink too. */
  canShrinkWithoutContext(value: unknown): value is Plan {
    return typeof value === "object" && value !== null && "format" in value && "operations" in value;
  }

  shrink(plan: Plan, context: unknown): Stream<Value<Plan>> {
    const { known } = this;
    function* values(): IterableIterator<Value<Plan>> {
      for (const { plan: smaller, place } of smallerPlans(plan, known, placeIn(context))) {
        yield new Value(printable(smaller), place);
      }
    }
    return new Stream(values());
  }
}

function placeIn(context: unknown): Place | null {
  return typeof context === "object" && context !== null && isPlace(context) ? context : null;
}

function isPlace(context: object): context is Place {
  return "step" in context && "cut" in context && "edit" in context;
}

/** A counterexample is printed as the plan that one can save, one line an operation. */
function printable(plan: Plan): Plan {
  return Object.defineProperty(plan, toStringMethod, { value: () => planText(plan), enumerable: false });
}
