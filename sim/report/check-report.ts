import type { CheckedHistory } from "../check/check-bytes.ts";
import type { HistoryFinding, HistoryVerdict } from "../check/check-history.ts";
import type { Data, RecordedOperation } from "../check/formats/recorded-history.ts";
import { alignedLines, type Cell } from "./columns.ts";
import type { Page } from "./page.ts";
import { count, counted, span } from "./units.ts";
import { visible, visibleAtMost } from "./visible.ts";
import { indented, wrap } from "./wrap.ts";

/** One history that was checked, or why it could not be. */
export interface CheckedFile {
  readonly file: string;
  /** What a verdict table says of it. */
  readonly expected: HistoryVerdict | null;
  readonly checked: CheckedHistory | null;
  /** Lines to print when it could not be read. */
  readonly problems: readonly string[];
  readonly ms: number;
}

const INDENT = "  ";
const VALUE_LENGTH_MAX = 40;
const FINDINGS_SHOWN_MAX = 10;
const OPERATIONS_SHOWN_MAX = 30;

/** Whether the verdict is not the one that the table says; `unknown` is no verdict. */
export function disagrees({ expected, checked }: CheckedFile): boolean {
  return expected !== null && checked?.report.verdict !== expected;
}

/** One history with everything that was found in it. */
export function renderCheck({ file, checked, ms }: CheckedFile, page: Page): string[] {
  if (checked === null) return [];
  const { report, format, isFormatGuessed, model, isModelGuessed } = checked;
  const guessed = (isGuessed: boolean) => (isGuessed ? " (guessed)" : "");
  const shown = report.findings.slice(0, FINDINGS_SHOWN_MAX);
  const hidden = report.findings.length - shown.length;
  const facts = [
    ["format", format + guessed(isFormatGuessed)],
    ["model", model + guessed(isModelGuessed)],
    ["history", `${counted(report.operationCount, "operation")}, ${counted(report.keyCount, "key")}`],
    ["checked", `${methodText(checked)}, in ${span(ms)}`],
  ];
  return [
    `${page.style.strong(visible(file))}  ${verdictText(report.verdict, page)}`,
    ...alignedLines(
      facts.map(([name = "", text = ""]) => [{ text: name, set: page.style.faint }, { text }]),
      ["left", "left"],
    ),
    ...shown.flatMap((finding) => ["", ...renderFinding(finding, page)]),
    ...(hidden > 0 ? ["", page.style.faint(`… and ${counted(hidden, "more key")}`)] : []),
  ];
}

/** Many histories, a row each, and what is not as a verdict table says. */
export function renderChecks(files: readonly CheckedFile[], page: Page): string[] {
  const { style } = page;
  const header = ["history", "format", "model", "operations", "keys", "steps", "ms", "verdict"].map(
    (text) => ({
      text,
      set: style.faint,
    }),
  );
  const rows = files.map((each): Cell[] => {
    const { file, checked, ms } = each;
    const name = { text: visible(file) };
    if (checked === null)
      return [name, ...Array.from({ length: 6 }, () => ({ text: "" })), { text: "not read" }];
    const { report, format, model } = checked;
    const wrong = disagrees(each) ? `, but ${each.expected ?? ""} by the table` : "";
    return [
      name,
      { text: format },
      { text: model },
      { text: count(report.operationCount) },
      { text: count(report.keyCount) },
      { text: count(report.steps) },
      { text: ms.toFixed(1) },
      { text: report.verdict + wrong, set: setterOf(report.verdict, page) },
    ];
  });
  const wrong = files.filter(disagrees);
  const isTabled = files.some(({ expected }) => expected !== null);
  return [
    ...alignedLines([header, ...rows], ["left", "left", "left", "right", "right", "right", "right", "left"]),
    "",
    `${counted(files.length, "histor").replace(/histors?$/, files.length === 1 ? "history" : "histories")}: ` +
      VERDICTS.map((verdict) => `${count(countOf(files, verdict))} ${verdict}`).join(", "),
    ...(isTabled
      ? [
          wrong.length === 0
            ? style.good("all as the table of verdicts says")
            : style.bad(`${count(wrong.length)} not as the table of verdicts says:`),
          ...wrong.map(
            ({ file, expected, checked }) =>
              `${INDENT}${visible(file)}: ${checked?.report.verdict ?? "not read"}, expected ${expected ?? ""}`,
          ),
        ]
      : []),
  ];
}

const VERDICTS: readonly HistoryVerdict[] = ["linearizable", "violation", "unknown"];

function countOf(files: readonly CheckedFile[], verdict: HistoryVerdict): number {
  return files.filter(({ checked }) => checked?.report.verdict === verdict).length;
}

function methodText({ report }: CheckedHistory): string {
  const { zoneKeys, searchedKeys, steps } = report;
  const search = `${counted(searchedKeys, "key")} by search (${counted(steps, "step")})`;
  if (searchedKeys === 0) return "by zones: written values are unique";
  return zoneKeys === 0 ? search : `${counted(zoneKeys, "key")} by zones, ${search}`;
}

function verdictText(verdict: HistoryVerdict, page: Page): string {
  return setterOf(verdict, page)(verdict);
}

function setterOf(verdict: HistoryVerdict, { style }: Page) {
  if (verdict === "linearizable") return style.good;
  return verdict === "violation" ? style.bad : style.notable;
}

function renderFinding({ verdict, key, summary, operations, notes }: HistoryFinding, page: Page): string[] {
  const { style, width } = page;
  const title = key === null ? verdict : `${verdict}, key ${visibleAtMost(key, VALUE_LENGTH_MAX)}`;
  const shown = operations.slice(0, OPERATIONS_SHOWN_MAX);
  const hidden = operations.length - shown.length;
  const header = ["line", "process", "what", "result"].map((text) => ({ text, set: style.faint }));
  const rows = shown.map((operation) => [
    { text: String(operation.line) },
    { text: visible(operation.process) },
    { text: `${visible(operation.f)}${dataText(operation.input)}` },
    { text: answerText(operation) },
  ]);
  return [
    setterOf(verdict, page)(title),
    ...indented(wrap(visible(summary), width - INDENT.length), INDENT),
    ...indented(alignedLines([header, ...rows], ["right", "left", "left", "left"]), INDENT),
    ...(hidden > 0 ? [style.faint(`${INDENT}… and ${count(hidden)} more`)] : []),
    ...notes.flatMap((note) => {
      const [first = "", ...others] = wrap(visible(note), width - 2 * INDENT.length);
      return [`${INDENT}- ${first}`, ...indented(others, INDENT + INDENT)];
    }),
  ];
}

function dataText(value: Data): string {
  return value === null ? "" : ` ${visibleAtMost(JSON.stringify(value), VALUE_LENGTH_MAX)}`;
}

function answerText({ result, output, returnAt, isAbsent }: RecordedOperation): string {
  if (result !== "ok") return returnAt === Number.POSITIVE_INFINITY ? `${result}, never returned` : result;
  return isAbsent === true ? "ok, found nothing" : `ok${dataText(output)}`;
}
