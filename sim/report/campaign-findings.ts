import type { CampaignReport } from "../search/campaign.ts";
import type { Finding } from "../search/findings.ts";
import { renderDivergence } from "./divergence.ts";
import type { Page } from "./page.ts";
import { count, counted, rate, span } from "./units.ts";
import { visible, visibleAtMost } from "./visible.ts";
import { indented, wrap } from "./wrap.ts";

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
    for (const finding of expected) {
      const { summary } = finding;
      lines.push(
        style.notable(titleOf(finding)) + shareOf(finding, page),
        INDENT + visibleAtMost(summary, width - INDENT.length),
        INDENT + style.command(replayCommand(finding)),
      );
    }
  }
  if (unexpected.length > 0) {
    lines.push("", style.bad(counted(unexpected.length, "UNEXPECTED problem")));
    for (const finding of unexpected) {
      lines.push(
        "",
        style.bad(titleOf(finding)) + shareOf(finding, page),
        ...indented(wrap(visible(finding.summary), width - INDENT.length), INDENT),
        ...divergenceLines(finding, page),
        INDENT + style.command(replayCommand(finding)),
      );
    }
  }
  return lines;
}

function divergenceLines({ divergence }: Finding, page: Page): string[] {
  if (divergence === null) return [];
  return indented(renderDivergence(divergence, { ...page, width: page.width - INDENT.length }), INDENT);
}

function titleOf({ scenario, policy, kind, name }: Finding): string {
  const what = { violation: name, error: `error ${name}`, nondeterminism: "not deterministic" }[kind];
  return visible(`${scenario}, ${policy}: ${what}`);
}

function shareOf({ seedCount, seedsRun, seed }: Finding, { style }: Page): string {
  return style.faint(`  ${count(seedCount)} of ${count(seedsRun)} seeds, first ${seed}`);
}

/** One line that says how the campaign ended. */
export function campaignSummary(report: CampaignReport, findings: readonly Finding[], page: Page): string {
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
  const unexpectedCount = findings.filter(({ isExpected }) => !isExpected).length;
  const { style } = page;
  const verdict =
    unexpectedCount > 0
      ? style.bad(`FAILED: ${counted(unexpectedCount, "unexpected problem")}`)
      : style.good("OK: no unexpected violation");
  const partial = report.isComplete ? "" : style.notable("PARTIAL, stopped before the end; ");
  return `${partial}${verdict}; ${figures}`;
}
