import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { availableParallelism } from "node:os";
import { join, resolve } from "node:path";
import { measures } from "../../check/measures/index.ts";
import { alignedLines } from "../../report/columns.ts";
import { studyCsv, studyJson, studyMarkdown } from "../../report/study/exports.ts";
import { studyPage } from "../../report/study/page.ts";
import { renderStudy } from "../../report/study/table.ts";
import { visible } from "../../report/visible.ts";
import { whyUnreadable } from "../../run/load/load-file.ts";
import { explore } from "../../study/explore.ts";
import { loadStudy } from "../../study/load-study.ts";
import { startThreads } from "../../search/worker-threads.ts";
import type { Study } from "../../study/study.ts";
import type { StudyTask, StudyTaskResult } from "../../study/task.ts";
import { type CliContext, pageFor, printLines, toAction } from "../context.ts";
import { EXIT, type ExitCode } from "../exit-code.ts";
import { knownNames } from "../known.ts";
import { studyWorker } from "../study-worker-module.ts";
import { systemsModule } from "../systems-module.ts";
import { loadedOrThrow, UsageError } from "../usage-error.ts";
import { harnessFor } from "../user-policies.ts";

export interface ExploreFlags {
  readonly seeds?: number;
  readonly precision?: number;
  readonly workers?: number;
  readonly out?: string;
  readonly measures: boolean;
}

/** Runs each study, prints what came out, and writes it to the folder that was asked for. */
async function exploreStudies(
  context: CliContext,
  flags: ExploreFlags,
  ...files: string[]
): Promise<ExitCode> {
  const { stdout, stderr, env } = context.process;
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
  const studies = files.map((file) => withFlags(readStudy(file), flags));
  await harnessFor(studies.flatMap(({ policies }) => policies));
  const workers = flags.workers ?? availableParallelism();
  const pool = startThreads<StudyTask, StudyTaskResult>(studyWorker, workers, systemsModule.href);
  try {
    for (const study of studies) {
      const report = await explore(study, {
        pool,
        onProgress(done, planned) {
          if (stderr.isTTY) stderr.write(`\r\u001b[K${done} of ${planned} runs of ${visible(study.name)}`);
        },
      });
      if (stderr.isTTY) stderr.write("\r\u001b[K");
      printLines(stdout, renderStudy(report, pageFor(stdout, env)));
      if (flags.out === undefined) continue;
      const folder = resolve(flags.out);
      mkdirSync(folder, { recursive: true });
      const write = (extension: string, text: string): void =>
        writeFileSync(join(folder, `${study.name}.${extension}`), text);
      write("md", studyMarkdown(report));
      write("csv", studyCsv(report));
      write("json", studyJson(report));
      write("html", studyPage(report));
      printLines(stdout, [
        `reports: ${visible(join(flags.out, `${study.name}.html`))} (.md, .csv, .json)`,
        "",
      ]);
    }
  } finally {
    await pool.close();
  }
  return EXIT.ok;
}

function readStudy(file: string): Study {
  let text: string;
  try {
    text = readFileSync(file, "utf8");
  } catch (error) {
    const why = whyUnreadable(file, error as NodeJS.ErrnoException, "a study");
    throw new UsageError([visible(`${file}: ${why}`)]);
  }
  return loadedOrThrow(loadStudy(text, file, knownNames));
}

function withFlags(study: Study, { seeds, precision }: ExploreFlags): Study {
  return { ...study, seeds: seeds ?? study.seeds, precision: precision ?? study.precision };
}

export default toAction(exploreStudies);
