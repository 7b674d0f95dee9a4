/**
 * A finished campaign, or a part of one, as data: what is written to a file, merged with the other parts, compared
 * with an earlier one, and rendered in every form that a build server reads. Plain JSON.
 */
import { createHash } from "node:crypto";
import type { CampaignReport, StoppedBy } from "../campaign.ts";
import { type Expectation, type Finding, rowFindings } from "../findings.ts";
import { findPolicy } from "../harness.ts";
import type { Job, SeedRange, Shard } from "../job.ts";
import type { System } from "../../run/system.ts";
import { reachableIn } from "../reachable.ts";
import type { CampaignRow } from "../ledger.ts";

export const DOCUMENT_KIND = "cache-sim campaign";
export const DOCUMENT_VERSION = 1;

export interface CampaignDocument {
  readonly kind: typeof DOCUMENT_KIND;
  readonly version: typeof DOCUMENT_VERSION;
  readonly campaign: {
    /** Equal for campaigns that run the same scenarios under the same policies with the same seeds. */
    readonly identity: string;
    readonly seeds: SeedRange;
    readonly isStrict: boolean;
    /** Which part of the campaign this is; null for the whole. */
    readonly shard: Shard | null;
  };
  readonly isComplete: boolean;
  readonly stoppedBy: StoppedBy | null;
  readonly regressions: RegressionCounts;
  /** Those of the regressions and of the corpus that fail the campaign. */
  readonly keptPlans: readonly KeptPlan[];
  readonly rows: readonly DocumentRow[];
  /** For programs to read: made from the rows whenever a document is written. */
  readonly findings?: readonly ListedFinding[];
  /** Everything that depends on the machine and its load. */
  readonly timings: {
    readonly workers: number;
    readonly elapsedMs: number;
    readonly busyMs: readonly number[];
  };
}

export interface DocumentRow extends CampaignRow {
  /** The file of the scenario, as commands name it. */
  readonly file: string;
  /** The invariants that a failure is made of when they are broken; the others are measured. */
  readonly mustHold: readonly string[];
  /** What the runs could exercise, as the features of `Behaviour`. */
  readonly reachable: readonly string[];
}

/** A failure by its fingerprint, in however many seeds and scenarios. */
export interface ListedFinding {
  readonly id: string;
  readonly kind: Finding["kind"];
  readonly name: string;
  readonly policy: string;
  readonly shape: readonly string[] | null;
  readonly seedCount: number;
  readonly scenarios: readonly string[];
  /** The one to look at, with its lowest seed. */
  readonly scenario: string;
  readonly seed: number;
  readonly summary: string;
  readonly isKnown: boolean;
  /** The command that shows it. */
  readonly replay: string;
}

export interface RegressionCounts {
  readonly replayed: number;
  /** Names of those that did not end as they have to. */
  readonly wrong: readonly string[];
}

/** A plan of an earlier failure, replayed before anything else, that did not end as it has to. */
export interface KeptPlan {
  readonly from: "regressions" | "corpus";
  /** As commands name it. */
  readonly file: string;
  readonly summary: string;
}

/** A job, and the file of its scenario. */
export interface NamedJob extends Job {
  readonly file: string;
}

export interface DocumentOptions {
  readonly jobs: readonly NamedJob[];
  readonly isStrict: boolean;
  readonly shard: Shard | null;
  readonly regressions: RegressionCounts;
  readonly keptPlans: readonly KeptPlan[];
  /** The names of all invariants that were checked. */
  readonly invariants: readonly string[];
  readonly isExpected: Expectation;
  readonly systems: readonly System[];
}

export function documentOf(report: CampaignReport, options: DocumentOptions): CampaignDocument {
  const { jobs, isStrict, shard, regressions, keptPlans, invariants, isExpected } = options;
  const fileOf = new Map(jobs.map(({ scenario, file }) => [scenario.name, file]));
  const reachableOf = ({ scenario, policy }: CampaignRow): string[] => {
    const job = jobs.find((each) => each.scenario.name === scenario && each.policy === policy);
    const found = findPolicy(options.systems, policy);
    return job === undefined || found === undefined ? [] : reachableIn(job, found);
  };
  return {
    kind: DOCUMENT_KIND,
    version: DOCUMENT_VERSION,
    campaign: { identity: identityOf(jobs, report.seeds, isStrict), seeds: report.seeds, isStrict, shard },
    isComplete: report.isComplete,
    stoppedBy: report.stoppedBy,
    regressions,
    keptPlans,
    rows: report.rows.map((row) => ({
      ...row,
      file: fileOf.get(row.scenario) ?? row.scenario,
      reachable: reachableOf(row),
      mustHold: invariants.filter((name) => !isExpected(row.policy, name, row.replication)),
    })),
    timings: {
      workers: report.timings.workers,
      elapsedMs: report.timings.elapsedMs,
      busyMs: report.timings.rows.map(({ busyMs }) => busyMs),
    },
  };
}

/** The findings of all rows, each expected or not as the row says. */
export function documentFindings({ rows, campaign }: CampaignDocument): Finding[] {
  const scope = campaign.shard === null ? "whole" : "runs";
  return rows.flatMap((row) => rowFindings(row, expectationIn(row, campaign.isStrict), scope));
}

export function expectationIn({ mustHold }: DocumentRow, isStrict: boolean): Expectation {
  return (_policy, invariant, _replication, hasPromiseEnded = false) =>
    !isStrict && (hasPromiseEnded || !mustHold.includes(invariant));
}

function identityOf(jobs: readonly NamedJob[], seeds: SeedRange, isStrict: boolean): string {
  const plain = jobs.map(({ scenario, policy }) => ({ scenario, policy }));
  return createHash("sha256")
    .update(JSON.stringify({ jobs: plain, seeds, isStrict }))
    .digest("hex")
    .slice(0, 32);
}
