import { type Chooser, createSeededChooser } from "../kernel/choices.ts";
import { AbortedError } from "../kernel/kernel.ts";
import type { TraceEvent } from "../kernel/trace-sink.ts";
import type { Violation } from "../run/invariant.ts";
import type { Plan } from "../run/plan.ts";
import { run } from "../run/run.ts";
import { createRecording } from "../trace/recording.ts";
import { causalPast, type StoryStep } from "./explain/causal-past.ts";
import { type PlanPart, necessaryParts } from "./explain/necessary-parts.ts";
import { type NoReturn, noReturn } from "./explain/no-return.ts";
import { notingChoices, redrawnAfter, type TakenChoice } from "./explain/taken-choices.ts";
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
  /**
   * What the decisive choice was taken for, or else what was recorded first when the odds jump; null when nothing was,
   * or nothing decides.
   */
  readonly jumpEvent: StoryStep | null;
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
  const taken: TakenChoice[] = [];
  const { events, ...recording } = createRecording();
  const outcome = await run(plan, {
    ...optionsFor(harness, plan),
    isAborted,
    trace: recording,
    chooser: notingChoices(taken, () => events.length),
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

  const found = await noReturn(taken, runs, (choiceCount, seed) =>
    fails(plan, redrawnAfter(choiceCount, createSeededChooser(seed))),
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
    jumpEvent: jumpEventOf(events, found),
    parts,
  };
}

/** The event of a choice is recorded before it is taken, or else what follows from it right after. */
function jumpEventOf(events: readonly TraceEvent[], { jump }: NoReturn): StoryStep | null {
  if (jump === null) return null;
  const { atUs, decisive } = jump;
  const isOf = (event: TraceEvent | undefined): boolean =>
    event?.timeUs === atUs && (decisive === null || event.activity === decisive.activity);
  const near = decisive === null ? [] : [events[decisive.eventCount - 1], events[decisive.eventCount]];
  const event = near.find(isOf) ?? events.find(isOf);
  return event === undefined ? null : { ...event, event: event.index, reached: null };
}
