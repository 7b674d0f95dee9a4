import { changeOf } from "../run/members.ts";
import { nameOf } from "../run/operator.ts";
import type { Plan } from "../run/plan.ts";
import type { PlanPart } from "../search/explain/necessary-parts.ts";
import { requestText } from "./certificate.ts";
import { faultText } from "./plan-summary.ts";

/** A part of a plan in a line; empty when the plan does not have it. */
export function partText({ part, index }: Pick<PlanPart, "part" | "index">, plan: Plan): string {
  switch (part) {
    case "fault": {
      const fault = plan.faults[index];
      return fault === undefined ? "" : `fault: ${faultText(fault)}`;
    }
    case "change": {
      const change = plan.changes?.[index];
      return change === undefined ? "" : `change: ${nameOf(changeOf(change))}`;
    }
    case "detour":
      return entryText("detour", plan.detours, index);
    case "choice":
      return entryText("choice made by hand", plan.choices, index);
    case "operation": {
      const operation = plan.operations[index];
      return operation === undefined ? "" : `${operation.id}: ${requestText(operation)}`;
    }
  }
}

function entryText(what: string, record: Readonly<Record<string, number>> = {}, index: number): string {
  const entry = Object.entries(record)[index];
  return entry === undefined ? "" : `${what}: ${entry[0]} = ${entry[1]}`;
}
