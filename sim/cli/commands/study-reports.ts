import { access, constants, readdir, rm } from "node:fs/promises";
import { join } from "node:path";
import { htmlPage } from "../../report/html/index.ts";
import { studyCsv, studyJson, studyMarkdown } from "../../report/study/exports.ts";
import { studyPage } from "../../report/study/page.ts";
import { type BrokenRun, replayOf, runsToShow } from "../../report/study/violations.ts";
import { type Harness, optionsFor, planOf } from "../../search/harness.ts";
import { reasonOf } from "../../search/findings.ts";
import { makeFolder, writeFileWhole } from "../../search/write-file.ts";
import type { StudyReport } from "../../study/explore.ts";
import { scenariosOf, type Study } from "../../study/study.ts";
import { replay } from "../../trace/replay.ts";
import { readVersion } from "../version.ts";
import { writeProblem } from "../write-problem.ts";

export interface StudyReportsOptions {
  readonly folder: string;
  /** The study's file, as commands name it. */
  readonly studyFile: string;
  /** At most so many pages of runs that break something. */
  readonly pagesMax: number;
  readonly harness: Harness;
  readonly nodeVersion: string;
}

export interface WrittenReports {
  /** The page's file, within the folder. */
  readonly page: string;
  /** A line for each file that could not be written, or one for the folder, and why. */
  readonly problems: readonly string[];
}

/**
 * Writes what came out of a study in every format, each file whole or not at all, the page last: what it links is then
 * there. A file that cannot be written costs no other file, a folder that cannot be made or written to costs all. Pages
 * of runs from before, which nothing links any more, are removed.
 */
export async function writeStudyReports(
  study: Study,
  report: StudyReport,
  options: StudyReportsOptions,
): Promise<WrittenReports> {
  const { folder, studyFile, pagesMax } = options;
  const htmlFile = `${study.name}.html`;
  try {
    await makeFolder(folder);
    // The dot finds out what is there, but is no folder.
    await access(`${folder}/.`, constants.W_OK);
  } catch (error) {
    return { page: htmlFile, problems: [writeProblem(folder, error)] };
  }
  const problems: string[] = [];
  const writeText = async (file: string, text: string): Promise<boolean> => {
    const path = join(folder, file);
    try {
      await writeFileWhole(path, text);
      return true;
    } catch (error) {
      problems.push(writeProblem(path, error));
      return false;
    }
  };
  const write = (extension: string, text: string): Promise<boolean> =>
    writeText(`${study.name}.${extension}`, text);
  await write("md", studyMarkdown(report, studyFile));
  await write("csv", studyCsv(report));
  await write("json", studyJson(report));
  await removePages(join(folder, `${study.name}-runs`));
  const pages = new Map<string, string>();
  for (const run of runsToShow(report, pagesMax)) {
    const page = await pageOfRun(study, run, options);
    if (page === null) continue;
    const file = `${study.name}-runs/${fileName(run)}`;
    if (await writeText(file, page)) pages.set(fileName(run), file);
  }
  await write("html", studyPage(report, { studyFile, pageOf: (run) => pages.get(fileName(run)) ?? null }));
  return { page: htmlFile, problems };
}

/** Those of the same study, as it was before. */
async function removePages(folder: string): Promise<void> {
  const files = await readdir(folder).catch(() => []);
  for (const file of files.filter((name) => PAGE.test(name))) {
    await rm(join(folder, file)).catch(() => undefined);
  }
}

/** The run again, with everything recorded; null when it cannot be finished. */
async function pageOfRun(
  study: Study,
  run: BrokenRun,
  { harness, studyFile, nodeVersion }: StudyReportsOptions,
): Promise<string | null> {
  const { policy, under, seed } = run;
  const scenario = scenariosOf(study).get(under);
  if (scenario === undefined) return null;
  try {
    const plan = planOf(harness, { scenario, policy }, seed);
    const replayed = await replay(plan, optionsFor(harness, plan));
    return htmlPage(replayed, {
      command: replayOf(studyFile, run),
      whyExpected: reasonOf(harness, plan, false),
      writer: { code: await readVersion(), node: nodeVersion },
    });
  } catch {
    // The study's page says why, and how to see it.
    return null;
  }
}

const PAGE = /-seed-\d+\.html$/;

function fileName({ policy, under, seed }: BrokenRun): string {
  const words = `${policy} ${under} seed ${seed}`.replaceAll(/[^\w.=]+/g, "-");
  return `${words.replaceAll(/^[-.]+|[-.]+$/g, "")}.html`;
}
