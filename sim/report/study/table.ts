import { dominancesOf } from "../../study/dominance.ts";
import type { StudyReport, StudyRow } from "../../study/explore.ts";
import { alignedLines, type Cell, type Column } from "../columns.ts";
import type { Page } from "../page.ts";
import { counted } from "../units.ts";
import { visible } from "../visible.ts";
import { wrap } from "../wrap.ts";
import { difference, measured, withInterval } from "./figures.ts";
import { summaryOf } from "./summary.ts";
import { brokenRunOf, replayOf } from "./violations.ts";

/**
 * A study on a terminal: a table for each condition, then what follows from them.
 *
 * @param studyFile the study's file, as commands name it
 */
export function renderStudy(report: StudyReport, studyFile: string, page: Page): string[] {
  const { style } = page;
  const broken = report.rows.flatMap((row) => brokenRunOf(row) ?? []).slice(0, 1);
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
    ...broken.flatMap((run) => [
      "",
      ...wrap("A run that breaks something; another one by its policy, seed and condition:", page.width),
      `  ${style.command(visible(replayOf(studyFile, run)))}`,
    ]),
  ];
}

/**
 * A row for each policy, a column for each measure: the value, and the difference to the baseline. Measures that do
 * not fit beside each other come below, and last of all what is broken.
 */
function conditionTable(report: StudyReport, condition: string, page: Page): string[] {
  const { style } = page;
  const rows = report.rows.filter((row) => row.condition === condition);
  const names: Cell[] = [
    { text: "" },
    ...rows.map(({ policy }): Cell => {
      return { text: visible(policy), set: policy === report.baseline ? style.strong : undefined };
    }),
  ];
  const measures = report.measures.map((name, index): Cell[][] => [
    [
      { text: name, set: style.faint },
      ...rows.map((row): Cell => ({ text: withShortInterval(name, row, index) })),
    ],
    [
      { text: "" },
      ...rows.map((row): Cell => {
        const text = row.policy === report.baseline ? "" : differenceText(name, row, index);
        return { text, set: style.faint };
      }),
    ],
  ]);
  const tables = beside(widthOf(names), measures, page.width).map((columns) => {
    const aligns = columns.flatMap(() => ["right", "left"] as Column["align"][]);
    const all = [names, ...columns.flat()];
    const lines = names.map((_, line) => all.map((column) => column[line] as Cell));
    return alignedLines(lines, ["left", ...aligns]);
  });
  const notes = rows.flatMap((row) => {
    const set = row.broken.some(({ isPromised }) => isPromised) ? style.bad : style.faint;
    return [
      ...brokenNotes(row).map((text) => ({ text, set })),
      ...failedNotes(row).map((text) => ({ text, set: style.bad })),
    ];
  });
  return [
    ...tables.flatMap((lines, index) => (index === 0 ? lines : ["", ...lines])),
    ...notes.flatMap(({ text, set }) => wrap(visible(text), page.width - 2).map((line) => `  ${set(line)}`)),
  ];
}

/** As many measures in each table as its width allows, but at least one. */
function beside(nameWidth: number, measures: readonly Cell[][][], width: number): Cell[][][][] {
  const tables: Cell[][][][] = [];
  let left = 0;
  for (const columns of measures) {
    const own = columns.reduce((sum, column) => sum + 2 + widthOf(column), 0);
    if (tables.length === 0 || own > left) {
      tables.push([]);
      left = width - nameWidth;
    }
    tables.at(-1)?.push(columns);
    left -= own;
  }
  return tables;
}

function widthOf(column: readonly Cell[]): number {
  return Math.max(...column.map(({ text }) => text.length));
}

function withShortInterval(name: string, row: StudyRow, index: number): string {
  const estimate = row.estimates[index];
  if (estimate === undefined || estimate.value === null) return "none";
  const { value, low, high, isOpen } = estimate;
  const [below, above] = [value - low, high - value];
  const isSkewed = below > 0 && above > 0 && (above > 3 * below || below > 3 * above);
  if (isOpen === true || isSkewed) return withInterval(name, estimate);
  const half = Math.max(below, above);
  return half === 0 ? measured(name, value) : `${measured(name, value)} ±${measured(name, half)}`;
}

function differenceText(name: string, row: StudyRow, index: number): string {
  const estimate = row.differences[index];
  return estimate === undefined ? "" : difference(name, estimate);
}

/** What it promises and does not hold first. */
function brokenNotes({ policy, broken }: StudyRow): string[] {
  const promised = broken
    .filter(({ isPromised }) => isPromised)
    .map(({ invariant, seedCount, firstSeed }) => `${invariant} in ${seedCount} (seed ${firstSeed})`);
  const others = broken
    .filter(({ isPromised }) => !isPromised)
    .map(({ invariant, firstSeed }) => `${invariant} (seed ${firstSeed})`);
  return [
    ...(promised.length === 0 ? [] : [`${policy} breaks ${promised.join(", ")}`]),
    ...(others.length === 0 ? [] : [`${policy} does not hold, nor promise, ${others.join(", ")}`]),
  ];
}

function failedNotes({ policy, failed: { count, first } }: StudyRow): string[] {
  if (first === null) return [];
  return [`${policy} could not finish ${counted(count, "run")}, first of seed ${first.seed}: ${first.why}`];
}

export function legend({ baseline, seeds }: StudyReport): string {
  return (
    `Seeds 1 to ${seeds}, the same for all. Values with 95% intervals (bootstrap over seeds; ± the longer side); behind ` +
    `each the paired difference to ${baseline}, "=" where its interval has zero in it. Broken: invariants, with the ` +
    "first seed that shows it."
  );
}
