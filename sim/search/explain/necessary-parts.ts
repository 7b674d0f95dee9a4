import type { Plan } from "../../run/plan.ts";

/** A part of the plan that can be left out by itself, and what a run without it does. */
export interface PlanPart {
  readonly part: "operation" | "fault" | "change" | "detour" | "choice";
  /** Its place in the plan's list; of a detour or a choice its place among the names of the plan's record. */
  readonly index: number;
  /** True when the failure does not happen without it. */
  readonly isNecessary: boolean;
}

/**
 * Leaves out each fault, each change, each detour, each choice that was made by hand, and each operation, one at a
 * time. A choice that is left out is what it would be without a hand: drawn, or the mildest if the plan says so.
 */
export async function necessaryParts(
  plan: Plan,
  fails: (candidate: Plan) => Promise<boolean>,
): Promise<PlanPart[]> {
  const { faults, operations, changes = [], detours = {}, choices = {} } = plan;
  const parts: PlanPart[] = [];
  async function leaveOut(part: PlanPart["part"], index: number, rest: Plan): Promise<void> {
    parts.push({ part, index, isNecessary: !(await fails(rest)) });
  }
  for (const index of faults.keys()) {
    await leaveOut("fault", index, { ...plan, faults: faults.toSpliced(index, 1) });
  }
  for (const index of changes.keys()) {
    await leaveOut("change", index, { ...plan, changes: changes.toSpliced(index, 1) });
  }
  for (const [index, left] of Object.keys(detours).entries()) {
    await leaveOut("detour", index, { ...plan, detours: without(detours, left) });
  }
  for (const [index, left] of Object.keys(choices).entries()) {
    await leaveOut("choice", index, { ...plan, choices: without(choices, left) });
  }
  for (const index of operations.keys()) {
    await leaveOut("operation", index, { ...plan, operations: operations.toSpliced(index, 1) });
  }
  return parts;
}

function without(record: Readonly<Record<string, number>>, left: string): Record<string, number> {
  return Object.fromEntries(Object.entries(record).filter(([name]) => name !== left));
}
