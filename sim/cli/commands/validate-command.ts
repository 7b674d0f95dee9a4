import { availableParallelism } from "node:os";
import { renderValidation, validationSummary } from "../../report/validation-report.ts";
import { visible } from "../../report/visible.ts";
import { didYouMean, oneOf } from "../../run/suggest.ts";
import { builtModule } from "../../search/package-files.ts";
import { startThreads } from "../../search/worker-threads.ts";
import { performAll } from "../../study/pool.ts";
import type { StudyTask, StudyTaskResult } from "../../study/task.ts";
import type { Finding } from "../../study/validation/finding.ts";
import { validationParts } from "../../study/validation/index.ts";
import { type ValidationTable, validationTables } from "../../study/validation/tables.ts";
import { type CliContext, pageFor, printLines, toAction } from "../context.ts";
import { EXIT, type ExitCode } from "../exit-code.ts";
import { catchInterrupt } from "../interrupt.ts";
import { createStatusLine } from "../status-line.ts";
import { UsageError } from "../usage-error.ts";

export interface ValidateFlags {
  readonly trials: number;
  readonly workers?: number;
  readonly json: boolean;
}

/** Prints every published number beside ours. One that differs is a failure. */
async function validate(
  { process, takeOver }: CliContext,
  flags: ValidateFlags,
  ...words: string[]
): Promise<ExitCode> {
  const { stdout, stderr } = process;
  const tables = words.length === 0 ? validationTables : [...new Set(words.map(tableOf))];
  const parts = validationParts(tables);
  const tasks = parts.map((part): StudyTask => ({ kind: "validation", part, trialCount: flags.trials }));
  const workers = flags.workers ?? availableParallelism();
  const pool = startThreads<StudyTask, StudyTaskResult>(
    builtModule("study-worker"),
    workers,
    builtModule("systems").href,
  );
  const interrupt = catchInterrupt(process, takeOver);
  const status = createStatusLine(stderr);
  let done: StudyTaskResult[];
  try {
    const onResult = (_result: StudyTaskResult, index: number): void =>
      status.show(`${index + 1} of ${tasks.length} parts`);
    done = await performAll(pool, tasks, onResult, interrupt.signal);
  } finally {
    status.clear();
    interrupt.release();
    await pool.close();
  }
  const findings = done.flatMap((result) => (result.kind === "validation" ? result.findings : []));
  if (done.length < tasks.length) {
    printLines(stderr, [`interrupted: ${done.length} of ${tasks.length} parts were done`]);
  }
  if (done.length === 0) return interrupt.exitCode ?? EXIT.sigint;
  const page = pageFor(stdout, process.env);
  printLines(
    stdout,
    flags.json
      ? [JSON.stringify(findings, null, 2)]
      : [...renderValidation(findings, page), validationSummary(findings)],
  );
  return interrupt.exitCode ?? exitCodeOf(findings);
}

/** A number that differs is a failure; one that is only shown is none. */
export function exitCodeOf(findings: readonly Pick<Finding, "verdict">[]): ExitCode {
  return findings.some(({ verdict }) => verdict === "differs") ? EXIT.violation : EXIT.ok;
}

function tableOf(word: string): ValidationTable {
  const table = validationTables.find((each) => each === word);
  if (table !== undefined) return table;
  const expected = `expected ${oneOf("tables", validationTables)}, got "${word}"`;
  throw new UsageError([visible(`${expected}${didYouMean(word, validationTables)}`)]);
}

export default toAction(validate);
