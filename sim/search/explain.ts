import { type Chooser, choiceIdentity, createSeededChooser } from "../kernel/choices.ts";
import { AbortedError } from "../kernel/kernel.ts";
import type { TraceEvent } from "../kernel/trace-sink.ts";
import type { Violation } from "../run/invariant.ts";
import type { Plan } from "../run/plan.ts";
import { run } from "../run/run.ts";
import { replay } from "../trace/replay.ts";
import { causalPast, type StoryStep } from "./explain/causal-past.ts";
import { type PlanPart, necessaryParts } from "./explain/necessary-parts.ts";
import { type NoReturn, noReturn } from "./explain/no-return.ts";
import { type Fingerprint, fingerprintOf } from "./fingerprint.ts";
import { type Harness, optionsFor } from "./harness.ts";
import { matching } from "./shrink/attempts.ts";

/** Why a plan fails: what led to it, when it was decided, and what it cannot do without. Plain data. */
export interface Explanation {
  readonly plan: Plan;
  readonly violation: Violation;
  readonly fingerprint: Fingerprint;
  /** What of the run led to the violation, in the order of time. */
  readonly story: readonly StoryStep[];
  readonly noReturn: NoReturn;
  /** What was recorded at the moment at which the odds jump. */
  readonly jumpEvents: readonly TraceEvent[];
  /** The identities of the choices that were taken at that moment, in their order. */
  readonly jumpChoices: readonly string[];
  /** Every fault of the plan, then every change, detour and choice made by hand, then every operation. */
  readonly parts: readonly PlanPart[];
}

export interface ExplainOptions {
  readonly harness: Harness;
  /** Which violations are meant; all of them by default. Of several, the first is explained. */
  readonly isMeant?: (violation: Violation) => boolean;
  /** Runs for each moment at which the choices are drawn anew. 50 by default. */
  readonly runs?: number | undefined;
  readonly signal?: AbortSignal | undefined;
  /** Called before each run with how many there were. */
  readonly onProgress?: ((runsDone: number) => void) | undefined;
}

const RUNS = 50;
const EVENTS_FACTOR = 4;
const EVENTS_MIN = 10_000;

/**
 * Explains why a plan fails; null when it does not.
 *
 * @throws AbortedError when it is stopped
 */
export async function explain(plan: Plan, options: ExplainOptions): Promise<Explanation | null> {
  const { harness, isMeant = () => true, runs = RUNS, signal } = options;
  const isAborted = (): boolean => signal?.aborted === true;
  const choiceTimes = new Map<number, string[]>();
  const { outcome, events } = await replay(plan, {
    ...optionsFor(harness, plan),
    isAborted,
    chooser: (usual, nowUs) => ({
      quantile(site, cause, ordinal) {
        const taken = choiceTimes.get(nowUs());
        if (taken === undefined) choiceTimes.set(nowUs(), [choiceIdentity(site, cause, ordinal)]);
        else taken.push(choiceIdentity(site, cause, ordinal));
        return usual.quantile(site, cause, ordinal);
      },
    }),
  });
  const violation = outcome.violations.find(isMeant);
  if (violation === undefined) return null;
  const fingerprint = fingerprintOf(plan.policy, violation, outcome.record.history);
  const eventsMax = outcome.statistics.eventCount * EVENTS_FACTOR + EVENTS_MIN;

  let runsDone = 0;
  async function fails(
    candidate: Plan,
    chooser?: (usual: Chooser, nowUs: () => number) => Chooser,
  ): Promise<boolean> {
    if (isAborted()) throw new AbortedError("stopped");
    options.onProgress?.(runsDone++);
    try {
      const ended = await run(candidate, { ...optionsFor(harness, plan), eventsMax, isAborted, chooser });
      return matching(ended, fingerprint) !== null;
    } catch (error) {
      if (error instanceof AbortedError) throw error;
      return false;
    }
  }

  const momentsUs = [...choiceTimes.keys()].sort((a, b) => a - b);
  const found = await noReturn(plan, momentsUs, runs, (same, fromUs, seed) =>
    fails(same, redrawnFrom(fromUs, createSeededChooser(seed))),
  );
  const parts = await necessaryParts(plan, (candidate) => fails(candidate));
  const necessary = parts.flatMap(({ part, index, isNecessary }) =>
    part === "operation" && isNecessary ? (plan.operations[index]?.id ?? []) : [],
  );
  return {
    plan,
    violation,
    fingerprint,
    story: causalPast(events, violation, necessary),
    noReturn: found,
    jumpEvents: found.jumpUs === null ? [] : events.filter(({ timeUs }) => timeUs === found.jumpUs),
    jumpChoices: found.jumpUs === null ? [] : (choiceTimes.get(found.jumpUs) ?? []),
    parts,
  };
}

/** Choices as they were until a moment, and others from then on. */
function redrawnFrom(fromUs: number, others: Chooser): (usual: Chooser, nowUs: () => number) => Chooser {
  return (usual, nowUs) => ({
    quantile: (site, cause, ordinal) => (nowUs() < fromUs ? usual : others).quantile(site, cause, ordinal),
  });
}
