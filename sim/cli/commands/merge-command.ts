import { campaignSummary, renderFindings } from "../../report/campaign/findings.ts";
import { renderCoverage } from "../../report/campaign/coverage.ts";
import { renderGates } from "../../report/campaign/gates.ts";
import { renderKeptPlans } from "../../report/campaign/kept-plans.ts";
import { renderComparison } from "../../report/campaign/comparison.ts";
import { campaignLegend, createCampaignTable } from "../../report/campaign/table.ts";
import { findingCommand } from "../../report/campaign/cases.ts";
import { isFailure } from "../../report/campaign/verdict.ts";
import { visible } from "../../report/visible.ts";
import { compareWith } from "../../search/report/baseline.ts";
import { documentFindings } from "../../search/report/document.ts";
import { DocumentError } from "../../search/report/load-document.ts";
import { mergeDocuments, type NamedDocument } from "../../search/report/merge-documents.ts";
import { countSeeds } from "../../search/job.ts";
import { type CliContext, pageFor, printLines, toAction } from "../context.ts";
import { EXIT, type ExitCode } from "../exit-code.ts";
import type { Output } from "../parse/parse-campaign-flags.ts";
import { UsageError } from "../usage-error.ts";
import { documentIn } from "./document-file.ts";
import { writeOutputs } from "./write-outputs.ts";

export interface MergeFlags {
  readonly output?: readonly Output[];
  readonly baseline?: string;
}

/** Makes one report of those of the shards, and ends as the whole campaign would have. */
async function merge(context: CliContext, flags: MergeFlags, ...files: string[]): Promise<ExitCode> {
  const { stdout, env } = context.process;
  const document = merged(files.map((file) => ({ file, document: documentIn(file) })));
  const comparison = compareWith(document, flags.baseline === undefined ? null : documentIn(flags.baseline));
  const page = pageFor(stdout, env);
  const findings = documentFindings(document);
  const { rows, timings, campaign } = document;
  const table = createCampaignTable(
    {
      scenarios: rows.map(({ scenario }) => scenario),
      policies: rows.map(({ policy }) => policy),
      seedCount: countSeeds(campaign.seeds),
    },
    page,
  );
  printLines(stdout, table.header());
  for (const [index, row] of rows.entries()) {
    const own = findings.filter(({ scenario, policy }) => scenario === row.scenario && policy === row.policy);
    printLines(stdout, table.row(row, { busyMs: timings.busyMs[index] ?? 0 }, own));
  }
  const fileOf = new Map(rows.map(({ scenario, file }) => [scenario, file]));
  const commandOf = (finding: (typeof findings)[number]): string =>
    findingCommand(finding, fileOf.get(finding.scenario) ?? finding.scenario);
  printLines(stdout, ["", ...campaignLegend(!document.isComplete, page)]);
  printLines(stdout, renderCoverage(rows, campaign.seeds, page));
  printLines(stdout, renderGates(rows, true, page));
  printLines(stdout, renderKeptPlans(document.keptPlans, page));
  printLines(stdout, renderFindings(findings, commandOf, page));
  printLines(stdout, renderComparison(comparison, page));
  const report = {
    seeds: campaign.seeds,
    isComplete: document.isComplete,
    stoppedBy: document.stoppedBy,
    rows,
    timings: { ...timings, rows: timings.busyMs.map((busyMs) => ({ busyMs })) },
  };
  printLines(stdout, ["", campaignSummary(report, { ...comparison, keptPlans: document.keptPlans }, page)]);
  const isWritten = await writeOutputs(context, flags.output ?? [], { document, comparison });
  if (isFailure(document, comparison)) return EXIT.violation;
  return isWritten ? EXIT.ok : EXIT.usage;
}

function merged(parts: readonly NamedDocument[]) {
  try {
    return mergeDocuments(parts);
  } catch (error) {
    if (error instanceof DocumentError) throw new UsageError([visible(error.message)]);
    throw error;
  }
}

export default toAction(merge);
