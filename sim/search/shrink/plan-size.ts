import type { Plan } from "../../run/plan.ts";

/** How much there is of a plan. Shrinking makes none of these larger. */
export interface PlanSize {
  readonly operations: number;
  readonly faults: number;
  /** Changes of the cluster. */
  readonly changes: number;
  readonly machines: number;
  readonly clients: number;
  readonly detours: number;
  readonly invariants: number;
  /** Virtual time until the end. */
  readonly endMs: number;
  /** Choices that have a value of their own; null when all are drawn from the seed, which may be any number. */
  readonly choices: number | null;
}

export function planSize(plan: Plan): PlanSize {
  return {
    operations: plan.operations.length,
    faults: plan.faults.length,
    changes: plan.changes?.length ?? 0,
    machines: plan.cluster.machines.length,
    clients: plan.clients.length,
    detours: Object.keys(plan.detours ?? {}).length,
    invariants: plan.invariants.length,
    endMs: plan.phases.endMs,
    choices: plan.otherChoices === "mildest" ? Object.keys(plan.choices ?? {}).length : null,
  };
}
