import { invariants } from "../../sim/check/index.ts";
import type { Plan } from "../../sim/run/plan.ts";
import { run } from "../../sim/run/run.ts";
import type { Scenario } from "../../sim/run/scenario/scenario.ts";
import { type Harness, optionsFor, planOf } from "../../sim/search/harness.ts";
import { shrink } from "../../sim/search/shrink.ts";
import { systems } from "../../sim/systems/index.ts";

const harness: Harness = { systems, invariants };
const SEEDS_MAX = 30;

/** A plan that fails, and one of the invariants that it breaks. */
export interface FailingPlan {
  readonly plan: Plan;
  readonly invariant: string;
}

export interface ShrinkFigures extends FailingPlan {
  /** Operations and faults. */
  readonly sizeBefore: number;
  readonly sizeAfter: number;
  readonly candidates: number;
  readonly cpuSeconds: number;
  /** Whether no step makes it any smaller. */
  readonly isMinimal: boolean;
}

/** The first failing seed of every scenario; of what it breaks one after the other is taken. */
export async function firstFailures(scenarios: readonly Scenario[]): Promise<FailingPlan[]> {
  const found: FailingPlan[] = [];
  for (const [place, scenario] of scenarios.entries()) {
    const failing = await firstFailure(scenario, place);
    if (failing !== null) found.push(failing);
  }
  return found;
}

export async function shrinkFigures({ plan, invariant }: FailingPlan): Promise<ShrinkFigures> {
  const before = process.cpuUsage();
  const shrunk = await shrink(plan, { harness, isMeant: (violation) => violation.invariant === invariant });
  const { user, system } = process.cpuUsage(before);
  if (shrunk.kind !== "shrunk") throw new Error(`${plan.scenario}, seed ${plan.seed}: ${shrunk.kind}`);
  return {
    plan,
    invariant,
    sizeBefore: sizeOf(plan),
    sizeAfter: sizeOf(shrunk.plan),
    candidates: shrunk.counts.tried,
    cpuSeconds: (user + system) / 1_000_000,
    isMinimal: shrunk.ended === "minimal",
  };
}

async function firstFailure(scenario: Scenario, place: number): Promise<FailingPlan | null> {
  for (let seed = 1; seed <= SEEDS_MAX; seed++) {
    const plan = planOf(harness, { scenario, policy: "seed" }, seed);
    const { violations } = await run(plan, optionsFor(harness, plan));
    const broken = [...new Set(violations.map(({ invariant }) => invariant))];
    const invariant = broken[place % broken.length];
    if (invariant !== undefined) return { plan, invariant };
  }
  return null;
}

const OPERATIONS = 300;
const FAULTS = 20;

/** With 300 operations and some 20 faults. */
export function enlarged(from: Scenario): Scenario {
  const { workload, faults } = from;
  const each = Math.ceil(FAULTS / Math.max(1, faults.length));
  return {
    ...from,
    swarm: false,
    workload: { ...workload, operations: Math.ceil(OPERATIONS / workload.clients) },
    faults: faults.map((spec) => ({ ...spec, count: { min: each, max: each } })),
  };
}

function sizeOf({ operations, faults }: Plan): number {
  return operations.length + faults.length;
}
