import type { CampaignReport, StoppedBy } from "../../search/campaign.ts";
import { type FindingGroup, groupFindings } from "../../search/finding-groups.ts";
import type { Finding } from "../../search/findings.ts";
import type { Comparison } from "../../search/report/baseline.ts";
import type { KeptPlan } from "../../search/report/document.ts";
import { renderDivergence } from "../divergence.ts";
import type { Page } from "../page.ts";
import { count, counted, rate, span } from "../units.ts";
import { visible, visibleAtMost } from "../visible.ts";
import { indented, wrap } from "../wrap.ts";

const INDENT = "  ";

/**
 * The distinct problems of a campaign. Each ends with the command that shows it again. What was expected is said in
 * short; what was not comes last, where the eye is when the run has ended.
 *
 * @param replayCommand the command for a finding
 */
export function renderFindings(
  findings: readonly Finding[],
  replayCommand: (finding: Finding) => string,
  page: Page,
): string[] {
  const { style, width } = page;
  const expected = findings.filter(({ isExpected }) => isExpected);
  const unexpected = findings.filter(({ isExpected }) => !isExpected);
  const lines: string[] = [];
  if (expected.length > 0) {
    const title = `${counted(expected.length, "expected violation")}: the policy does not promise these`;
    lines.push("", style.strong(title), "");
    for (const group of groupFindings(expected)) {
      lines.push(
        style.notable(groupTitle(group)) + style.faint(`  ${groupShare(group)}`),
        INDENT + visibleAtMost(group.finding.summary, width - INDENT.length),
        INDENT + style.command(replayCommand(group.finding)),
      );
    }
  }
  const failures = groupFindings(unexpected);
  if (failures.length > 0) {
    lines.push("", style.bad(counted(failures.length, "UNEXPECTED problem")));
    for (const group of failures) {
      const { finding } = group;
      lines.push(
        "",
        style.bad(groupTitle(group)) + style.faint(`  ${groupShare(group)}`),
        ...indented(wrap(visible(finding.summary), width - INDENT.length), INDENT),
        ...divergenceLines(finding, page),
        INDENT + style.command(replayCommand(finding)),
      );
    }
  }
  return lines;
}

/** "12 of 200 seeds, first 17", and in how many scenarios */
function groupShare({ finding, findings, seedCount }: FindingGroup): string {
  if (findings.length === 1) return seedShare(finding);
  const { scenario } = finding;
  return `${count(seedCount)} seeds of ${findings.length} scenarios; in ${visible(scenario)} ${seedShare(finding)}`;
}

/** What is found in several scenarios is not named after one of them. */
function groupTitle({ finding, findings }: FindingGroup): string {
  return findings.length === 1 ? titleOf(finding) : visible(`${finding.policy}: ${whatOf(finding)}`);
}

function divergenceLines({ divergence }: Finding, page: Page): string[] {
  if (divergence === null) return [];
  return indented(renderDivergence(divergence, { ...page, width: page.width - INDENT.length }), INDENT);
}

function titleOf(finding: Finding): string {
  return visible(`${finding.scenario}, ${finding.policy}: ${whatOf(finding)}`);
}

function whatOf({ kind, name }: Finding): string {
  return { violation: name, bound: name, error: `error ${name}`, nondeterminism: "not deterministic" }[kind];
}

function seedShare({ seedCount, seedsRun, seed, kind }: Finding): string {
  return `${count(seedCount)} of ${count(seedsRun)} seeds, ${kind === "bound" ? "worst" : "first"} ${seed}`;
}

const STOPPED: Readonly<Record<StoppedBy, string>> = {
  signal: "stopped before the end",
  time: "its time was up",
  failures: "with the last failure that was allowed",
};

export interface SummarizedProblems extends Pick<Comparison, "news" | "known"> {
  readonly keptPlans: readonly KeptPlan[];
}

/** One line that says how the campaign ended. */
export function campaignSummary(
  report: CampaignReport,
  { news, known, keptPlans }: SummarizedProblems,
  page: Page,
): string {
  const { rows, timings } = report;
  const sum = (of: (row: CampaignReport["rows"][number]) => number): number =>
    rows.reduce((total, row) => total + of(row), 0);
  const elapsedS = timings.elapsedMs / 1000;
  const workers = timings.workers > 0 ? counted(timings.workers, "worker") : "no worker thread";
  const figures =
    `${counted(
      sum(({ tally }) => tally.seedCount),
      "run",
    )}, ` +
    `${span(sum(({ tally }) => tally.virtualUs) / 1000)} of virtual time in ${span(timings.elapsedMs)} ` +
    `(${workers}, ${rate(sum(({ tally }) => tally.eventCount) / elapsedS)} events/s)`;
  const { style } = page;
  const [newCount, knownCount] = [groupFindings(news).length, groupFindings(known).length];
  const old = knownCount === 0 ? "" : `, ${count(knownCount)} of the baseline`;
  const failed = [
    ...(newCount > 0 ? [counted(newCount, "unexpected problem")] : []),
    ...(keptPlans.length > 0 ? [`${counted(keptPlans.length, "kept plan")} failed`] : []),
  ];
  const verdict =
    failed.length > 0
      ? style.bad(`FAILED: ${failed.join(", ")}${old}`)
      : style.good(`OK: no unexpected violation${old}`);
  const partial = report.stoppedBy === null ? "" : style.notable(`PARTIAL, ${STOPPED[report.stoppedBy]}; `);
  return `${partial}${verdict}; ${figures}`;
}
