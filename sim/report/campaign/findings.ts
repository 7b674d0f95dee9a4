import type { CampaignReport, StoppedBy } from "../../search/campaign.ts";
import type { Finding } from "../../search/findings.ts";
import type { Comparison } from "../../search/report/baseline.ts";
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
    for (const { first, title: name, share } of kindsOf(expected)) {
      lines.push(
        style.notable(visible(name)) + style.faint(`  ${share}`),
        INDENT + visibleAtMost(first.summary, width - INDENT.length),
        INDENT + style.command(replayCommand(first)),
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

/** Violations of one kind, in however many scenarios. */
interface Kind {
  readonly title: string;
  readonly share: string;
  /** The one to look at: of the scenario in which the fewest operations prove it. */
  readonly first: Finding;
}

/** What is expected is shown once for each policy and invariant: the table has the rest. */
function kindsOf(expected: readonly Finding[]): Kind[] {
  const groups = new Map<string, Finding[]>();
  for (const finding of expected) {
    const key = JSON.stringify([finding.policy, finding.name]);
    groups.set(key, [...(groups.get(key) ?? []), finding]);
  }
  return [...groups.values()].map((group) => {
    const first = group.toSorted((a, b) => proofSize(a) - proofSize(b))[0] as Finding;
    if (group.length === 1) return { first, title: titleOf(first), share: seedShare(first) };
    const seeds = group.reduce((sum, { seedCount }) => sum + seedCount, 0);
    const share = `${count(seeds)} seeds of ${group.length} scenarios; in ${visible(first.scenario)} ${seedShare(first)}`;
    return { first, title: `${first.policy}: ${first.name}`, share };
  });
}

function proofSize({ violation }: Finding): number {
  return violation?.operations.length ?? 0;
}

function divergenceLines({ divergence }: Finding, page: Page): string[] {
  if (divergence === null) return [];
  return indented(renderDivergence(divergence, { ...page, width: page.width - INDENT.length }), INDENT);
}

function titleOf({ scenario, policy, kind, name }: Finding): string {
  const what = { violation: name, bound: name, error: `error ${name}`, nondeterminism: "not deterministic" }[
    kind
  ];
  return visible(`${scenario}, ${policy}: ${what}`);
}

function shareOf(finding: Finding, { style }: Page): string {
  return style.faint(`  ${seedShare(finding)}`);
}

function seedShare({ seedCount, seedsRun, seed, kind }: Finding): string {
  return `${count(seedCount)} of ${count(seedsRun)} seeds, ${kind === "bound" ? "worst" : "first"} ${seed}`;
}

const STOPPED: Readonly<Record<StoppedBy, string>> = {
  signal: "stopped before the end",
  time: "its time was up",
  failures: "with the last failure that was allowed",
};

/** One line that says how the campaign ended. */
export function campaignSummary(
  report: CampaignReport,
  { news, known }: Pick<Comparison, "news" | "known">,
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
  const old = known.length === 0 ? "" : `, ${count(known.length)} of the baseline`;
  const verdict =
    news.length > 0
      ? style.bad(`FAILED: ${counted(news.length, "unexpected problem")}${old}`)
      : style.good(`OK: no unexpected violation${old}`);
  const partial = report.stoppedBy === null ? "" : style.notable(`PARTIAL, ${STOPPED[report.stoppedBy]}; `);
  return `${partial}${verdict}; ${figures}`;
}
