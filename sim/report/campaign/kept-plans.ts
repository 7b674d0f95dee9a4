import type { KeptPlan } from "../../search/report/document.ts";
import { commandLine } from "../command-line.ts";
import type { Page } from "../page.ts";
import { visible } from "../visible.ts";
import { indented, wrap } from "../wrap.ts";

/** What a report says of plans of earlier failures that did not end as they have to. */
export const KEPT_PLANS = "kept plans";

/** "corpus/partition-heal-seed-17.plan.json, of the corpus" */
export function keptPlanTitle({ from, file }: KeptPlan): string {
  return `${file}, of the ${from}`;
}

/** The command that shows it. */
export function keptPlanCommand({ file }: KeptPlan): string {
  return commandLine(["npx", "cache-sim", "replay", file]);
}

export function renderKeptPlans(plans: readonly KeptPlan[], { style, width }: Page): string[] {
  if (plans.length === 0) return [];
  return [
    "",
    style.bad("Kept plans that did not end as they have to"),
    ...plans.flatMap((plan) => [
      "",
      style.bad(visible(keptPlanTitle(plan))),
      ...indented(wrap(visible(plan.summary), width - 2), "  "),
      `  ${style.command(keptPlanCommand(plan))}`,
    ]),
  ];
}
