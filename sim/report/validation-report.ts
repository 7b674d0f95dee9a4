import type { Finding } from "../study/validation/finding.ts";
import { alignedLines, type Cell } from "./columns.ts";
import type { Page } from "./page.ts";

/** Every published number beside ours, table by table, and what is to be made of it. */
export function renderValidation(findings: readonly Finding[], { style }: Page): string[] {
  const tables = [...new Set(findings.map(({ table }) => table))];
  return tables.flatMap((table) => {
    const rows = findings.filter((finding) => finding.table === table);
    const remarks = [...new Set(rows.flatMap(({ remark }) => remark ?? []))];
    const mark = ({ remark }: Finding): string =>
      remark === undefined ? "" : ` [${remarks.indexOf(remark) + 1}]`;
    const header: Cell[] = ["", "published", "ours", "interval", "verdict"].map((text) => ({
      text,
      set: style.faint,
    }));
    const lines = rows.map((row): Cell[] => [
      { text: row.what },
      { text: figure(row.published) },
      { text: figure(row.ours) },
      { text: intervalText(row.interval) },
      {
        text: `${row.verdict}${mark(row)}`,
        set: row.verdict === "differs" ? style.bad : row.verdict === "agrees" ? style.good : style.faint,
      },
    ]);
    const by = [...new Set(rows.map((row) => row.by))].join(", ");
    return [
      style.strong(`${table}, by the ${by}`),
      ...alignedLines([header, ...lines], ["left", "right", "right", "right", "left"]),
      ...remarks.map((remark, index) => style.faint(`[${index + 1}] ${remark}`)),
      "",
    ];
  });
}

/** As many as agree, and as do not. */
export function validationSummary(findings: readonly Finding[]): string {
  const countOf = (verdict: Finding["verdict"]): number =>
    findings.filter((finding) => finding.verdict === verdict).length;
  return (
    `${countOf("agrees")} published numbers agree, ${countOf("differs")} differ; ` +
    `${countOf("shown")} are shown beside ours without a verdict`
  );
}

/** Open where nothing was observed beyond the upper end. */
function intervalText({ low, high }: Finding["interval"]): string {
  return high === Infinity ? `from ${figure(low)}` : `${figure(low)} .. ${figure(high)}`;
}

/** Three or four digits that mean something. */
function figure(value: number): string {
  if (!Number.isFinite(value)) return "none";
  if (value === 0 || Math.abs(value) < 1e-12) return "0";
  return Math.abs(value) < 0.001 ? value.toExponential(2) : String(Number(value.toPrecision(4)));
}
