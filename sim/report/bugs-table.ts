import type { Bug } from "../search/bugs/bug.ts";
import type { BugReport } from "../search/bugs/hunt-all.ts";
import { type BugTally, isFound, type Spread, tallyHunts } from "../search/bugs/tally-hunts.ts";
import { type Column, tableLine } from "./columns.ts";
import type { Page } from "./page.ts";
import { count, counted, span } from "./units.ts";
import { visible } from "./visible.ts";
import { indented, wrap } from "./wrap.ts";

/** The table of a hunt through a bug bank, made row by row, since rows are printed as they are done. */
export interface BugsTable {
  header(): string[];
  row(report: BugReport): string[];
}

const TITLES = ["id", "defect", "found", "seeds", "p90", "time", "p90", "operations", "faults", "broken by"];

export function createBugsTable(bugs: readonly Bug[], { style }: Page): BugsTable {
  const nameWidth = Math.max(...bugs.map(({ name }) => name.length), "defect".length);
  const columns: readonly Column[] = [
    { width: 3, align: "right" },
    { width: nameWidth, align: "left" },
    { width: 9, align: "left" },
    { width: 6, align: "right" },
    { width: 6, align: "right" },
    { width: 7, align: "right" },
    { width: 7, align: "right" },
    { width: 10, align: "right" },
    { width: 6, align: "right" },
    { width: 9, align: "left" },
  ];
  return {
    header: () => [
      style.faint(
        tableLine(
          TITLES.map((text) => ({ text })),
          columns,
        ),
      ),
    ],
    row(report) {
      const { bug } = report;
      const tally = tallyHunts(report);
      const { ranges, found, seeds, ms, operations, faults } = tally;
      const isGood = isFound(tally);
      const cells = [
        { text: String(bug.id) },
        { text: visible(bug.name) },
        { text: `${found} of ${ranges}`, set: isGood ? style.good : style.bad },
        ...[seeds.median, seeds.p90].map((value) => ({ text: numberText(value, count) })),
        ...[ms.median, ms.p90].map((value) => ({ text: numberText(value, span) })),
        ...[operations, faults].map(({ median }: Spread) => ({ text: numberText(median, count) })),
        { text: brokenText(tally) },
      ];
      return [
        tableLine(cells, columns).trimEnd(),
        ...remarks(bug, tally).map((text) => style.notable(`      ${text}`)),
      ];
    },
  };
}

function numberText(value: number, write: (value: number) => string): string {
  return Number.isFinite(value) ? write(value) : "-";
}

/** By what it was found most often. */
function brokenText({ brokenBy }: BugTally): string {
  const [first, ...others] = brokenBy;
  if (first === undefined) return "-";
  return others.length === 0 ? first[0] : `${first[0]} and ${others.length} more`;
}

function remarks({ expected }: Bug, { unexpected, falseAlarms }: BugTally): string[] {
  return [
    ...(unexpected === 0
      ? []
      : [`${counted(unexpected, "time")} by something other than ${expected.join(" or ")}`]),
    ...(falseAlarms.length === 0
      ? []
      : [
          `FALSE ALARM: without the defect, ${counted(falseAlarms.length, "seed")} broke something; ` +
            `the first is ${falseAlarms[0]?.seed}: ${falseAlarms[0]?.broken.join(", ")}`,
        ]),
  ];
}

const LEGEND =
  "found: in how many ranges of seeds. seeds, time: how many seeds, and how much time of running and checking, it took " +
  "in the middle of the ranges, and at most in nine of ten. operations, faults: of the plan that failed. Every seed " +
  "was run without the defect as well, which must break nothing.";

/** What it came to. */
export function renderBugsSummary(reports: readonly BugReport[], isComplete: boolean, page: Page): string[] {
  const { style, width } = page;
  const tallies = reports.filter(({ hunts }) => hunts.length > 0).map(tallyHunts);
  const found = tallies.filter(isFound).length;
  const quick = tallies.filter(({ seeds }) => seeds.median <= QUICK_SEEDS).length;
  const soundRuns = tallies.reduce((sum, tally) => sum + tally.soundRuns, 0);
  const alarms = tallies.reduce((sum, { falseAlarms }) => sum + falseAlarms.length, 0);
  const text =
    `${found} of ${counted(reports.length, "defect")} found in every range, ${quick} of them within ${QUICK_SEEDS} ` +
    `seeds in the middle; ${counted(alarms, "false alarm")} in ${counted(soundRuns, "run")} without them` +
    (isComplete ? "" : "; INTERRUPTED: this is what was complete by then");
  const set = isComplete && found === reports.length ? style.good : style.bad;
  return [...indented(wrap(LEGEND, width).map(style.faint), ""), "", ...wrap(text, width).map(set)];
}

/** Three quarters of a bank should be found within so many seeds. */
const QUICK_SEEDS = 100;
