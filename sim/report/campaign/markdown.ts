import type { Comparison } from "../../search/report/baseline.ts";
import { type CampaignDocument, documentFindings, type DocumentRow } from "../../search/report/document.ts";
import { groupFindings } from "../../search/finding-groups.ts";
import { type Finding, verdictOf } from "../../search/findings.ts";
import { count, counted, span } from "../units.ts";
import { visible } from "../visible.ts";
import { findingCommand, groupSeedsText } from "./cases.ts";
import { COVERAGE_TITLES, coverageOf, kindText, noveltyText } from "./coverage.ts";
import { gateRows, gateWord } from "./gates.ts";
import { keptPlanCommand, keptPlanTitle } from "./kept-plans.ts";
import { verdictText } from "./verdict.ts";

/** GitHub shows no summary at all that is longer than 1 MiB. */
const LISTED_MAX = 50;
const ROWS_MAX = 1000;

/** A summary for a pull request: how it ended, what is new, and the table. */
export function markdownSummary(document: CampaignDocument, comparison: Comparison): string {
  const findings = documentFindings(document);
  const { news, known, vanished } = comparison;
  const fileOf = new Map(document.rows.map(({ scenario, file }) => [scenario, file]));
  const list = (title: string, listed: readonly Finding[]): string[] =>
    listed.length === 0
      ? []
      : [
          `### ${title}`,
          "",
          ...groupFindings(listed)
            .slice(0, LISTED_MAX)
            .flatMap(({ finding, ...group }) => [
              `- **${cell(`${finding.scenario}, ${finding.policy}: ${finding.name}`)}** (${groupSeedsText({ finding, ...group })})  `,
              `  ${cell(finding.summary)}`,
              "",
              ...fenced(findingCommand(finding, fileOf.get(finding.scenario) ?? finding.scenario)),
              "",
            ]),
          ...andMore(groupFindings(listed).length, LISTED_MAX),
        ];
  return [
    `## cache-sim: ${verdictText(document, comparison)}`,
    "",
    ...keptPlans(document),
    ...list("New", news),
    ...list("Known", known),
    ...(vanished.length === 0
      ? []
      : [
          "### Gone",
          "",
          ...groupFindings(vanished)
            .slice(0, LISTED_MAX)
            .map(
              ({ finding: { scenario, policy, name } }) =>
                `- ${cell(`${scenario}, ${policy}: ${name}`)} :tada:`,
            ),
          "",
        ]),
    "| scenario | policy | seeds | virtual time | operations | verdict | broken, but not promised |",
    "| --- | --- | ---: | ---: | ---: | --- | --- |",
    ...document.rows.slice(0, ROWS_MAX).map((row) => tableRow(row, findings)),
    ...andMore(document.rows.length, ROWS_MAX),
    "",
    ...gateTable(document),
    ...coverageTable(document),
  ].join("\n");
}

function keptPlans({ keptPlans: plans }: CampaignDocument): string[] {
  if (plans.length === 0) return [];
  return [
    "### Kept plans that did not end as they have to",
    "",
    ...plans
      .slice(0, LISTED_MAX)
      .flatMap((plan) => [
        `- **${cell(keptPlanTitle(plan))}**  `,
        `  ${cell(plan.summary)}`,
        "",
        ...fenced(keptPlanCommand(plan)),
        "",
      ]),
    ...andMore(plans.length, LISTED_MAX),
  ];
}

function coverageTable({ rows, campaign }: CampaignDocument): string[] {
  const coverage = coverageOf(rows, campaign.seeds);
  if (coverage.length === 0) return [];
  const titles = ["policy", ...COVERAGE_TITLES, "new in the last tenth of the seeds"];
  return [
    "<details><summary>What was exercised</summary>",
    "",
    `| ${titles.join(" | ")} |`,
    `| --- |${titles
      .slice(1)
      .map(() => " ---: |")
      .join("")}`,
    ...coverage.map(({ policy, kinds, novelty }) => {
      return `| ${[cell(policy), ...kinds.map(kindText), noveltyText(novelty)].join(" | ")} |`;
    }),
    "",
    ...coverage.flatMap(({ policy, kinds }) =>
      kinds.flatMap(({ title, missed }) =>
        missed.length === 0
          ? []
          : [`- never under ${cell(policy)}, ${title}: ${missed.map(cell).join(", ")}`],
      ),
    ),
    "",
    "</details>",
    "",
  ];
}

function gateTable({ rows, campaign }: CampaignDocument): string[] {
  const gates = gateRows(rows, campaign.shard === null);
  if (gates.length === 0) return [];
  const lines = gates.map((gate) => {
    const word = gate.verdict === "crossed" ? "**CROSSED**" : gateWord(gate);
    const texts = [gate.scenario, gate.policy, gate.bound].map(cell);
    return `| ${[...texts, word, cell(gate.measured), cell(gate.worst)].join(" | ")} |`;
  });
  return [
    "| scenario | policy | expected | verdict | measured | worst run |",
    "| --- | --- | --- | --- | --- | --- |",
    ...lines,
    "",
  ];
}

function andMore(count: number, shown: number): string[] {
  return count > shown ? ["", `and ${count - shown} more, which the JSON and HTML reports have`, ""] : [];
}

function tableRow(row: DocumentRow, findings: readonly Finding[]): string {
  const own = findings.filter(({ scenario, policy }) => scenario === row.scenario && policy === row.policy);
  const measured = own.filter(({ isExpected }) => isExpected);
  const verdict = { clean: "clean", expected: "as expected", failed: "**FAILED**" }[verdictOf(own)];
  const cells = [
    cell(row.scenario),
    cell(row.policy),
    count(row.tally.seedCount),
    span(row.tally.virtualUs / 1000),
    count(row.tally.operations.total),
    row.isComplete || verdict === "**FAILED**" ? verdict : "partial",
    measured.map(({ name, seedCount }) => `${cell(name)} ${counted(seedCount, "seed")}`).join(", "),
  ];
  return `| ${cells.join(" | ")} |`;
}

/** Text that stays text: names come from files of strangers. */
function cell(text: string): string {
  return visible(text).replaceAll(/[\\`*_[\]<>|#~&!]/g, (sign) =>
    sign === "<" ? "&lt;" : sign === ">" ? "&gt;" : sign === "&" ? "&amp;" : `\\${sign}`,
  );
}

/** A fence that is longer than any within. */
function fenced(code: string): string[] {
  const longest = Math.max(2, ...[...code.matchAll(/`+/g)].map(([run]) => run.length));
  const fence = "`".repeat(longest + 1);
  return [`  ${fence}sh`, `  ${code}`, `  ${fence}`];
}
