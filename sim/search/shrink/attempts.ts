import { AbortedError, RunawayError } from "../../kernel/kernel.ts";
import type { Violation } from "../../run/invariant.ts";
import { checkPlan } from "../../run/load/load-plan-check.ts";
import type { Outcome } from "../../run/outcome.ts";
import type { Plan } from "../../run/plan.ts";
import { run } from "../../run/run.ts";
import { type Fingerprint, fingerprintOf, isSameFingerprint } from "../fingerprint.ts";
import { type Harness, namesOf, optionsFor } from "../harness.ts";
import { planText } from "../plan-text.ts";
import { isFair } from "./fair.ts";

/** What became of the smaller plans that were tried. */
export interface AttemptCounts {
  /** Those that were run. */
  readonly tried: number;
  /** Those that failed in the same way and were gone on with. */
  readonly kept: number;
  /** Run, and nothing was violated. */
  readonly passed: number;
  /** Run, and violated something else, or in another way. */
  readonly failedOtherwise: number;
  /** Run, and had more events than any smaller plan can be expected to have. */
  readonly unfinished: number;
  /** Run, and ended with an error. */
  readonly broken: number;
  /** What the first of those said; null while there is none. */
  readonly firstError: string | null;
  /** Not run: not a plan that could be loaded. */
  readonly invalid: number;
  /** Not run: perhaps no correct system survives it. See {@link isFair}. */
  readonly unfair: number;
}

/** No more attempts are allowed. */
export class AttemptsOver extends Error {
  override readonly name = "AttemptsOver";
  readonly reason: "candidates" | "time" | "interrupted";

  constructor(reason: AttemptsOver["reason"]) {
    super(`no more attempts: ${reason}`);
    this.reason = reason;
  }
}

/** Where shrinking stands, and the only way on. */
export interface Attempts {
  /** The smallest plan so far that fails in the same way. */
  readonly plan: Plan;
  /** How it fails. */
  readonly violation: Violation;
  readonly counts: AttemptCounts;
  /**
   * Runs a plan that is a little simpler. If it fails in the same way it becomes the plan.
   *
   * @throws AttemptsOver when there may be no further run
   */
  attempt(candidate: Plan): Promise<boolean>;
}

export interface AttemptOptions {
  readonly harness: Harness;
  readonly fingerprint: Fingerprint;
  readonly candidatesMax: number;
  /** Asked before each run and now and then within one; a reason ends the attempts. */
  readonly isOver: () => "time" | "interrupted" | null;
  readonly onKept: (attempts: Attempts) => void;
}

/** How many times the events of the failing run a candidate may have before it is given up. */
const EVENTS_FACTOR = 4;
const EVENTS_MIN = 10_000;

/** @param first a run that fails in the way that all others have to */
export function createAttempts(first: Outcome, options: AttemptOptions): Attempts {
  const { harness, fingerprint, candidatesMax, isOver, onKept } = options;
  const known = namesOf(harness);
  const eventsMax = first.statistics.eventCount * EVENTS_FACTOR + EVENTS_MIN;
  const seen = new Set([planText(first.plan)]);
  const counts = {
    tried: 0,
    kept: 0,
    passed: 0,
    failedOtherwise: 0,
    unfinished: 0,
    broken: 0,
    firstError: null as string | null,
    invalid: 0,
    unfair: 0,
  };
  let plan = first.plan;
  let violation = matching(first, fingerprint) as Violation;

  const attempts: Attempts = {
    get plan() {
      return plan;
    },
    get violation() {
      return violation;
    },
    counts,
    async attempt(candidate) {
      const text = planText(candidate);
      if (seen.has(text)) return false;
      seen.add(text);
      if (checkPlan(candidate, known).length > 0) {
        counts.invalid++;
        return false;
      }
      if (!isFair(plan, candidate)) {
        counts.unfair++;
        return false;
      }
      const over = isOver();
      if (over !== null) throw new AttemptsOver(over);
      if (counts.tried >= candidatesMax) throw new AttemptsOver("candidates");
      counts.tried++;
      const outcome = await finish(candidate);
      if (outcome === null) return false;
      const found = matching(outcome, fingerprint);
      if (found === null) {
        if (outcome.violations.length === 0) counts.passed++;
        else counts.failedOtherwise++;
        return false;
      }
      counts.kept++;
      plan = candidate;
      violation = found;
      onKept(attempts);
      return true;
    },
  };
  return attempts;

  /** The outcome of a run, or null when it has none, which is counted. */
  async function finish(candidate: Plan): Promise<Outcome | null> {
    const isAborted = (): boolean => isOver() !== null;
    try {
      return await run(candidate, { ...optionsFor(harness, candidate), eventsMax, isAborted });
    } catch (error) {
      if (error instanceof AbortedError) throw new AttemptsOver(isOver() ?? "interrupted");
      if (error instanceof RunawayError) counts.unfinished++;
      else {
        counts.broken++;
        counts.firstError ??= error instanceof Error ? error.message : String(error);
      }
      return null;
    }
  }
}

/** The violation of a run that has the fingerprint, or null. */
export function matching({ plan, record, violations }: Outcome, wanted: Fingerprint): Violation | null {
  const isWanted = (violation: Violation): boolean =>
    violation.invariant === wanted.invariant &&
    isSameFingerprint(fingerprintOf(plan.policy, violation, record.history), wanted);
  return violations.find(isWanted) ?? null;
}
