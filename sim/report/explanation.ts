import type { Tell } from "../run/system.ts";
import type { Explanation as Explained } from "../search/explain.ts";
import { partText } from "./part-text.ts";
import { tellDecision } from "./told-jump.ts";
import { tellStory } from "./told-story.ts";

/** Why a run fails, in words, for whoever shows it. Plain data. */
export interface Explanation {
  /** Which violation is explained. */
  readonly invariant: string;
  readonly key: string | null;
  /** What led to it, in the order of time, each step with the event that shows it. */
  readonly story: readonly { readonly text: string; readonly event: number }[];
  /** How many less important steps the story leaves out. */
  readonly storyLeftOut: number;
  /**
   * How likely the failure is if all choices from `fromUs` on (microseconds of virtual time) are drawn anew; null for
   * the run as it is. In the order of time.
   */
  readonly odds: readonly {
    readonly fromUs: number | null;
    readonly runs: number;
    readonly failures: number;
  }[];
  /** What decides it, in a sentence or two; also when nothing does. */
  readonly decision: string;
  /** Where the odds jump, with the event to look at. Null when they do not. */
  readonly noReturn: { readonly atUs: number; readonly event: number | null } | null;
  /** Parts of the plan without any one of which it does not fail: places in its lists. */
  readonly necessary: {
    readonly faults: readonly number[];
    readonly operations: readonly number[];
    readonly changes: readonly number[];
    /** Detours and choices made by hand, in words. */
    readonly others: readonly string[];
  };
  /** How many other parts there are: without any one of them it still fails. */
  readonly otherParts: number;
}

/** @param tell how the system under test words its own messages and journal entries */
export function explanationOf(explained: Explained, tell: Tell): Explanation {
  const { plan, violation, noReturn, jumpEvent, parts } = explained;
  const { steps, leftOut } = tellStory(explained.story, plan, tell);
  const placesOf = (part: Explained["parts"][number]["part"]): number[] =>
    parts.flatMap((each) => (each.part === part && each.isNecessary ? [each.index] : []));
  return {
    invariant: violation.invariant,
    key: violation.key,
    story: steps.map(({ step, text }) => ({ text, event: step.event })),
    storyLeftOut: leftOut,
    odds: noReturn.odds.map(({ fromUs, runs, failures }) => ({
      fromUs: fromUs === Number.POSITIVE_INFINITY ? null : fromUs,
      runs,
      failures,
    })),
    decision: tellDecision(explained, tell),
    noReturn: noReturn.jump === null ? null : { atUs: noReturn.jump.atUs, event: jumpEvent?.event ?? null },
    necessary: {
      faults: placesOf("fault"),
      operations: placesOf("operation"),
      changes: placesOf("change"),
      others: parts
        .filter(({ part, isNecessary }) => isNecessary && (part === "detour" || part === "choice"))
        .map((part) => partText(part, plan)),
    },
    otherParts: parts.filter(({ isNecessary }) => !isNecessary).length,
  };
}
