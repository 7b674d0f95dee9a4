import { invariants } from "../../sim/check/index.ts";
import { drawPlan } from "../../sim/run/draw-plan.ts";
import { readScenario } from "../../sim/run/load-file.ts";
import type { Plan } from "../../sim/run/plan.ts";
import { run } from "../../sim/run/run.ts";
import type { Scenario } from "../../sim/run/scenario.ts";
import { systems } from "../../sim/systems/index.ts";

const cache = systems[0] as (typeof systems)[number];
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

/** A plan without faults whose run takes about `events` events: clients that act without a pause. */
export function longPlan(events: number, policy: string): Plan {
  const base = planOf(scenario("calm"), 1, policy);
  const eventsPerOperation = 8;
  const count = Math.round(events / eventsPerOperation);
  const clients = base.clients.filter(({ id }) => !id.startsWith("audit-"));
  const operations: Plan["operations"] = [];
  for (let n = 0; n < count; n++) {
    const client = (clients[n % clients.length] as (typeof clients)[number]).id;
    const operation = { id: `${client}#${n}`, client, atMs: n * 5, key: `k${n % 100}` };
    operations.push(
      n % 3 === 0 ? { ...operation, kind: "set", value: `${client}:${n}` } : { ...operation, kind: "get" },
    );
  }
  const healMs = count * 5;
  return {
    ...base,
    clients,
    operations,
    faults: [],
    phases: { healMs, settleMs: healMs + 5000, endMs: healMs + 8000 },
  };
}

export function runPlan(plan: Plan) {
  return run(plan, { system: cache, invariants });
}
