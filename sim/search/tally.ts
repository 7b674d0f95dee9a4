import type { Gate } from "../check/measures/expectations.ts";
import type { Violation } from "../run/invariant.ts";
import type { Outcome } from "../run/outcome.ts";
import { type BehaviourTally, mergeBehaviours, noBehaviour, tallyBehaviour } from "./behaviour-tally.ts";
import { type GateTally, mergeGates, tallyGates } from "./gates/gate-tally.ts";
import { mergeRecoveries, type RecoveryTally, tallyRecovery } from "./recovery-tally.ts";
import { fingerprintOf, namelessText } from "./fingerprint.ts";
import type { Mismatch } from "./twice.ts";

/**
 * What many seeds of one job gave, in a few numbers and examples: its size does not depend on how many seeds
 * it stands for. Merging is associative and commutative, and all numbers are whole, so a tally is the same to
 * the last byte however the seeds were spread over batches, workers and machines.
 */
export interface Tally {
  /** Seeds that were run, those with errors included. */
  readonly seedCount: number;
  /** Seeds that broke at least one invariant. */
  readonly violatingSeedCount: number;
  readonly operations: OperationCounts;
  readonly eventCount: number;
  readonly virtualUs: number;
  /** Names of the probes that fired in any run, sorted. */
  readonly probes: readonly string[];
  /** What was exercised, and by which seed first. */
  readonly behaviour: BehaviourTally;
  /** By kind of fault. */
  readonly recoveries: readonly RecoveryTally[];
  /** By bound of the scenario that is about the policy, in their order. */
  readonly gates: readonly GateTally[];
  /**
   * By invariant, and where it is a failure by its fingerprint as well. The first violation of an invariant in a run
   * counts. The example is that of the lowest seed.
   */
  readonly violations: readonly Problem<Violation>[];
  /** The same, of runs in which the policy's promise had ended: see `endedPromises`. */
  readonly excused: readonly Problem<Violation>[];
  /** Runs that could not be finished, by the kind of the error and its message less names and numbers. */
  readonly errors: readonly Problem<string>[];
  /** Seeds that were run twice. */
  readonly rerunCount: number;
  /** Runs that were not the same the second time; at most one entry. */
  readonly mismatches: readonly Problem<Mismatch>[];
}

export interface OperationCounts {
  readonly total: number;
  readonly ok: number;
  readonly fail: number;
  readonly indeterminate: number;
}

/** One kind of problem: in how many seeds it was met, and how it looked in the lowest of them. */
export interface Problem<Example> {
  readonly name: string;
  /** The rest of the fingerprint of a failure. Shrinking keeps it, so it tells failures apart before they are shrunk. */
  readonly shape?: readonly string[];
  readonly seedCount: number;
  readonly seed: number;
  readonly example: Example;
}

/** Kinds of problem kept of each sort: the first by name and shape. A system may throw errors of any number of names. */
const PROBLEMS_MAX = 100;

/** Characters kept of an error: build servers give up on a report with very long texts. */
const MESSAGE_MAX = 10_000;

export const emptyTally: Tally = {
  seedCount: 0,
  violatingSeedCount: 0,
  operations: { total: 0, ok: 0, fail: 0, indeterminate: 0 },
  eventCount: 0,
  virtualUs: 0,
  probes: [],
  behaviour: noBehaviour,
  recoveries: [],
  gates: [],
  violations: [],
  excused: [],
  errors: [],
  rerunCount: 0,
  mismatches: [],
};

/**
 * @param isFailure tells what is broken but was promised, whose fingerprint is of interest
 * @param gates the bounds that the scenario has for the policy
 */
export function tallyOutcome(
  seed: number,
  outcome: Outcome,
  isFailure: (violation: Violation) => boolean = () => false,
  gates: readonly Gate[] = [],
): Tally {
  const { statistics, violations, plan, record } = outcome;
  const shapeOf = (violation: Violation): readonly string[] | undefined =>
    isFailure(violation) ? fingerprintOf(plan.policy, violation, record.history).shape : undefined;
  return {
    ...emptyTally,
    seedCount: 1,
    violatingSeedCount: violations.length > 0 ? 1 : 0,
    operations: { ...statistics.operations },
    eventCount: statistics.eventCount,
    virtualUs: Math.round(statistics.virtualMs * 1000),
    probes: statistics.probes,
    behaviour: tallyBehaviour(seed, outcome.behaviour),
    recoveries: tallyRecovery(outcome),
    gates: tallyGates(seed, outcome, gates),
    violations: problemsOf(
      seed,
      violations.filter(({ endedBy }) => endedBy === undefined),
      shapeOf,
    ),
    excused: problemsOf(
      seed,
      violations.filter(({ endedBy }) => endedBy !== undefined),
      shapeOf,
    ),
  };
}

function problemsOf(
  seed: number,
  violations: readonly Violation[],
  shapeOf: (violation: Violation) => readonly string[] | undefined,
): Problem<Violation>[] {
  const firstByInvariant = new Map<string, Violation>();
  for (const violation of violations) {
    if (!firstByInvariant.has(violation.invariant)) firstByInvariant.set(violation.invariant, violation);
  }
  return [...firstByInvariant]
    .map(([name, example]): Problem<Violation> => {
      const shape = shapeOf(example);
      return { name, ...(shape !== undefined && { shape }), seedCount: 1, seed, example };
    })
    .sort(byIdentity);
}

export function tallyError(seed: number, name: string, message: string): Tally {
  const shape = [namelessText(message)];
  const example = message.length > MESSAGE_MAX ? `${message.slice(0, MESSAGE_MAX)}…` : message;
  return { ...emptyTally, seedCount: 1, errors: [{ name, shape, seedCount: 1, seed, example }] };
}

/** A second run of a seed that is counted already; `mismatch` says what was different, if anything was. */
export function tallyRerun(seed: number, mismatch: Mismatch | null): Tally {
  const mismatches =
    mismatch === null ? [] : [{ name: "nondeterminism", seedCount: 1, seed, example: mismatch }];
  return { ...emptyTally, rerunCount: 1, mismatches };
}

export function mergeTallies(a: Tally, b: Tally): Tally {
  return {
    seedCount: a.seedCount + b.seedCount,
    violatingSeedCount: a.violatingSeedCount + b.violatingSeedCount,
    operations: {
      total: a.operations.total + b.operations.total,
      ok: a.operations.ok + b.operations.ok,
      fail: a.operations.fail + b.operations.fail,
      indeterminate: a.operations.indeterminate + b.operations.indeterminate,
    },
    eventCount: a.eventCount + b.eventCount,
    virtualUs: a.virtualUs + b.virtualUs,
    probes: mergeNames(a.probes, b.probes),
    behaviour: mergeBehaviours(a.behaviour, b.behaviour),
    recoveries: mergeRecoveries(a.recoveries, b.recoveries),
    gates: mergeGates(a.gates, b.gates),
    violations: mergeProblems(a.violations, b.violations),
    excused: mergeProblems(a.excused, b.excused),
    errors: mergeProblems(a.errors, b.errors),
    rerunCount: a.rerunCount + b.rerunCount,
    mismatches: mergeProblems(a.mismatches, b.mismatches),
  };
}

/** Mostly nothing is new, and then nothing is made. */
function mergeNames(a: readonly string[], b: readonly string[]): readonly string[] {
  const news = b.filter((name) => !a.includes(name));
  return news.length === 0 ? a : [...a, ...news].sort();
}

function mergeProblems<Example>(
  a: readonly Problem<Example>[],
  b: readonly Problem<Example>[],
): readonly Problem<Example>[] {
  if (a.length === 0) return b;
  if (b.length === 0) return a;
  const merged = new Map(a.map((problem) => [identityOf(problem), problem]));
  for (const problem of b) {
    const identity = identityOf(problem);
    const other = merged.get(identity);
    merged.set(identity, other === undefined ? problem : mergeSame(other, problem));
  }
  return [...merged.values()].sort(byIdentity).slice(0, PROBLEMS_MAX);
}

function mergeSame<Example>(a: Problem<Example>, b: Problem<Example>): Problem<Example> {
  const lowest = b.seed < a.seed ? b : a;
  return { ...lowest, seedCount: a.seedCount + b.seedCount };
}

function identityOf({ name, shape }: Problem<unknown>): string {
  return JSON.stringify([name, ...(shape ?? [])]);
}

function byIdentity(a: Problem<unknown>, b: Problem<unknown>): number {
  const [first, second] = [identityOf(a), identityOf(b)];
  return first < second ? -1 : first > second ? 1 : 0;
}
