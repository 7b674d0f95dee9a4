import type { Plan } from "../../run/plan.ts";
import type { Attempts } from "./attempts.ts";
import { minimize } from "./minimize.ts";

/** Leaves out changes of the cluster, detours, and faults, these kind by kind and then one by one. */
export async function removeFaults(attempts: Attempts): Promise<void> {
  const { detours, changes = [] } = attempts.plan;
  await minimize(changes, (kept) => attempts.attempt(withChanges(attempts.plan, kept)));
  if (detours !== undefined) {
    await minimize(Object.entries(detours), (kept) => attempts.attempt(withDetours(attempts.plan, kept)));
  }
  if (await attempts.attempt(withFaults(attempts.plan, []))) return;
  for (const kind of new Set(attempts.plan.faults.map((fault) => fault.kind))) {
    const others = attempts.plan.faults.filter((fault) => fault.kind !== kind);
    await attempts.attempt(withFaults(attempts.plan, others));
  }
  await minimize(attempts.plan.faults, (kept) => attempts.attempt(withFaults(attempts.plan, kept)));
}

export type Change = NonNullable<Plan["changes"]>[number];

/** The share of each kind is told only, and no longer true. */
export function withFaults(plan: Plan, faults: readonly Plan["faults"][number][]): Plan {
  const { swarm: _, ...others } = plan;
  return { ...others, faults: [...faults] };
}

export function withChanges(plan: Plan, kept: readonly Change[]): Plan {
  const { changes: _, ...others } = plan;
  return kept.length === 0 ? others : { ...others, changes: [...kept] };
}

export function withDetours(plan: Plan, kept: readonly (readonly [string, number])[]): Plan {
  const { detours: _, ...others } = plan;
  return kept.length === 0 ? others : { ...others, detours: Object.fromEntries(kept) };
}
