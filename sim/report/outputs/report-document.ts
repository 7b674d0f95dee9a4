import { createHash } from "node:crypto";
import type { Scenario } from "../../run/scenario/scenario.ts";
import type { CampaignReport } from "../../search/campaign.ts";
import { expectationOf, type Finding, rowFindings, verdictOf } from "../../search/findings.ts";
import type { Harness } from "../../search/harness.ts";
import type { Job, SeedRange } from "../../search/job.ts";
import type { Shard } from "../../search/shard.ts";
import { replayCommand } from "../command-line.ts";
import {
  REPORT_FORMAT,
  REPORT_VERSION,
  type ReportDocument,
  type ReportFinding,
  type ReportRegression,
  type ReportRow,
  reportSchema,
} from "./report-schema.ts";
import { fromReportTally, toReportTally } from "./report-tally.ts";

export interface ReportInput {
  readonly report: CampaignReport;
  readonly jobs: readonly (Job & { readonly file: string })[];
  readonly harness: Harness;
  readonly toolVersion: string;
  /** All seeds of the campaign, those of other shards included. */
  readonly seeds: SeedRange;
  readonly shard: Shard | null;
  readonly isStrict: boolean;
  readonly failuresMax: number | null;
  readonly regressions: readonly ReportRegression[];
}

/** The report of a campaign as data for a file. */
export function reportDocument(input: ReportInput): ReportDocument {
  const { report, jobs, harness, toolVersion, seeds, shard, isStrict, failuresMax, regressions } = input;
  const isExpected = expectationOf(harness, false);
  const digests = new Map(jobs.map(({ scenario }) => [scenario, digestOf(scenario)]));
  const rows = report.rows.map(({ scenario, policy, replication, tally, isComplete }): ReportRow => {
    const job = jobs.find((each) => each.scenario.name === scenario && each.policy === policy);
    const checked = job?.scenario.invariants ?? harness.invariants.map(({ name }) => name);
    const promises = checked.filter((name) => !isExpected(policy, name, replication));
    return {
      scenario,
      file: job?.file ?? scenario,
      digest: (job && digests.get(job.scenario)) ?? "",
      policy,
      replication,
      promises,
      verdict: "clean",
      isComplete,
      tally: toReportTally(tally),
    };
  });
  return judged({
    format: REPORT_FORMAT,
    version: REPORT_VERSION,
    tool: { name: "cache-sim", version: toolVersion },
    campaign: {
      seeds: { ...seeds },
      shard: shard === null ? null : { ...shard },
      isStrict,
      failuresMax,
      jobs: jobs.map(({ scenario, policy }) => ({
        scenario: scenario.name,
        digest: digests.get(scenario) ?? "",
        policy,
      })),
    },
    isComplete: report.isComplete,
    stoppedBy: report.stoppedBy,
    rows,
    regressions: [...regressions],
    timings: {
      workers: report.timings.workers,
      elapsedMs: report.timings.elapsedMs,
      rows: report.timings.rows.map(({ busyMs }) => ({ busyMs })),
    },
  });
}

/** A report without what follows from the rest of it. */
export type UnjudgedReport = Omit<ReportDocument, "findings" | "verdict">;

/** With the findings and verdicts that follow from rows and promises, which is all that they depend on. */
export function judged(report: UnjudgedReport): ReportDocument {
  const findings: ReportFinding[] = [];
  const rows = report.rows.map((row): ReportRow => {
    const found = findingsOfRow(row, report.campaign.isStrict);
    findings.push(...found.map((finding) => reportFinding(row, finding)));
    return { ...row, verdict: verdictOf(found) };
  });
  const { format, version, tool, campaign, isComplete, stoppedBy, regressions, timings } = report;
  const hasFailed =
    rows.some(({ verdict }) => verdict === "failed") || regressions.some(({ isAsExpected }) => !isAsExpected);
  // Spelled out, since the order of names is the order in the file.
  return {
    format,
    version,
    tool,
    campaign,
    verdict: hasFailed ? "failed" : "passed",
    isComplete,
    stoppedBy,
    rows,
    findings,
    regressions,
    timings,
  };
}

function findingsOfRow({ tally, promises, ...row }: ReportRow, isStrict: boolean): Finding[] {
  return rowFindings(
    { ...row, tally: fromReportTally(tally) },
    (_policy, invariant, _replication, hasEnded) =>
      !isStrict && (hasEnded === true || !promises.includes(invariant)),
  );
}

function reportFinding({ file }: ReportRow, finding: Finding): ReportFinding {
  const { scenario, policy, kind, name, isExpected, seedCount, seedsRun, seed, summary } = finding;
  const flags = kind === "nondeterminism" ? ["--twice"] : [];
  const replay = replayCommand(file, policy, seed, flags);
  return {
    scenario,
    file,
    policy,
    kind,
    name,
    isExpected,
    isKnown: false,
    seedCount,
    seedsRun,
    seed,
    summary,
    replay,
  };
}

function digestOf(scenario: Scenario): string {
  return createHash("sha256").update(JSON.stringify(scenario)).digest("hex").slice(0, 16);
}

/** The report as the text of a file. The schema has the last word on it, and on the order of names. */
export function reportJson(report: ReportDocument): string {
  return `${JSON.stringify(reportSchema.parse(report), null, 1)}\n`;
}
