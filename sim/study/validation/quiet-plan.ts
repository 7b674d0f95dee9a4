import type { Plan } from "../../run/plan.ts";
import type { System } from "../../run/system.ts";

const NEVER_MS = 2_000_000_000;
/** How long it lasts unless somebody says so: hours, of a run in which next to nothing happens. */
const QUIET_MS = 20_000_000;

/** A plan in which nothing happens but its operations: no background work, no second questions, no loss. */
export function quietPlan(system: System, changes: Partial<Plan> & Pick<Plan, "policy" | "cluster">): Plan {
  const endMs = changes.phases?.endMs ?? QUIET_MS;
  return {
    format: "cache-sim/plan",
    version: 1,
    scenario: "validation",
    seed: 1,
    system: system.name,
    network: { latency: { kind: "constant", ms: 1 }, loss: 0, duplicate: 0, reorder: 1 },
    clients: [{ id: "c", machine: "n1" }],
    deadlineMs: 600_000,
    operations: [],
    faults: [],
    phases: { healMs: endMs, settleMs: endMs, endMs },
    timing: {
      retryMs: NEVER_MS,
      healthMs: NEVER_MS,
      repairMs: NEVER_MS,
      statisticsMs: NEVER_MS,
      expiryMs: NEVER_MS,
    },
    invariants: [],
    ...changes,
  };
}

export function machineNames(count: number): string[] {
  return Array.from({ length: count }, (_, index) => `n${index + 1}`);
}

/** The n-th key that a machine does not own: what it does with it takes messages. */
export function foreignKeys(system: System, plan: Plan, machine: string, count: number): string[] {
  const keys: string[] = [];
  for (let attempt = 0; keys.length < count; attempt++) {
    const key = `k${attempt}`;
    const owners = system.owners(key, plan);
    if (owners === null) throw new Error(`validation: ${plan.policy} has no fixed owners`);
    if (!owners.includes(machine)) keys.push(key);
  }
  return keys;
}
