import { dominancesOf } from "../../study/dominance.ts";
import type { StudyReport } from "../../study/explore.ts";
import { differenceWithInterval, withInterval } from "./figures.ts";
import { summaryOf } from "./summary.ts";
import { legend } from "./table.ts";
import { brokenRunOf, brokenTexts, replayOf } from "./violations.ts";

/**
 * A study as Markdown: tables that a pull request or a wiki shows as they are.
 *
 * @param studyFile the study's file, as commands name it
 */
export function studyMarkdown(report: StudyReport, studyFile: string): string {
  const cell = (text: string): string => text.replaceAll("|", "\\|").replaceAll("\n", " ");
  const line = (cells: readonly string[]): string => `| ${cells.map(cell).join(" | ")} |`;
  const tables = report.conditions.flatMap((condition) => [
    `## ${condition === "all" ? "Results" : condition}`,
    "",
    line(["policy", ...report.measures, "broken promises"]),
    line(["---", ...report.measures.map(() => "---:"), "---"]),
    ...report.rows
      .filter((row) => row.condition === condition)
      .map((row) =>
        line([
          row.policy,
          ...report.measures.map((name, index) => {
            const [estimate, paired] = [row.estimates[index], row.differences[index]];
            if (estimate === undefined || paired === undefined) return "";
            const isBase = row.policy === report.baseline;
            return (
              withInterval(name, estimate) + (isBase ? "" : ` (${differenceWithInterval(name, paired)})`)
            );
          }),
          [
            ...(row.failed.count > 0 ? [`${row.failed.count} not finished`] : []),
            ...row.broken
              .filter(({ isPromised }) => isPromised)
              .map(({ invariant, firstSeed }) => `${invariant} (seed ${firstSeed})`),
          ].join(", "),
        ]),
      ),
    "",
  ]);
  const sentences = summaryOf(report, dominancesOf(report)).map((sentence) => `- ${sentence}`);
  const broken = report.rows.flatMap((row) => {
    const run = brokenRunOf(row);
    if (run === null) return [];
    const breaks = brokenTexts(row).map(({ text, isPromised }) => (isPromised ? `**${text}**` : text));
    return [line([row.policy, row.condition, breaks.join("; "), `\`${replayOf(studyFile, run)}\``])];
  });
  const brokenTable = [
    line(["policy", "under", "breaks", "see it"]),
    line(["---", "---", "---", "---"]),
    ...broken,
  ];
  return [
    `# ${report.name}`,
    "",
    report.story,
    "",
    ...sentences,
    "",
    ...tables,
    "## What breaks",
    "",
    ...(broken.length === 0 ? ["No run broke anything."] : brokenTable),
    "",
    legend(report),
    "",
  ].join("\n");
}

/** One line for each measure of each policy under each condition: for spreadsheets and notebooks. */
export function studyCsv(report: StudyReport): string {
  const field = (value: string | number | null): string => {
    const text = value === null || Number.isNaN(value) ? "" : String(value);
    return /[",\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
  };
  const header =
    "condition,cluster,network,faults,workload,policy,settings,measure,value,low,high,difference,difference_low,difference_high,seeds,unfinished";
  const lines = report.rows.flatMap((row) =>
    report.measures.map((measure, index) => {
      const estimate = row.estimates[index];
      const paired = row.differences[index];
      const { cluster, network, faults, workload } = row.parts;
      const { policy, setting } = row.ranAs;
      const where = [row.condition, cluster, network, faults, workload, policy, setting, measure];
      const figures = [
        estimate?.value,
        estimate?.low,
        estimate?.high,
        paired?.value,
        paired?.low,
        paired?.high,
      ];
      return [...where, ...figures.map((figure) => figure ?? null), report.seeds, row.failed.count]
        .map(field)
        .join(",");
    }),
  );
  return `${[header, ...lines].join("\n")}\n`;
}

/** Everything, for programs. */
export function studyJson(report: StudyReport): string {
  return `${JSON.stringify({ format: "cache-sim/study-report", version: 1, ...report }, null, 1)}\n`;
}
