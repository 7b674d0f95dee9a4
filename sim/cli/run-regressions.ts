import { basename } from "node:path";
import { AbortedError } from "../kernel/kernel.ts";
import { commandLine } from "../report/command-line.ts";
import { type RegressionRow, renderRegressions } from "../report/regressions-report.ts";
import {
  readRegression,
  type RegressionPlan,
  regressionFiles,
  replayRegression,
} from "../search/regressions.ts";
import { type CliContext, pageFor, printLines } from "./context.ts";
import { harness } from "./known.ts";
import { loadedOrThrow } from "./usage-error.ts";

/** A regression that can be run. */
export interface LoadedRegression {
  readonly file: string;
  readonly plan: RegressionPlan;
}

/** The regressions of a folder. Throws a UsageError when a file is none. */
export function loadRegressions(folder: string): LoadedRegression[] {
  return regressionFiles(folder).map((file) => ({
    file,
    plan: loadedOrThrow(readRegression(file, harness)),
  }));
}

/** Replays regressions and prints what is not as it has to be. @returns how many are not */
export async function runRegressions(
  { process }: CliContext,
  regressions: readonly LoadedRegression[],
  signal: AbortSignal,
): Promise<number> {
  if (regressions.length === 0) return 0;
  const rows: RegressionRow[] = [];
  for (const { file, plan } of regressions) {
    const name = basename(file, ".json");
    const command = commandLine(["npx", "cache-sim", "replay", file]);
    try {
      const result = await replayRegression(plan, harness, { isAborted: () => signal.aborted });
      rows.push({ name, command, result });
    } catch (error) {
      if (error instanceof AbortedError) break;
      const { name: kind, message } = error instanceof Error ? error : new Error(String(error));
      const summary = `could not be run to its end: ${kind}: ${message}`;
      const result = { isAsExpected: false, summary, violation: null, notApplied: [], appliedCount: 0 };
      rows.push({ name, command, result });
    }
  }
  printLines(
    process.stdout,
    renderRegressions(rows, regressions.length, pageFor(process.stdout, process.env)),
  );
  return rows.filter(({ result }) => !result.isAsExpected).length;
}
