import { readBytes } from "../../run/load/load-file.ts";
import { findingsOf } from "../../run/load/load-issues.ts";
import { failed, type Loaded, problemsOf, shown } from "../../run/load/load-problem.ts";
import { valueAt } from "../../run/load/load-schema.ts";
import { type FileKind, readText } from "../../run/load/load-text.ts";
import { REPORT_FORMAT, REPORT_VERSION, type ReportDocument, reportSchema } from "./report-schema.ts";

const reportFile: FileKind = {
  what: "a report",
  bytesMax: 67_108_864,
  hint: "`cache-sim run --output json=report.json` writes one",
};

/** A report from its file, or everything that is wrong with it. */
export function readReport(file: string): Loaded<ReportDocument> {
  const bytes = readBytes(file, reportFile);
  if (!bytes.ok) return bytes;
  const read = readText(new TextDecoder().decode(bytes.value), file, reportFile);
  if ("problems" in read) return failed(read.problems);
  const { source } = read;
  for (const [name, wanted] of [
    ["format", REPORT_FORMAT],
    ["version", REPORT_VERSION],
  ] as const) {
    const found = valueAt(source.value, [name]);
    if (found === wanted) continue;
    const got = found === undefined ? "" : `, got ${shown(found)}`;
    const message = `${found === undefined ? "missing: expected" : "expected"} ${wanted}${got}: ${reportFile.hint}`;
    return failed(problemsOf(file, source, [{ path: [name], at: "value", message }]));
  }
  const parsed = reportSchema.safeParse(source.value);
  if (parsed.success) return { ok: true, value: parsed.data };
  return failed(problemsOf(file, source, findingsOf(reportSchema, source.value, parsed.error.issues)));
}
