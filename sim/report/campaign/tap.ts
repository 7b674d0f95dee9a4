import type { Comparison } from "../../search/report/baseline.ts";
import type { CampaignDocument } from "../../search/report/document.ts";
import { visible } from "../visible.ts";
import { casesOf, caseText, findingCommand, seedsText } from "./cases.ts";
import { KEPT_PLANS, keptPlanCommand, keptPlanTitle } from "./kept-plans.ts";

/** The Test Anything Protocol, version 14 (testanything.org): a point for each policy and promise. */
export function tapText(document: CampaignDocument, comparison: Comparison): string {
  const cases = casesOf(document, comparison);
  const lines = cases.flatMap((each, index) => {
    const { scenario, policy, name, status, findings, file } = each;
    const [finding] = findings;
    const description = escaped(`${scenario}, ${policy}: ${name}`);
    const point = `${index + 1} - ${description}`;
    if (status === "partial") return [`ok ${point} # SKIP stopped before the end`];
    if (finding === undefined) return [`ok ${point}`];
    // A failure that is known is what TAP calls something to do: it is reported, and does not fail.
    return [
      `not ok ${point}${status === "known" ? " # TODO known" : ""}`,
      "  ---",
      `  message: ${JSON.stringify(visible(finding.summary))}`,
      `  severity: fail`,
      `  seeds: ${JSON.stringify(seedsText(finding))}`,
      `  replay: ${JSON.stringify(findingCommand(finding, file))}`,
      ...(findings.length === 1 ? [] : [`  all: ${JSON.stringify(visible(caseText(each)))}`]),
      "  ...",
    ];
  });
  const kept = document.keptPlans.flatMap((plan, index) => [
    `not ok ${cases.length + index + 1} - ${escaped(`${KEPT_PLANS}: ${keptPlanTitle(plan)}`)}`,
    "  ---",
    `  message: ${JSON.stringify(visible(plan.summary))}`,
    "  severity: fail",
    `  replay: ${JSON.stringify(keptPlanCommand(plan))}`,
    "  ...",
  ]);
  const stopped = document.isComplete
    ? []
    : [`# stopped before the end by ${document.stoppedBy ?? "a signal"}`];
  return [
    "TAP version 14",
    `1..${cases.length + document.keptPlans.length}`,
    ...lines,
    ...kept,
    ...stopped,
    "",
  ].join("\n");
}

/** A description ends at a number sign. */
function escaped(text: string): string {
  return visible(text).replaceAll("\\", "\\\\").replaceAll("#", "\\#");
}
