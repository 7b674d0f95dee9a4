import { dominancesOf } from "../../study/dominance.ts";
import type { StudyReport, StudyRow } from "../../study/explore.ts";
import { alignedLines, type Cell } from "../columns.ts";
import type { Page } from "../page.ts";
import { visible } from "../visible.ts";
import { wrap } from "../wrap.ts";
import { difference, measured } from "./figures.ts";
import { summaryOf } from "./summary.ts";

/** A study on a terminal: a table for each condition, then what follows from them. */
export function renderStudy(report: StudyReport, page: Page): string[] {
  const { style } = page;
  return [
    style.strong(visible(report.name)),
    ...wrap(visible(report.story), page.width),
    "",
    ...report.conditions.flatMap((condition) => [
      style.strong(visible(condition)),
      ...conditionTable(report, condition, page),
      "",
    ]),
    ...wrap(legend(report), page.width).map(style.faint),
    "",
    ...summaryOf(report, dominancesOf(report)).flatMap((sentence) => wrap(visible(sentence), page.width)),
  ];
}

/** A row for each policy, a column for each measure: the value, and the difference to the baseline. */
function conditionTable(report: StudyReport, condition: string, { style }: Page): string[] {
  const rows = report.rows.filter((row) => row.condition === condition);
  const header: Cell[] = ["", ...report.measures.flatMap((name) => [name, ""]), "broken"].map((text) => ({
    text,
    set: style.faint,
  }));
  const lines = rows.map((row): Cell[] => [
    { text: visible(row.policy), set: row.policy === report.baseline ? style.strong : undefined },
    ...report.measures.flatMap((name, index): Cell[] => [
      { text: withShortInterval(name, row, index) },
      { text: row.policy === report.baseline ? "" : differenceText(name, row, index), set: style.faint },
    ]),
    { text: brokenText(row), set: row.broken.some(({ isPromised }) => isPromised) ? style.bad : undefined },
  ]);
  const aligns = ["left", ...report.measures.flatMap(() => ["right", "left"] as const), "left"] as const;
  return alignedLines([header, ...lines], aligns);
}

function withShortInterval(name: string, row: StudyRow, index: number): string {
  const estimate = row.estimates[index];
  if (estimate === undefined || estimate.value === null) return "none";
  const half = Math.max(estimate.high - estimate.value, estimate.value - estimate.low);
  return half === 0
    ? measured(name, estimate.value)
    : `${measured(name, estimate.value)} ±${measured(name, half)}`;
}

function differenceText(name: string, row: StudyRow, index: number): string {
  const estimate = row.differences[index];
  return estimate === undefined ? "" : difference(name, estimate);
}

/** What it promises and does not hold first. */
function brokenText({ broken, failed }: StudyRow): string {
  const texts = broken
    .filter(({ isPromised }) => isPromised)
    .map(({ invariant, seedCount, firstSeed }) => `${invariant} in ${seedCount} (seed ${firstSeed})`);
  const others = broken.filter(({ isPromised }) => !isPromised).map(({ invariant }) => invariant);
  if (others.length > 0) texts.push(`not promised: ${others.join(", ")}`);
  if (failed.count > 0) texts.push(`${failed.count} runs failed: ${failed.first ?? ""}`);
  return texts.length === 0 ? "-" : visible(texts.join("; "));
}

export function legend({ baseline, seeds }: StudyReport): string {
  return (
    `Seeds 1 to ${seeds}, the same for all. Values with 95% intervals (bootstrap over seeds; ± the longer side); behind ` +
    `each the paired difference to ${baseline}, "=" where its interval has zero in it. Broken: invariants, with the ` +
    "first seed that shows it."
  );
}
