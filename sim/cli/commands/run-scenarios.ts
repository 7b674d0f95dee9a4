import { existsSync, statSync } from "node:fs";
import { campaignSummary, renderFindings } from "../../report/campaign-findings.ts";
import { renderRecoveries, renderUnseen } from "../../report/campaign-recovery.ts";
import { campaignLegend, type CampaignTable, createCampaignTable } from "../../report/campaign-table.ts";
import { reportDocument } from "../../report/outputs/report-document.ts";
import type { RegressionRow } from "../../report/regressions-report.ts";
import { replayCommand } from "../../report/command-line.ts";
import { counted } from "../../report/units.ts";
import { visible } from "../../report/visible.ts";
import { type CampaignReport, runCampaign } from "../../search/campaign.ts";
import { expectationOf, type Finding, findingsOf, rowFindings, verdictOf } from "../../search/findings.ts";
import { findPolicy, type Harness, planOf } from "../../search/harness.ts";
import { countSeeds, type SeedRange } from "../../search/job.ts";
import type { TimedRow } from "../../search/ledger.ts";
import type { Executor } from "../../search/executor.ts";
import { writePlans } from "../../search/plan-files.ts";
import type { Plan } from "../../run/plan.ts";
import { campaignJobs, type FileJob } from "./campaign-jobs.ts";
import { type CliContext, pageFor, printLines } from "../context.ts";
import { EXIT, type ExitCode } from "../exit-code.ts";
import { catchInterrupt } from "../interrupt.ts";
import { UsageError } from "../usage-error.ts";
import { createProgress } from "../progress.ts";
import type { RunFlags } from "./run-command.ts";
import { type CampaignLimits, campaignLimits, chosenJobs, isFirstShard } from "./run-limits.ts";
import { type LoadedRegression, loadRegressions, runRegressions } from "./run-regressions.ts";
import { regressionFolder, scenarioFiles } from "../scenario-files.ts";
import { shrinkFindings } from "./shrink-findings.ts";
import { readVersion } from "../version.ts";
import { systemsModule } from "../systems-module.ts";
import { harnessFor } from "../user-policies.ts";
import { writeOutputs } from "./write-outputs.ts";
import { writePages } from "./write-pages.ts";
import { writeProblem } from "../write-problem.ts";

/** Runs scenarios under policies with many seeds, and prints what broke. */
export async function runScenarios(
  context: CliContext,
  flags: RunFlags,
  executor: Executor,
  words: readonly string[],
): Promise<ExitCode> {
  const { process } = context;
  const { stdout, stderr } = process;
  const jobs = chosenJobs(
    campaignJobs(scenarioFiles(words, process.cwd()), flags.policy ?? [], process.cwd()),
    flags,
  );
  const limits = campaignLimits(flags);
  const harness = await harnessFor(jobs.map(({ policy }) => policy));
  requireFolder(flags.reports);
  // Those belong to the whole campaign, so one shard has them.
  const regressions = isFirstShard(flags) ? await loadRegressions(regressionFolder(process.cwd())) : [];
  const toolVersion = await readVersion();
  const page = pageFor(stdout, process.env);
  const isExpected = expectationOf(harness, flags.strict);
  const table = createCampaignTable(tableShape(jobs, limits.seeds), page);
  const printRow = (...[row, timing]: TimedRow): void =>
    printLines(stdout, table.row(row, timing, rowFindings(row, isExpected)));

  const { report, exitCode, regressionRows } = await campaign(
    context,
    limits,
    jobs,
    regressions,
    executor,
    table,
    printRow,
  );

  const findings = findingsOf(report, isExpected);
  const fileOf = new Map(jobs.map(({ scenario, file }) => [scenario.name, file]));
  const commandOf = ({ scenario, policy, seed, kind }: Finding): string =>
    replayCommand(
      fileOf.get(scenario) ?? scenario,
      policy,
      seed,
      kind === "nondeterminism" ? ["--twice"] : [],
    );
  printLines(stdout, ["", ...campaignLegend(!report.isComplete, page)]);
  printLines(stdout, renderRecoveries(report.rows, page));
  if (report.isComplete) printLines(stdout, renderUnseen(probesOf(harness, jobs), report.rows, page));
  printLines(stdout, renderFindings(findings, commandOf, page));
  const planOfFinding = (finding: Finding): Plan | null => findingPlan(harness, finding, jobs);
  const plansLine = [
    ...(await savePlans(findings, planOfFinding, flags.reports, stderr)),
    ...(flags.html
      ? await savePages(
          harness,
          findings,
          planOfFinding,
          flags,
          process.version,
          (finding) => {
            return fileOf.get(finding.scenario) ?? finding.scenario;
          },
          stderr,
        )
      : []),
  ];
  const shrunkLines = flags.shrink
    ? await savedSmall(context, harness, findings, planOfFinding, flags.reports)
    : [];
  printLines(stdout, ["", ...plansLine, ...shrunkLines, campaignSummary(report, findings, page)]);
  const isWritten = await writeOutputs(context, flags.output ?? [], () =>
    reportDocument({
      report,
      jobs,
      harness,
      toolVersion,
      seeds: flags.seeds,
      shard: flags.shard ?? null,
      isStrict: flags.strict,
      failuresMax: limits.failuresMax ?? null,
      regressions: regressionRows.map(({ name, command, result }) => {
        const { isAsExpected, summary } = result;
        return { name, isAsExpected, summary, replay: command };
      }),
    }),
  );
  const hasFailed =
    verdictOf(findings) === "failed" || regressionRows.some(({ result }) => !result.isAsExpected);
  return exitCode ?? (hasFailed ? EXIT.violation : isWritten ? EXIT.ok : EXIT.usage);
}

/** The probes of all systems that the jobs run. */
function probesOf({ systems }: Harness, jobs: readonly FileJob[]): string[] {
  const used = new Set(jobs.map(({ policy }) => findPolicy(systems, policy)?.system));
  return [...used].flatMap((system) => Object.keys(system?.hooks?.probes ?? {}));
}

/** What cannot become a folder is told before anything is run. */
function requireFolder(path: string): void {
  if (!existsSync(path) || statSync(path).isDirectory()) return;
  throw new UsageError([visible(`--reports ${path}: expected a folder, and this is a file`)]);
}

/** Replays the regressions, then runs the campaign, the table growing row by row as it goes. */
async function campaign(
  context: CliContext,
  limits: CampaignLimits,
  jobs: readonly FileJob[],
  regressions: readonly LoadedRegression[],
  executor: Executor,
  table: CampaignTable,
  printRow: (...row: TimedRow) => void,
): Promise<{ report: CampaignReport; exitCode: ExitCode | null; regressionRows: readonly RegressionRow[] }> {
  const { process, takeOver } = context;
  const progress = createProgress(process.stderr);
  const interrupt = catchInterrupt(process, takeOver);
  let rowsPrinted = 0;
  try {
    const regressionRows = await runRegressions(context, regressions, interrupt.signal);
    printLines(process.stdout, table.header());
    const report = await runCampaign({
      ...limits,
      jobs,
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
    return { report, exitCode: interrupt.exitCode, regressionRows };
  } finally {
    progress.clear();
    interrupt.release();
  }
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
