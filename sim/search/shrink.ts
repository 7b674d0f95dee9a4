import { performance } from "node:perf_hooks";
import { AbortedError } from "../kernel/kernel.ts";
import type { Violation } from "../run/invariant.ts";
import type { Outcome } from "../run/outcome.ts";
import type { Plan } from "../run/plan.ts";
import { type Fingerprint, fingerprintOf } from "./fingerprint.ts";
import { type Harness, optionsFor } from "./harness.ts";
import {
  type AttemptCounts,
  type Attempts,
  AttemptsOver,
  createAttempts,
  matching,
} from "./shrink/attempts.ts";
import { earlierTimes } from "./shrink/earlier-times.ts";
import { endEarly } from "./shrink/end-early.ts";
import { milderChoices } from "./shrink/milder-choices.ts";
import { removeFaults } from "./shrink/remove-faults.ts";
import { removeMachines } from "./shrink/remove-machines.ts";
import { removeOperations } from "./shrink/remove-operations.ts";
import { removePairs } from "./shrink/remove-pairs.ts";
import { simplifyWorld } from "./shrink/simplify-world.ts";
import { weakenFaults } from "./shrink/weaken-faults.ts";
import { type Mismatch, runTwice } from "./twice.ts";

/**
 * Shrinking: from a plan that fails to a small one that fails in the same way. Delta debugging over the parts of the
 * plan (see {@link minimize}), large parts first, and then over its numbers. Choices have stable identities, so
 * whatever is left out leaves the rest of the run as it was, as far as it did not depend on it.
 */

export interface ShrinkOptions {
  readonly harness: Harness;
  /** Which violations are meant; all of them by default. */
  readonly isMeant?: (violation: Violation) => boolean;
  /** Of those that are meant, the first of these is taken, or else the first of all. */
  readonly preferred?: (violation: Violation) => boolean;
  /** How many plans may be run. The result depends on this bound, and on nothing else. 5000 by default. */
  readonly candidatesMax?: number | undefined;
  /** A limit in real time, in milliseconds. A search that it ends says so, and may end elsewhere the next time. */
  readonly timeMsMax?: number | undefined;
  /** Ends the search with the best plan so far. */
  readonly signal?: AbortSignal | undefined;
  readonly onProgress?: ((progress: ShrinkProgress) => void) | undefined;
}

export interface ShrinkProgress {
  readonly plan: Plan;
  readonly counts: AttemptCounts;
  readonly elapsedMs: number;
}

export interface Shrunk {
  readonly kind: "shrunk";
  readonly plan: Plan;
  readonly fingerprint: Fingerprint;
  /** As the shrunk plan shows it. */
  readonly violation: Violation;
  /** As it was run before anything was left out. */
  readonly original: Plan;
  readonly counts: AttemptCounts;
  /**
   * - `minimal`: no step that shrinking knows makes it any smaller.
   * - otherwise what ended the search before that.
   */
  readonly ended: "minimal" | AttemptsOver["reason"];
  readonly elapsedMs: number;
}

/** What shrinking gives. Plain data. */
export type Shrinking =
  | Shrunk
  /** There is nothing to shrink: the plan violates nothing, or not what was meant. */
  | { readonly kind: "passes"; readonly broken: readonly string[] }
  /** Two runs of one plan differ, so that no run proves anything. */
  | { readonly kind: "nondeterministic"; readonly mismatch: Mismatch }
  /** It was stopped before the plan itself had been run. */
  | { readonly kind: "interrupted" }
  /** The plan cannot be run to its end. */
  | { readonly kind: "unfinished"; readonly error: Error };

const CANDIDATES_MAX = 5000;

/**
 * Shrinks a failing plan. Plan and result are run twice before they are believed.
 *
 * @throws RangeError when the plan names a system or an invariant that the harness does not have
 */
export async function shrink(plan: Plan, options: ShrinkOptions): Promise<Shrinking> {
  const { harness, isMeant = () => true, preferred = () => true, timeMsMax, signal } = options;
  const { candidatesMax = CANDIDATES_MAX } = options;
  const startedMs = performance.now();
  const elapsed = (): number => performance.now() - startedMs;
  const { regression: _, ...given } = plan;
  const first = await believe(given, options);
  if (first.kind !== "ran") return first;
  const { outcome } = first;
  const meant = outcome.violations.filter(isMeant);
  const violation = meant.find(preferred) ?? meant[0];
  if (violation === undefined) {
    return { kind: "passes", broken: [...new Set(outcome.violations.map(({ invariant }) => invariant))] };
  }

  const fingerprint = fingerprintOf(plan.policy, violation, outcome.record.history);
  const tell = ({ plan: current, counts }: Attempts): void =>
    options.onProgress?.({ plan: current, counts: { ...counts }, elapsedMs: elapsed() });
  const attempts = createAttempts(outcome, {
    harness,
    fingerprint,
    candidatesMax,
    isOver() {
      if (signal?.aborted === true) return "interrupted";
      return timeMsMax !== undefined && elapsed() > timeMsMax ? "time" : null;
    },
    onKept: tell,
  });
  let ended: Shrunk["ended"] = "minimal";
  try {
    await search(attempts, harness);
  } catch (error) {
    if (!(error instanceof AttemptsOver)) throw error;
    ended = error.reason;
  }

  const last = await believe(attempts.plan, { harness });
  if (last.kind !== "ran") return last;
  const proof = matching(last.outcome, fingerprint);
  if (proof === null) {
    const summary = `the shrunk plan had failed with "${attempts.violation.summary}", and no longer does`;
    return { kind: "nondeterministic", mismatch: { summary, divergence: null } };
  }
  return {
    kind: "shrunk",
    plan: attempts.plan,
    fingerprint,
    violation: proof,
    original: plan,
    counts: { ...attempts.counts },
    ended,
    elapsedMs: elapsed(),
  };
}

/** Round after round, until one changes nothing: then no step can, for each depends on the plan alone. */
async function search(attempts: Attempts, harness: Harness): Promise<void> {
  for (;;) {
    const { plan } = attempts;
    await endEarly(attempts, harness);
    await removeOperations(attempts);
    await removeFaults(attempts);
    await removeMachines(attempts);
    await simplifyWorld(attempts);
    await removePairs(attempts);
    await endEarly(attempts, harness);
    await milderChoices(attempts, harness);
    await weakenFaults(attempts);
    await earlierTimes(attempts);
    if (attempts.plan === plan) return;
  }
}

type Believed = { readonly kind: "ran"; readonly outcome: Outcome } | Exclude<Shrinking, Shrunk>;

/** Runs a plan twice. */
async function believe(
  plan: Plan,
  { harness, signal }: Pick<ShrinkOptions, "harness" | "signal">,
): Promise<Believed> {
  const isAborted = (): boolean => signal?.aborted === true;
  const twice = await runTwice(plan, { ...optionsFor(harness, plan), isAborted }).catch(toNull);
  if (twice === null) return { kind: "interrupted" };
  const { first, mismatch } = twice;
  if (mismatch !== null) return { kind: "nondeterministic", mismatch };
  if (first.outcome === null) return { kind: "unfinished", error: first.error };
  return { kind: "ran", outcome: first.outcome };
}

function toNull(error: unknown): null {
  if (error instanceof AbortedError) return null;
  throw error;
}
