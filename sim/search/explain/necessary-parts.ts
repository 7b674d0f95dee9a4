import type { Plan } from "../../run/plan.ts";

/** An operation or a fault, and what a run without it does. */
export interface PlanPart {
  readonly part: "operation" | "fault";
  /** Its place in the plan's list. */
  readonly index: number;
  /** True when the failure does not happen without it. */
  readonly isNecessary: boolean;
}

/** Leaves out each operation and each fault, one at a time. */
export async function necessaryParts(
  plan: Plan,
  fails: (candidate: Plan) => Promise<boolean>,
): Promise<PlanPart[]> {
  const parts: PlanPart[] = [];
  for (const index of plan.faults.keys()) {
    const without = { ...plan, faults: plan.faults.toSpliced(index, 1) };
    parts.push({ part: "fault", index, isNecessary: !(await fails(without)) });
  }
  for (const index of plan.operations.keys()) {
    const without = { ...plan, operations: plan.operations.toSpliced(index, 1) };
    parts.push({ part: "operation", index, isNecessary: !(await fails(without)) });
  }
  return parts;
}
