import { MergeError, mergeReports } from "../../report/outputs/merge-reports.ts";
import { readReport } from "../../report/outputs/read-report.ts";
import { count, counted } from "../../report/units.ts";
import { visible } from "../../report/visible.ts";
import type { ReportDocument } from "../../report/outputs/report-schema.ts";
import { type CliContext, printLines, toAction } from "../context.ts";
import { EXIT, type ExitCode } from "../exit-code.ts";
import type { Output } from "../parse/parse-output.ts";
import { loadedOrThrow, UsageError } from "../usage-error.ts";
import { writeOutputs } from "./write-outputs.ts";

export interface MergeFlags {
  readonly output?: readonly Output[];
}

/** Makes one report of those of all shards. */
async function merge(context: CliContext, flags: MergeFlags, ...files: string[]): Promise<ExitCode> {
  const named = files.map((file) => ({ file, report: loadedOrThrow(readReport(file)) }));
  const report = merged(named);
  printLines(context.process.stdout, summaryLines(report));
  const isWritten = await writeOutputs(context, flags.output ?? [], () => report);
  if (report.verdict === "failed") return EXIT.violation;
  return isWritten ? EXIT.ok : EXIT.usage;
}

function merged(named: Parameters<typeof mergeReports>[0]): ReportDocument {
  try {
    return mergeReports(named);
  } catch (error) {
    if (error instanceof MergeError) throw new UsageError([visible(error.message)]);
    throw error;
  }
}

function summaryLines({ rows, findings, regressions, verdict, isComplete }: ReportDocument): string[] {
  const failures = [
    ...findings.filter(({ isExpected, isKnown }) => !isExpected && !isKnown),
    ...regressions.filter(({ isAsExpected }) => !isAsExpected),
  ];
  const runs = rows.reduce((total, { tally }) => total + tally.seedCount, 0);
  const partial = isComplete ? "" : "PARTIAL, a shard was stopped before its end; ";
  const lines = failures.flatMap(({ name, summary, replay }) => [
    visible(`${name}: ${summary}`),
    `  ${visible(replay)}`,
  ]);
  const end =
    verdict === "failed"
      ? `FAILED: ${counted(failures.length, "unexpected problem")}`
      : "OK: no unexpected violation";
  return [...lines, `${partial}${end}; ${count(rows.length)} rows, ${counted(runs, "run")}`];
}

export default toAction(merge);
