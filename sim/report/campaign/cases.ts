import { gateOf } from "../../check/measures/expectations.ts";
import { isInvariantFile } from "../../run/invariant-file.ts";
import type { Comparison } from "../../search/report/baseline.ts";
import { type CampaignDocument, documentFindings, type DocumentRow } from "../../search/report/document.ts";
import { type FindingGroup, findingIdentity } from "../../search/finding-groups.ts";
import type { Finding } from "../../search/findings.ts";
import { replayCommand, strategyFlag } from "../command-line.ts";

/** One thing that a campaign checked, as build servers count them: a promise of a policy in a scenario. */
export interface Case {
  readonly scenario: string;
  readonly policy: string;
  readonly name: string;
  /** `partial`: nothing was found until the campaign was stopped. */
  readonly status: "passed" | "failed" | "known" | "partial";
  /** Empty when it was not broken; one for each fingerprint, what is new first. */
  readonly findings: readonly Finding[];
  readonly file: string;
}

/** Besides the invariants, what every run has to do. */
const ENDS = "every run ends";
const SAME = "runs are the same twice";

/** Row by row, in the order of the invariants. */
export function casesOf(document: CampaignDocument, { known }: Comparison): Case[] {
  const unexpected = documentFindings(document).filter(({ isExpected }) => !isExpected);
  const knownNames = new Set(known.map(nameOf));
  const isKnown = (finding: Finding): boolean => knownNames.has(nameOf(finding));
  // A shard says nothing of a bound that is about all runs together.
  const isPart = document.campaign.shard !== null;
  return document.rows.flatMap((row) => {
    const own = unexpected.filter(
      ({ scenario, policy }) => scenario === row.scenario && policy === row.policy,
    );
    const caseOf = (name: string, findings: readonly Finding[]): Case => ({
      scenario: row.scenario,
      policy: row.policy,
      name,
      status: statusOf(row, findings, isKnown),
      findings: findings.toSorted((a, b) => Number(isKnown(a)) - Number(isKnown(b))),
      file: row.file,
    });
    const broken = (kind: Finding["kind"], name?: string): Finding[] =>
      own.filter((finding) => finding.kind === kind && (name === undefined || finding.name === name));
    // What was measured only, but counts in a strict campaign.
    const others = new Set(broken("violation").map(({ name }) => name));
    for (const name of row.mustHold) others.delete(name);
    return [
      caseOf(ENDS, broken("error")),
      caseOf(SAME, broken("nondeterminism")),
      ...[...row.mustHold, ...others].map((name) => caseOf(name, broken("violation", name))),
      ...row.tally.gates
        .filter(({ bound }) => !isPart || gateOf(bound).measure.isOfRun === true)
        .map(({ bound }) => caseOf(bound, broken("bound", bound))),
    ];
  });
}

function statusOf(
  row: DocumentRow,
  findings: readonly Finding[],
  isKnown: (finding: Finding) => boolean,
): Case["status"] {
  if (findings.length === 0) return row.isComplete ? "passed" : "partial";
  return findings.every(isKnown) ? "known" : "failed";
}

function nameOf({ scenario, ...finding }: Finding): string {
  return `${scenario} ${findingIdentity({ scenario, ...finding })}`;
}

/** What a build server shows of a case: every finding with the command that shows it. */
export function caseText({ findings, file }: Case): string {
  return findings
    .map((finding) => `${finding.summary}\n${seedsText(finding)}\n${findingCommand(finding, file)}`)
    .join("\n\n");
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

/** The same for a fingerprint: "12 of 200 seeds, first 17" or "31 seeds of 3 scenarios, here first 17" */
export function groupSeedsText({ finding, findings, seedCount }: FindingGroup): string {
  return findings.length === 1
    ? seedsText(finding)
    : `${seedCount} seeds of ${findings.length} scenarios, here first ${finding.seed}`;
}

/** "12 of 200 seeds, first 17"; of a bound it is the worst that is named */
export function seedsText({ seedCount, seedsRun, seed, kind }: Finding): string {
  return `${seedCount} of ${seedsRun} seeds, ${kind === "bound" ? "worst" : "first"} ${seed}`;
}
