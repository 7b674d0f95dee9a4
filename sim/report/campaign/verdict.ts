import type { Comparison } from "../../search/report/baseline.ts";
import type { CampaignDocument } from "../../search/report/document.ts";
import { groupFindings } from "../../search/finding-groups.ts";
import { counted, span } from "../units.ts";

const STOPPED = {
  signal: "interrupted",
  time: "stopped by its time budget",
  failures: "stopped at the last failure allowed",
} as const;

/** How a campaign ended, in a sentence without colours. */
export function verdictText(document: CampaignDocument, comparison: Comparison): string {
  const { rows, keptPlans, stoppedBy } = document;
  const problems = groupFindings(comparison.news).length + keptPlans.length;
  const runs = rows.reduce((sum, { tally }) => sum + tally.seedCount, 0);
  const virtualUs = rows.reduce((sum, { tally }) => sum + tally.virtualUs, 0);
  const knownCount = groupFindings(comparison.known).length;
  const known = knownCount > 0 ? `, ${knownCount} known` : "";
  const verdict = problems > 0 ? `FAILED, ${counted(problems, "new problem")}` : "nothing unexpected";
  const partial = stoppedBy === null ? "" : ` (partial: ${STOPPED[stoppedBy]})`;
  return `${verdict}${known}${partial}; ${counted(runs, "run")}, ${span(virtualUs / 1000)} of virtual time`;
}

/** Whether a build fails: something is wrong that was not known. */
export function isFailure({ keptPlans }: CampaignDocument, { news }: Comparison): boolean {
  return news.length > 0 || keptPlans.length > 0;
}
