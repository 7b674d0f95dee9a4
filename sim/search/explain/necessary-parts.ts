import type { Plan } from "../../run/plan.ts";

/** An operation, a fault or a change of the cluster, and what a run without it does. */
export interface PlanPart {
  readonly part: "operation" | "fault" | "change";
  /** Its place in the plan's list. */
  readonly index: number;
  /** True when the failure does not happen without it. */
  readonly isNecessary: boolean;
}

/** Leaves out each fault, each change and each operation, one at a time. */
export async function necessaryParts(
  plan: Plan,
  fails: (candidate: Plan) => Promise<boolean>,
): Promise<PlanPart[]> {
  const { faults, operations, changes = [] } = plan;
  const parts: PlanPart[] = [];
  async function leaveOut(part: PlanPart["part"], index: number, without: Plan): Promise<void> {
    parts.push({ part, index, isNecessary: !(await fails(without)) });
  }
  for (const index of faults.keys()) {
    await leaveOut("fault", index, { ...plan, faults: faults.toSpliced(index, 1) });
  }
  for (const index of changes.keys()) {
    await leaveOut("change", index, { ...plan, changes: changes.toSpliced(index, 1) });
  }
  for (const index of operations.keys()) {
    await leaveOut("operation", index, { ...plan, operations: operations.toSpliced(index, 1) });
  }
  return parts;
}
