import { gateOf } from "../../check/measures/expectations.ts";
import { isInvariantFile } from "../../run/invariant-file.ts";
import type { Comparison } from "../../search/report/baseline.ts";
import { type CampaignDocument, documentFindings, type DocumentRow } from "../../search/report/document.ts";
import type { Finding } from "../../search/findings.ts";
import { replayCommand, strategyFlag } from "../command-line.ts";

/** One thing that a campaign checked, as build servers count them: a promise of a policy in a scenario. */
export interface Case {
  readonly scenario: string;
  readonly policy: string;
  readonly name: string;
  /** `partial`: nothing was found until the campaign was stopped. */
  readonly status: "passed" | "failed" | "known" | "partial";
  /** Null when it was not broken. */
  readonly finding: Finding | null;
  readonly file: string;
}

/** Besides the invariants, what every run has to do. */
const ENDS = "every run ends";
const SAME = "runs are the same twice";

/** Row by row, in the order of the invariants. */
export function casesOf(document: CampaignDocument, { known }: Comparison): Case[] {
  const findings = documentFindings(document).filter(({ isExpected }) => !isExpected);
  const isKnown = new Set(known.map(nameOf));
  // A shard says nothing of a bound that is about all runs together.
  const isPart = document.campaign.shard !== null;
  return document.rows.flatMap((row) => {
    const own = findings.filter(({ scenario, policy }) => scenario === row.scenario && policy === row.policy);
    const caseOf = (name: string, finding: Finding | undefined): Case => ({
      scenario: row.scenario,
      policy: row.policy,
      name,
      status: statusOf(row, finding, isKnown),
      finding: finding ?? null,
      file: row.file,
    });
    const broken = (kind: Finding["kind"], name?: string): Finding | undefined =>
      own.find((finding) => finding.kind === kind && (name === undefined || finding.name === name));
    return [
      caseOf(ENDS, broken("error")),
      caseOf(SAME, broken("nondeterminism")),
      ...row.mustHold.map((name) => caseOf(name, broken("violation", name))),
      ...row.tally.gates
        .filter(({ bound }) => !isPart || gateOf(bound).measure.isOfRun === true)
        .map(({ bound }) => caseOf(bound, broken("bound", bound))),
      // What was measured only, but counts in a strict campaign.
      ...own
        .filter(({ kind, name }) => kind === "violation" && !row.mustHold.includes(name))
        .map((finding) => caseOf(finding.name, finding)),
    ];
  });
}

function statusOf(
  row: DocumentRow,
  finding: Finding | undefined,
  isKnown: ReadonlySet<string>,
): Case["status"] {
  if (finding === undefined) return row.isComplete ? "passed" : "partial";
  return isKnown.has(nameOf(finding)) ? "known" : "failed";
}

function nameOf({ scenario, policy, kind, name }: Finding): string {
  return JSON.stringify([scenario, policy, kind, name]);
}

/** The command that shows a finding again. */
export function findingCommand(
  { policy, strategy, seed, kind, name }: Finding,
  file: string,
  invariantFiles: readonly string[] = isInvariantFile(name) ? [name] : [],
): string {
  const invariants = invariantFiles.flatMap((each) => ["--invariant", each]);
  return replayCommand(file, policy, seed, [
    ...strategyFlag(strategy),
    ...invariants,
    ...(kind === "nondeterminism" ? ["--twice"] : []),
  ]);
}

/** "12 of 200 seeds, first 17"; of a bound it is the worst that is named */
export function seedsText({ seedCount, seedsRun, seed, kind }: Finding): string {
  return `${seedCount} of ${seedsRun} seeds, ${kind === "bound" ? "worst" : "first"} ${seed}`;
}
