import { existsSync, statSync } from "node:fs";
import { findingCommand } from "../../report/campaign/cases.ts";
import { renderComparison } from "../../report/campaign/comparison.ts";
import { renderCoverage } from "../../report/campaign/coverage.ts";
import { campaignSummary, renderFindings } from "../../report/campaign/findings.ts";
import { renderGates } from "../../report/campaign/gates.ts";
import { renderRecoveries } from "../../report/campaign/recovery.ts";
import { campaignLegend, createCampaignTable } from "../../report/campaign/table.ts";
import { isFailure } from "../../report/campaign/verdict.ts";
import type { Page } from "../../report/page.ts";
import { counted } from "../../report/units.ts";
import { visible } from "../../report/visible.ts";
import type { Plan } from "../../run/plan.ts";
import { type CampaignReport, runCampaign } from "../../search/campaign.ts";
import type { Executor } from "../../search/executor.ts";
import { expectationOf, type Finding, rowFindings } from "../../search/findings.ts";
import { type Harness, planOf } from "../../search/harness.ts";
import { countSeeds, type SeedRange, seedsOfShard } from "../../search/job.ts";
import type { TimedRow } from "../../search/ledger.ts";
import { writePlans } from "../../search/plan-files.ts";
import { compareWith } from "../../search/report/baseline.ts";
import { documentFindings, documentOf } from "../../search/report/document.ts";
import { type CliContext, pageFor, printLines } from "../context.ts";
import { EXIT, type ExitCode } from "../exit-code.ts";
import { catchInterrupt } from "../interrupt.ts";
import { requireInvariantFiles } from "../require-invariant.ts";
import { createProgress } from "../progress.ts";
import { regressionFolder, scenarioFiles } from "../scenario-files.ts";
import { systemsModule } from "../systems-module.ts";
import { UsageError } from "../usage-error.ts";
import { harnessFor, systemPolicies } from "../user-policies.ts";
import { writeProblem } from "../write-problem.ts";
import { campaignJobs, type FileJob } from "./campaign-jobs.ts";
import { addToCorpus, runCorpus } from "./corpus.ts";
import { documentIn } from "./document-file.ts";
import type { RunFlags } from "./run-command.ts";
import { type LoadedRegression, loadRegressions, runRegressions } from "./run-regressions.ts";
import { shrinkFindings } from "./shrink-findings.ts";
import { writeOutputs } from "./write-outputs.ts";
import { writePages } from "./write-pages.ts";

/** Runs scenarios under policies with many seeds, and prints what broke. */
export async function runScenarios(
  context: CliContext,
  flags: RunFlags,
  executor: Executor,
  words: readonly string[],
): Promise<ExitCode> {
  const { process } = context;
  const { stdout, stderr } = process;
  const cwd = process.cwd();
  const invariantFiles = requireInvariantFiles(flags.invariant ?? [], cwd);
  const { system, policy: named = [] } = flags;
  const policies = system === undefined ? named : await systemPolicies(system, named, cwd);
  const jobs = campaignJobs(scenarioFiles(words, cwd), policies, cwd, flags.tag).map((job) => ({
    ...job,
    ...(flags.strategy !== undefined && {
      strategy: flags.strategy,
      scenario: { ...job.scenario, strategy: flags.strategy },
    }),
    invariantFiles,
  }));
  const harness = await harnessFor(
    jobs.map(({ policy }) => policy),
    { invariants: [...jobs.flatMap(({ scenario }) => scenario.invariants ?? []), ...invariantFiles] },
  );
  requireFolder("--reports", flags.reports);
  if (flags.corpus !== undefined) requireFolder("--corpus", flags.corpus);
  const baseline = flags.baseline === undefined ? null : documentIn(flags.baseline);
  const slice = flags.shard === undefined ? flags.seeds : seedsOfShard(flags.seeds, flags.shard);
  const page = pageFor(stdout, process.env);
  const isExpected = expectationOf(harness, flags.strict);
  const table = createCampaignTable(tableShape(jobs, flags.seeds), page);
  const isWhole = flags.shard === undefined;
  const regressions = await loadRegressions(regressionFolder(cwd));

  const ran = await campaign(context, flags, {
    jobs,
    slice,
    regressions,
    executor,
    header: () => [seedsLine(flags, slice, page), ...table.header()],
    printRow: (row, timing) =>
      printLines(stdout, table.row(row, timing, rowFindings(row, isExpected, isWhole ? "whole" : "runs"))),
  });

  const document = documentOf(ran.report, {
    jobs,
    isStrict: flags.strict,
    shard: flags.shard ?? null,
    regressions: { replayed: regressions.length, wrong: ran.wrong },
    invariants: harness.invariants.map(({ name }) => name),
    isExpected,
    systems: harness.systems,
  });
  const comparison = compareWith(document, baseline);
  const findings = documentFindings(document);
  const fileOf = new Map(jobs.map(({ scenario, file }) => [scenario.name, file]));
  const fileOfFinding = ({ scenario }: Finding): string => fileOf.get(scenario) ?? scenario;
  printLines(stdout, ["", ...campaignLegend(!ran.report.isComplete, page)]);
  printLines(stdout, renderRecoveries(ran.report.rows, page));
  printLines(stdout, renderGates(ran.report.rows, isWhole, page));
  printLines(stdout, renderCoverage(document.rows, ran.report.seeds, page));
  const commandOf = (finding: Finding): string =>
    findingCommand(finding, fileOfFinding(finding), invariantFiles);
  printLines(stdout, renderFindings(findings, commandOf, page));
  printLines(stdout, renderComparison(comparison, page));
  const planOfFinding = (finding: Finding): Plan | null => findingPlan(harness, finding, jobs);
  const saved = [
    ...(await savePlans(findings, planOfFinding, flags.reports, stderr)),
    ...(flags.html
      ? await savePages(harness, findings, planOfFinding, flags, process.version, fileOfFinding, stderr)
      : []),
    ...(flags.shrink ? await savedSmall(context, harness, findings, planOfFinding, flags.reports) : []),
  ];
  printLines(stdout, ["", ...saved, campaignSummary(ran.report, comparison, page)]);
  if (flags.corpus !== undefined) {
    const unexpected = findings.filter(({ isExpected: isFine, kind }) => !isFine && kind === "violation");
    const problem = await addToCorpus(
      flags.corpus,
      unexpected.flatMap((finding) => planOfFinding(finding) ?? []),
    );
    if (problem !== null) printLines(stderr, [problem]);
  }
  const isWritten = await writeOutputs(context, flags.output ?? [], {
    document,
    comparison,
    pagesFolder: flags.html ? flags.reports : null,
  });
  if (ran.exitCode !== null) return ran.exitCode;
  if (isFailure(document, comparison) || ran.corpusFailing > 0) return EXIT.violation;
  return isWritten ? EXIT.ok : EXIT.usage;
}

/** The seeds are said first of all: a campaign of fresh ones can be run again. */
function seedsLine({ shard, seeds }: RunFlags, slice: SeedRange | null, { style }: Page): string {
  const range = ({ first, last }: SeedRange): string =>
    first === last ? `seed ${first}` : `seeds ${first}..${last}`;
  if (shard === undefined) return style.faint(range(seeds));
  const own = slice === null ? "no seed" : range(slice);
  return style.faint(`shard ${shard.index}/${shard.count} of ${range(seeds)}: ${own}`);
}

/** What cannot become a folder is told before anything is run. */
function requireFolder(flag: string, path: string): void {
  if (!existsSync(path) || statSync(path).isDirectory()) return;
  throw new UsageError([visible(`${flag} ${path}: expected a folder, and this is a file`)]);
}

interface CampaignParts {
  readonly jobs: readonly FileJob[];
  /** Null when there are more shards than seeds, and this one gets none. */
  readonly slice: SeedRange | null;
  readonly regressions: readonly LoadedRegression[];
  readonly executor: Executor;
  readonly header: () => string[];
  readonly printRow: (...row: TimedRow) => void;
}

interface Ran {
  readonly report: CampaignReport;
  readonly exitCode: ExitCode | null;
  /** The regressions that did not end as they have to. */
  readonly wrong: readonly string[];
  readonly corpusFailing: number;
}

/** Replays what is kept, then runs the campaign, the table growing row by row as it goes. */
async function campaign(context: CliContext, flags: RunFlags, parts: CampaignParts): Promise<Ran> {
  const { process, takeOver } = context;
  const { jobs, slice, regressions, executor, header, printRow } = parts;
  const { seeds, corpus } = flags;
  const progress = createProgress(process.stderr);
  const interrupt = catchInterrupt(process, takeOver);
  let rowsPrinted = 0;
  try {
    const wrong = await runRegressions(context, regressions, interrupt.signal);
    const failing =
      corpus === undefined ? [] : await runCorpus(context, corpus, flags.strict, interrupt.signal);
    printLines(process.stdout, header());
    const report =
      slice === null
        ? nothingRun(seeds)
        : await runCampaign({
            jobs,
            seeds,
            slice,
            isStrict: flags.strict,
            failuresMax: flags.failFast ? 1 : flags.maxFailures,
            timeBudgetMs: flags.timeBudget,
            runLimitMs: flags.runLimit,
            workers: executor.workerCount,
            systemsModule,
            executor,
            signal: interrupt.signal,
            onProgress: progress.show,
            onRow(row, timing) {
              progress.clear();
              printRow(row, timing);
              rowsPrinted++;
            },
          });
    progress.clear();
    for (const [index, row] of report.rows.entries()) {
      const timing = report.timings.rows[index];
      if (index >= rowsPrinted && timing !== undefined) printRow(row, timing);
    }
    return { report, exitCode: interrupt.exitCode, wrong, corpusFailing: failing.length };
  } finally {
    progress.clear();
    interrupt.release();
  }
}

function nothingRun(seeds: SeedRange): CampaignReport {
  return {
    seeds,
    isComplete: true,
    stoppedBy: null,
    rows: [],
    timings: { workers: 0, elapsedMs: 0, rows: [] },
  };
}

function tableShape(jobs: readonly FileJob[], seeds: SeedRange) {
  return {
    scenarios: jobs.map(({ scenario }) => scenario.name),
    policies: jobs.map(({ policy }) => policy),
    seedCount: countSeeds(seeds),
  };
}

/** The plan of a finding's seed, drawn again. */
function findingPlan(harness: Harness, finding: Finding, jobs: readonly FileJob[]): Plan | null {
  const job = jobs.find(({ scenario, policy }) => {
    return scenario.name === finding.scenario && policy === finding.policy;
  });
  try {
    return job === undefined ? null : planOf(harness, job, finding.seed);
  } catch {
    // The run could not be finished because not even its plan can be drawn, which is what the finding says.
    return null;
  }
}

/** Writes the plans and says where they are. A disk that cannot be written to costs the files, nothing else. */
async function savePlans(
  findings: readonly Finding[],
  planOfFinding: (finding: Finding) => Plan | null,
  folder: string,
  stderr: NodeJS.WriteStream,
): Promise<string[]> {
  const { files, problem } = await writePlans(findings, folder, planOfFinding);
  if (problem !== null) {
    const advice = "the commands above work without them; --reports DIR writes them elsewhere";
    printLines(stderr, [writeProblem(folder, problem, advice)]);
  }
  return files.length === 0
    ? []
    : [visible(`${counted(files.length, "plan")} in ${folder}/ to edit and replay`)];
}

/** The same with what is left of them when they are shrunk: only of what was not expected, which is to be looked at. */
async function savedSmall(
  { process, takeOver }: CliContext,
  harness: Harness,
  findings: readonly Finding[],
  planOfFinding: (finding: Finding) => Plan | null,
  folder: string,
): Promise<string[]> {
  const found = findings.flatMap((finding) => {
    const plan = finding.kind === "violation" && !finding.isExpected ? planOfFinding(finding) : null;
    return plan === null ? [] : [{ finding, plan }];
  });
  const interrupt = catchInterrupt(process, takeOver);
  try {
    return await shrinkFindings(found, folder, harness, interrupt.signal);
  } finally {
    interrupt.release();
  }
}

/** The same with their pages. */
async function savePages(
  harness: Harness,
  findings: readonly Finding[],
  planOfFinding: (finding: Finding) => Plan | null,
  { reports, strict }: RunFlags,
  nodeVersion: string,
  fileOf: (finding: Finding) => string,
  stderr: NodeJS.WriteStream,
): Promise<string[]> {
  const found = findings.flatMap((finding) => {
    const plan = planOfFinding(finding);
    return plan === null ? [] : [{ finding, plan }];
  });
  try {
    const count = await writePages(found, reports, { harness, isStrict: strict, nodeVersion, fileOf });
    return count === 0 ? [] : [visible(`${counted(count, "page")} in ${reports}/ to open in a browser`)];
  } catch (error) {
    printLines(stderr, [writeProblem(reports, error)]);
    return [];
  }
}
