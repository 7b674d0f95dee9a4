import { availableParallelism } from "node:os";
import { join } from "node:path";
import { measures } from "../../check/measures/index.ts";
import { alignedLines } from "../../report/columns.ts";
import { renderStudy } from "../../report/study/table.ts";
import { visible } from "../../report/visible.ts";
import type { Scenario } from "../../run/scenario/scenario.ts";
import { explore, NothingToReportError } from "../../study/explore.ts";
import { builtModule } from "../../search/package-files.ts";
import type { RecordingReader } from "../../search/recordings.ts";
import { startThreads } from "../../search/worker-threads.ts";
import type { Condition, Study } from "../../study/study.ts";
import type { StudyTask, StudyTaskResult } from "../../study/task.ts";
import { type CliContext, pageFor, printLines, toAction } from "../context.ts";
import { EXIT, type ExitCode } from "../exit-code.ts";
import { catchInterrupt } from "../interrupt.ts";
import { createRecordings } from "../recordings.ts";
import { createStatusLine } from "../status-line.ts";
import { readStudy } from "../study-files.ts";
import { UsageError } from "../usage-error.ts";
import { harnessFor } from "../user-policies.ts";
import { writeStudyReports } from "./study-reports.ts";

export interface ExploreFlags {
  readonly seeds?: number;
  readonly precision?: number;
  readonly workers?: number;
  readonly out?: string;
  readonly pages: number;
  readonly measures: boolean;
}

/** Runs each study, prints what came out, and writes it to the folder that was asked for. */
async function exploreStudies(
  context: CliContext,
  flags: ExploreFlags,
  ...files: string[]
): Promise<ExitCode> {
  const { stdout, stderr, env, version: nodeVersion } = context.process;
  if (flags.measures) {
    const rows = measures.map(({ name, unit, summary }) => [
      { text: name },
      { text: unit },
      { text: summary },
    ]);
    printLines(stdout, alignedLines(rows, ["left", "left", "left"]));
    return EXIT.ok;
  }
  if (files.length === 0) {
    throw new UsageError(["expected the file of a study, such as studies/quorum-sizes.yaml"]);
  }
  const recordings = createRecordings();
  const studies: { file: string; study: Study }[] = [];
  for (const { file, study } of files.map((file) => ({ file, study: readStudy(file) }))) {
    studies.push({ file, study: await withRecordings(withFlags(study, flags), file, recordings) });
  }
  if (flags.out !== undefined) refuseSameNames(studies);
  printLines(stderr, recordings.remarks());
  const harness = await harnessFor(
    studies.flatMap(({ study }) => study.candidates.map(({ policy }) => policy)),
  );
  const workers = flags.workers ?? availableParallelism();
  const pool = startThreads<StudyTask, StudyTaskResult>(
    builtModule("study-worker"),
    workers,
    builtModule("systems").href,
  );
  const interrupt = catchInterrupt(context.process, context.takeOver);
  const status = createStatusLine(stderr);
  let exitCode: ExitCode = EXIT.ok;
  try {
    for (const [index, { file, study }] of studies.entries()) {
      if (interrupt.exitCode !== null) {
        printLines(stderr, [`interrupted: ${index} of ${studies.length} studies were begun`]);
        break;
      }
      const onProgress = (done: number, planned: number): void =>
        status.show(visible(`${study.name}: ${done} of ${planned} runs`));
      const report = await explore(study, { pool, onProgress, signal: interrupt.signal });
      status.clear();
      printLines(stdout, renderStudy(report, file, pageFor(stdout, env)));
      if (report.rows.some(({ failed }) => failed.count > 0)) exitCode = EXIT.violation;
      if (flags.out === undefined) continue;
      const options = { folder: flags.out, studyFile: file, pagesMax: flags.pages, harness, nodeVersion };
      const { page, problems } = await writeStudyReports(study, report, options);
      if (problems.length === 0) {
        printLines(stdout, ["", visible(`reports: ${join(flags.out, page)} (.md, .csv, .json)`), ""]);
      } else {
        printLines(stderr, problems);
        if (exitCode === EXIT.ok) exitCode = EXIT.usage;
      }
    }
  } catch (error) {
    if (!(error instanceof NothingToReportError)) throw error;
    status.clear();
    printLines(stderr, ["interrupted: there is nothing to show yet"]);
  } finally {
    status.clear();
    interrupt.release();
    await pool.close();
  }
  return interrupt.exitCode ?? exitCode;
}

/** Reports are called as their studies: of two, the second one's would be written over the first one's. */
function refuseSameNames(studies: readonly { readonly file: string; readonly study: Study }[]): void {
  const fileByName = new Map<string, string>();
  const problems = studies.flatMap(({ file, study: { name } }) => {
    const first = fileByName.get(name);
    fileByName.set(name, first ?? file);
    if (first === undefined) return [];
    return [visible(`${file}: ${first} is called "${name}" too: rename one, or leave out --out`)];
  });
  if (problems.length > 0) throw new UsageError(problems);
}

async function withRecordings(study: Study, file: string, recordings: RecordingReader): Promise<Study> {
  const conditions: Condition[] = [];
  for (const condition of study.conditions) {
    const scenarios = new Map<string, Scenario>();
    for (const [setting, scenario] of condition.scenarios) {
      scenarios.set(setting, await recordings.complete(scenario, file));
    }
    conditions.push({ ...condition, scenarios });
  }
  return { ...study, conditions };
}

function withFlags(study: Study, { seeds, precision }: ExploreFlags): Study {
  return { ...study, seeds: seeds ?? study.seeds, precision: precision ?? study.precision };
}

export default toAction(exploreStudies);
