import { existsSync, statSync } from "node:fs";
import { basename } from "node:path";
import { findingCommand } from "../../report/campaign/cases.ts";
import { renderComparison } from "../../report/campaign/comparison.ts";
import { renderCoverage } from "../../report/campaign/coverage.ts";
import { campaignSummary, renderFindings } from "../../report/campaign/findings.ts";
import { renderGates } from "../../report/campaign/gates.ts";
import { renderRecoveries } from "../../report/campaign/recovery.ts";
import { campaignLegend, createCampaignTable } from "../../report/campaign/table.ts";
import { isFailure } from "../../report/campaign/verdict.ts";
import type { Page } from "../../report/page.ts";
import { visible } from "../../report/visible.ts";
import type { Executor } from "../../search/executor.ts";
import { expectationOf, type Finding, rowFindings } from "../../search/findings.ts";
import { countSeeds, type SeedRange, seedsOfShard } from "../../search/job.ts";
import { compareWith } from "../../search/report/baseline.ts";
import { documentFindings, documentOf } from "../../search/report/document.ts";
import { type CliContext, pageFor, printLines } from "../context.ts";
import { EXIT, type ExitCode } from "../exit-code.ts";
import { requireInvariantFiles } from "../require-invariant.ts";
import { regressionFolder, scenarioFiles } from "../scenario-files.ts";
import { UsageError } from "../usage-error.ts";
import { harnessFor, systemPolicies } from "../user-policies.ts";
import { createRecordings } from "../recordings.ts";
import { campaignJobs, type FileJob } from "./campaign-jobs.ts";
import { addToCorpus } from "./corpus.ts";
import { documentIn } from "./document-file.ts";
import { printedCampaign } from "./printed-campaign.ts";
import type { RunFlags } from "./run-command.ts";
import { loadRegressions } from "./run-regressions.ts";
import { findingPlans, plansOfFailures, saveFindings } from "./save-findings.ts";
import { writeOutputs } from "./write-outputs.ts";

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
  const recordings = createRecordings();
  const jobs: FileJob[] = [];
  for (const job of campaignJobs(scenarioFiles(words, cwd), policies, cwd, flags.tag)) {
    const scenario = await recordings.complete(job.scenario, job.file);
    const { strategy } = flags;
    jobs.push({
      ...job,
      scenario: strategy === undefined ? scenario : { ...scenario, strategy },
      ...(strategy !== undefined && { strategy }),
      invariantFiles,
    });
  }
  printLines(stderr, recordings.remarks());
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

  const ran = await printedCampaign(context, flags, {
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
    regressions: {
      replayed: regressions.length,
      wrong: ran.wrong.map(({ file }) => basename(file, ".json")),
    },
    keptPlans: [
      ...ran.wrong,
      ...ran.corpus.map(({ file, summary }) => ({ from: "corpus" as const, file, summary })),
    ],
    invariants: harness.invariants.map(({ name }) => name),
    isExpected,
    systems: harness.systems,
  });
  const comparison = compareWith(document, baseline);
  const findings = documentFindings(document);
  const plans = findingPlans(harness, jobs, findings);
  printLines(stdout, ["", ...campaignLegend(!ran.report.isComplete, page)]);
  printLines(stdout, renderRecoveries(ran.report.rows, page));
  printLines(stdout, renderGates(ran.report.rows, isWhole, page));
  printLines(stdout, renderCoverage(document.rows, ran.report.seeds, page));
  const commandOf = (finding: Finding): string =>
    findingCommand(finding, plans.fileOf(finding), invariantFiles);
  printLines(stdout, renderFindings(findings, commandOf, page));
  printLines(stdout, renderComparison(comparison, page));
  const saved = await saveFindings(context, plans, flags);
  printLines(stdout, [
    "",
    ...saved,
    campaignSummary(ran.report, { ...comparison, keptPlans: document.keptPlans }, page),
  ]);
  if (flags.corpus !== undefined) {
    const problem = await addToCorpus(flags.corpus, plansOfFailures(plans), ran.corpus);
    if (problem !== null) printLines(stderr, [problem]);
  }
  const isWritten = await writeOutputs(context, flags.output ?? [], { document, comparison });
  if (ran.exitCode !== null) return ran.exitCode;
  if (isFailure(document, comparison)) return EXIT.violation;
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

function tableShape(jobs: readonly FileJob[], seeds: SeedRange) {
  return {
    scenarios: jobs.map(({ scenario }) => scenario.name),
    policies: jobs.map(({ policy }) => policy),
    seedCount: countSeeds(seeds),
  };
}
