import { invariants } from "../../sim/check/index.ts";
import { drawPlan } from "../../sim/run/draw/draw-plan.ts";
import { readScenario } from "../../sim/run/load/load-file.ts";
import type { Plan } from "../../sim/run/plan.ts";
import { run } from "../../sim/run/run.ts";
import type { Scenario } from "../../sim/run/scenario/scenario.ts";
import { systems } from "../../sim/systems/index.ts";

export const cache = systems[0] as (typeof systems)[number];
const names = invariants.map(({ name }) => name);

export function scenario(name: string): Scenario {
  const policies = cache.policies.map((policy) => policy.name);
  const loaded = readScenario(`scenarios/${name}.yaml`, { policies, invariants: names });
  if (!loaded.ok) throw new Error(`scenarios/${name}.yaml does not load`);
  return loaded.value;
}

export function planOf(from: Scenario, seed: number, policy: string): Plan {
  return drawPlan(from, { seed, system: cache.name, policy, invariants: names });
}

/**
 * What a campaign does for each seed: draw the plan, run it untraced, check everything.
 *
 * @returns events per second
 */
export async function campaignRate(
  from: Scenario,
  policy: string,
  firstSeed: number,
  seeds: number,
): Promise<number> {
  const startedMs = performance.now();
  let events = 0;
  for (let seed = firstSeed; seed < firstSeed + seeds; seed++) {
    const outcome = await run(planOf(from, seed, policy), { system: cache, invariants });
    events += outcome.statistics.eventCount;
  }
  return events / ((performance.now() - startedMs) / 1000);
}

/** The scenario `calm`, made so long that its run takes about a million events. */
export function millionEventPlan(policy: string): Plan {
  return calmPlan(policy, 1250);
}

/** The scenario `calm`, several times as long. */
export function calmPlan(policy: string, times: number): Plan {
  const calm = scenario("calm");
  const { workload, phases } = calm;
  const long: Scenario = {
    ...calm,
    workload: { ...workload, operations: workload.operations * times },
    phases: { ...phases, safetyMs: phases.safetyMs * times },
  };
  return planOf(long, 1, policy);
}

export function runPlan(plan: Plan) {
  return run(plan, { system: cache, invariants });
}
