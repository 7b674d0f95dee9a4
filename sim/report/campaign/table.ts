import { seedsByName } from "../../search/finding-groups.ts";
import { type Finding, verdictOf } from "../../search/findings.ts";
import type { CampaignRow, RowTiming } from "../../search/ledger.ts";
import { type Cell, type Column, tableLine, tableWidth } from "../columns.ts";
import type { Page } from "../page.ts";
import { count, rate, span } from "../units.ts";
import { cut, visible } from "../visible.ts";
import { indented, wrap, wrapList } from "../wrap.ts";

/** The table of a campaign, made row by row, since rows are printed as they finish. */
export interface CampaignTable {
  header(): string[];
  row(row: CampaignRow, timing: RowTiming, findings: readonly Finding[]): string[];
}

/** What decides the widths, and is known before the first row. */
export interface TableShape {
  readonly scenarios: readonly string[];
  readonly policies: readonly string[];
  readonly seedCount: number;
}

interface TitledColumn extends Column {
  readonly title: string;
}

const NAME_WIDTH_MAX = 28;
const FIGURES: readonly TitledColumn[] = [
  { title: "virtual", width: 9, align: "right" },
  { title: "operations", width: 11, align: "right" },
  { title: "events/s", width: 9, align: "right" },
];
const VERDICT: TitledColumn = { title: "verdict", width: 8, align: "left" };
/** Less room than this makes a column of violations harder to read than lines of their own. */
const VIOLATIONS: TitledColumn = { title: "violations (seeds)", width: 36, align: "left" };
const INDENT = "    ";

/**
 * Three shapes, by the room there is: everything on one line; violations on lines of their own; figures on lines
 * of their own as well.
 */
export function createCampaignTable(shape: TableShape, page: Page): CampaignTable {
  const names = nameColumns(shape);
  const oneLine = [...names, ...FIGURES, VERDICT, VIOLATIONS];
  const twoLines = [...names, ...FIGURES, VERDICT];
  if (tableWidth(oneLine) <= page.width) return wideTable(names, page);
  if (tableWidth(twoLines) <= page.width) return mediumTable(names, page);
  return narrowTable(names, page);
}

function nameColumns({ scenarios, policies, seedCount }: TableShape): readonly TitledColumn[] {
  const widest = (title: string, texts: readonly string[]): number =>
    Math.min(NAME_WIDTH_MAX, Math.max(title.length, ...texts.map((text) => visible(text).length)));
  return [
    { title: "scenario", width: widest("scenario", scenarios), align: "left" },
    { title: "policy", width: widest("policy", policies), align: "left" },
    { title: "seeds", width: Math.max("seeds".length, count(seedCount).length), align: "right" },
  ];
}

function wideTable(names: readonly TitledColumn[], page: Page): CampaignTable {
  const before = [...names, ...FIGURES, VERDICT];
  const columns = [...before, VIOLATIONS];
  const margin = tableWidth(before) + 2;
  return {
    header: () => [headerLine(columns, page)],
    row(row, timing, findings) {
      const [first = "", ...others] = findingLines(findings, page.width - margin, page);
      const cells = [...nameCells(row, page), ...figureCells(row, timing), verdictCell(row, findings, page)];
      return [
        tableLine([...cells, { text: first }], columns).trimEnd(),
        ...indented(others, " ".repeat(margin)),
      ];
    },
  };
}

function mediumTable(names: readonly TitledColumn[], page: Page): CampaignTable {
  const columns = [...names, ...FIGURES, VERDICT];
  return {
    header: () => [headerLine(columns, page)],
    row(row, timing, findings) {
      const cells = [...nameCells(row, page), ...figureCells(row, timing), verdictCell(row, findings, page)];
      return [tableLine(cells, columns), ...linesBelow(findings, page)];
    },
  };
}

function narrowTable(names: readonly TitledColumn[], page: Page): CampaignTable {
  const columns = [...names, VERDICT];
  return {
    header: () => [headerLine(columns, page)],
    row(row, timing, findings) {
      const cells = [...nameCells(row, page), verdictCell(row, findings, page)];
      const figures = figureCells(row, timing).map(({ text }, index) => `${text} ${FIGURES[index]?.title}`);
      return [
        tableLine(cells, columns),
        ...indented(wrapList(figures, page.width - INDENT.length).map(page.style.faint), INDENT),
        ...linesBelow(findings, page),
      ];
    },
  };
}

function headerLine(columns: readonly TitledColumn[], { style }: Page): string {
  return style.strong(
    tableLine(
      columns.map(({ title }) => ({ text: title })),
      columns,
    ),
  );
}

function nameCells({ scenario, policy, tally }: CampaignRow, { style }: Page): Cell[] {
  return [
    { text: cut(visible(scenario), NAME_WIDTH_MAX), set: style.strong },
    { text: cut(visible(policy), NAME_WIDTH_MAX) },
    { text: count(tally.seedCount) },
  ];
}

function figureCells({ tally }: CampaignRow, { busyMs }: RowTiming): Cell[] {
  return [
    { text: span(tally.virtualUs / 1000) },
    { text: count(tally.operations.total) },
    { text: rate(tally.eventCount / (busyMs / 1000)) },
  ];
}

function verdictCell({ isComplete }: CampaignRow, findings: readonly Finding[], { style }: Page): Cell {
  const verdict = verdictOf(findings);
  if (verdict === "failed") return { text: "FAILED", set: style.bad };
  if (!isComplete) return { text: "partial", set: style.notable };
  return verdict === "clean" ? { text: "clean", set: style.good } : { text: "expected", set: style.notable };
}

function linesBelow(findings: readonly Finding[], page: Page): string[] {
  return indented(findingLines(findings, page.width - INDENT.length, page), INDENT);
}

/** "linearizable 180, replicas-converge 3!" */
function findingLines(findings: readonly Finding[], width: number, { style }: Page): string[] {
  const items = seedsByName(findings).map(
    ({ name, seedCount, isExpected }) => `${visible(name)} ${count(seedCount)}${isExpected ? "" : "!"}`,
  );
  return wrapList(items, width).map((line) => line.replaceAll(/\S+ [\d,]+!/g, style.bad));
}

export function campaignLegend(isPartial: boolean, { width, style }: Page): string[] {
  const entries = [
    ["violations", "invariant, and in how many seeds it was broken; ! marks what must never happen"],
    ["virtual", "time that was simulated; events/s: simulated events per second of one worker"],
    ["clean", "nothing was broken"],
    ["expected", "broken is only what the policy does not promise, at all or in that run: no failure"],
    ["FAILED", "a promise was broken, a run could not end, or it was not the same the second time"],
    ...(isPartial ? [["partial", "stopped before the last seed, with nothing unexpected until then"]] : []),
  ] as const;
  const nameWidth = Math.max(...entries.map(([name = ""]) => name.length)) + 2;
  return entries.flatMap(([name = "", meaning = ""]) => {
    const [first = "", ...others] = wrap(meaning, width - nameWidth);
    return [name.padEnd(nameWidth) + first, ...indented(others, " ".repeat(nameWidth))].map(style.faint);
  });
}
