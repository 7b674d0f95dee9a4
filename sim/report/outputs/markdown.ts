import { count, counted, span } from "../units.ts";
import { visible } from "../visible.ts";
import type { ReportDocument, ReportFinding } from "./report-schema.ts";

/** A summary for a pull request or the summary of a build step. */
export function markdownText(report: ReportDocument): string {
  const { rows, findings, regressions, isComplete, verdict, timings } = report;
  const failures = findings.filter(({ isExpected, isKnown }) => !isExpected && !isKnown);
  const wrong = regressions.filter(({ isAsExpected }) => !isAsExpected);
  const runs = rows.reduce((total, { tally }) => total + tally.seedCount, 0);
  const lines = [
    `## cache-sim: ${verdict}${isComplete ? "" : ", partial"}`,
    "",
    `${counted(runs, "run")} in ${span(timings.elapsedMs)}; ` +
      `${counted(failures.length + wrong.length, "unexpected problem")}.`,
    "",
    "| scenario | policy | seeds | verdict | violations (seeds) |",
    "| --- | --- | ---: | --- | --- |",
    ...rows.map(({ scenario, policy, tally, ...row }) => {
      const own = findings.filter((each) => each.scenario === scenario && each.policy === policy);
      const seeds = `${count(tally.seedCount)}${row.isComplete ? "" : " (partial)"}`;
      const broken = own.map(itemText).join(", ");
      const shown = row.verdict === "failed" ? "**FAILED**" : row.verdict;
      return `| ${cell(scenario)} | ${cell(policy)} | ${seeds} | ${shown} | ${broken} |`;
    }),
    ...failures.flatMap(({ scenario, policy, name, summary, replay }) =>
      section(`${scenario}, ${policy}: ${name}`, summary, replay),
    ),
    ...wrong.flatMap(({ name, summary, replay }) => section(`regression ${name}`, summary, replay)),
  ];
  return `${lines.join("\n")}\n`;
}

function itemText({ name, seedCount, isExpected, isKnown }: ReportFinding): string {
  const text = `${cell(name)} ${count(seedCount)}`;
  return isExpected || isKnown ? text : `**${text}**`;
}

function section(title: string, summary: string, replay: string): string[] {
  return ["", `### ${cell(title)}`, "", cell(summary), "", "```", visible(replay), "```"];
}

/** Text from strangers, which must not become a table, a link or HTML. */
function cell(text: string): string {
  return visible(text).replaceAll(/[\\`*_[\]<>|&#@!~]/g, (character) => `\\${character}`);
}
