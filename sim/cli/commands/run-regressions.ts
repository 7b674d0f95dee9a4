import { basename } from "node:path";
import { AbortedError } from "../../kernel/kernel.ts";
import { commandLine } from "../../report/command-line.ts";
import { type RegressionRow, renderRegressions } from "../../report/regressions-report.ts";
import {
  readRegression,
  type RegressionPlan,
  regressionFiles,
  replayRegression,
} from "../../search/regressions.ts";
import type { Harness } from "../../search/harness.ts";
import type { KeptPlan } from "../../search/report/document.ts";
import { type CliContext, pageFor, printLines } from "../context.ts";
import { harness as known } from "../known.ts";
import { loadedOrThrow } from "../usage-error.ts";
import { harnessFor } from "../user-policies.ts";

/** A regression that can be run. */
export interface LoadedRegression {
  readonly file: string;
  /** With its policy, which may be a file. */
  readonly harness: Harness;
  readonly plan: RegressionPlan;
}

/** The regressions of a folder. Throws a UsageError when a file is none. */
export function loadRegressions(folder: string): Promise<LoadedRegression[]> {
  return Promise.all(
    regressionFiles(folder).map(async (file) => {
      const plan = loadedOrThrow(readRegression(file, known));
      return { file, plan, harness: await harnessFor([plan.policy], { invariants: plan.invariants }) };
    }),
  );
}

/** Replays regressions and prints what is not as it has to be. @returns those that are not */
export async function runRegressions(
  { process }: CliContext,
  regressions: readonly LoadedRegression[],
  signal: AbortSignal,
): Promise<readonly KeptPlan[]> {
  if (regressions.length === 0) return [];
  const rows: (RegressionRow & { readonly file: string })[] = [];
  for (const { file, plan, harness } of regressions) {
    const name = basename(file, ".json");
    const command = commandLine(["npx", "cache-sim", "replay", file]);
    try {
      const result = await replayRegression(plan, harness, { isAborted: () => signal.aborted });
      rows.push({ file, name, command, result });
    } catch (error) {
      if (error instanceof AbortedError) break;
      const { name: kind, message } = error instanceof Error ? error : new Error(String(error));
      const summary = `could not be run to its end: ${kind}: ${message}`;
      const result = { isAsExpected: false, summary, violation: null, notApplied: [], appliedCount: 0 };
      rows.push({ file, name, command, result });
    }
  }
  printLines(
    process.stdout,
    renderRegressions(rows, regressions.length, pageFor(process.stdout, process.env)),
  );
  return rows
    .filter(({ result }) => !result.isAsExpected)
    .map(({ file, result }) => ({ from: "regressions", file, summary: result.summary }));
}
