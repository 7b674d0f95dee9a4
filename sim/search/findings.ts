import { clocksBeyondSkew } from "../run/clock-band.ts";
import type { Violation } from "../run/invariant.ts";
import { LOSSY_NETWORK, steadyLoss } from "../run/loss-budget.ts";
import type { Plan } from "../run/plan.ts";
import type { Divergence } from "../trace/divergence.ts";
import type { CampaignReport } from "./campaign.ts";
import { crossedGates, type GateScope } from "./gates/gate-findings.ts";
import { findPolicy, type Harness, promisesFor } from "./harness.ts";
import type { CampaignRow } from "./ledger.ts";
import type { Problem } from "./tally.ts";

/**
 * - `violation`: an invariant was broken.
 * - `bound`: a bound of the scenario was crossed.
 * - `error`: a run could not be finished.
 * - `nondeterminism`: a run was not the same the second time.
 */
export const FINDING_KINDS = ["violation", "bound", "error", "nondeterminism"] as const;

/** One distinct problem of a campaign, with the lowest seed that shows it. */
export interface Finding {
  readonly scenario: string;
  readonly policy: string;
  /** The strategy that was asked for, if one was. */
  readonly strategy?: string | undefined;
  readonly kind: (typeof FINDING_KINDS)[number];
  /** The invariant, the bound, or the kind of the error. */
  readonly name: string;
  /** The rest of its fingerprint; null where none was taken, as of what was expected. */
  readonly shape: readonly string[] | null;
  /** How many seeds show it, of how many that were run. */
  readonly seedCount: number;
  readonly seedsRun: number;
  readonly seed: number;
  /** In one sentence. */
  readonly summary: string;
  readonly violation: Violation | null;
  /** The first event that was not the same the second time, where it is known. */
  readonly divergence: Divergence | null;
  /** Whether it is a measurement only: the policy does not promise the invariant, or not in these runs. */
  readonly isExpected: boolean;
}

export type Verdict = "clean" | "expected" | "failed";

/** Says of each invariant whether a policy may break it without failing the campaign. */
export type Expectation = (
  policy: string,
  invariant: string,
  replication: number,
  hasPromiseEnded?: boolean,
) => boolean;

/** @param isStrict nothing is expected: every violation is a failure */
export function expectationOf({ systems, invariants }: Harness, isStrict: boolean): Expectation {
  const unconditional = new Set(
    invariants.filter(({ isUnconditional }) => isUnconditional).map(({ name }) => name),
  );
  return (policy, invariant, replication, hasPromiseEnded = false) => {
    if (hasPromiseEnded) return !isStrict;
    const promises = promisesFor(systems, policy, replication);
    return !isStrict && !promises.includes(invariant) && !unconditional.has(invariant);
  };
}

/**
 * Why a violation of this plan is expected, to be read after "expected: "; null when it is a failure. A plan made by
 * hand may have clocks that are further apart than it says: then nobody owes what depends on them.
 */
export function reasonOf(
  harness: Harness,
  plan: Plan,
  isStrict: boolean,
): (violation: Violation) => string | null {
  const isExpected = expectationOf(harness, isStrict);
  const beyondSkew = isStrict ? null : clocksBeyondSkew(plan);
  return ({ invariant, endedBy }) => {
    if (isExpected(plan.policy, invariant, plan.cluster.replication, endedBy !== undefined)) {
      if (endedBy === undefined) return "the policy does not promise this";
      return endedBy === LOSSY_NETWORK
        ? lossText(harness, plan)
        : `the policy promises this until "${endedBy}", and that happened`;
    }
    return harness.invariants.find(({ name }) => name === invariant)?.dependsOnClocks ? beyondSkew : null;
  };
}

function lossText({ systems }: Harness, plan: Plan): string {
  const { lossMax = 1 } = findPolicy(systems, plan.policy)?.card.faultBudget ?? {};
  const percent = (share: number): string => `${Number((share * 100).toPrecision(3))} %`;
  return `the policy promises this where at most ${percent(lossMax)} of messages are lost for good, and here it is ${percent(steadyLoss(plan))}`;
}

/** The distinct problems of a campaign, row by row: errors first, then violations by invariant, then bounds. */
export function findingsOf(report: CampaignReport, isExpected: Expectation): Finding[] {
  return report.rows.flatMap((row) => rowFindings(row, isExpected));
}

/** @param scope whether the row has all seeds of the campaign, if it is complete: bounds over all runs need them */
export function rowFindings(row: CampaignRow, isExpected: Expectation, scope: GateScope = "runs"): Finding[] {
  const { scenario, policy, replication, strategy, tally } = row;
  const finding = (
    kind: Finding["kind"],
    { name, shape, seedCount, seed }: Problem<unknown>,
    summary: string,
    { violation = null, divergence = null }: Partial<Pick<Finding, "violation" | "divergence">> = {},
    hasPromiseEnded = false,
  ): Finding => ({
    scenario,
    policy,
    ...(strategy !== undefined && { strategy }),
    kind,
    name,
    shape: shape ?? null,
    seedCount,
    seedsRun: kind === "nondeterminism" ? tally.rerunCount : tally.seedCount,
    seed,
    summary,
    violation,
    divergence,
    isExpected: kind === "violation" && isExpected(policy, name, replication, hasPromiseEnded),
  });
  return [
    ...tally.errors.map((problem) => finding("error", problem, problem.example)),
    ...tally.mismatches.map((problem) =>
      finding("nondeterminism", problem, problem.example.summary, { divergence: problem.example.divergence }),
    ),
    ...tally.violations.map((problem) =>
      finding("violation", problem, problem.example.summary, { violation: problem.example }),
    ),
    ...tally.excused.map((problem) =>
      finding("violation", problem, problem.example.summary, { violation: problem.example }, true),
    ),
    ...crossedGates(tally.gates, row.isComplete ? scope : "runs").map((problem) =>
      finding("bound", problem, problem.example),
    ),
  ];
}

export function verdictOf(findings: readonly Finding[]): Verdict {
  if (findings.length === 0) return "clean";
  return findings.every(({ isExpected }) => isExpected) ? "expected" : "failed";
}
