import { createDepthFirstSearch } from "./depth-first-search.ts";
import { createFrontierSearch } from "./frontier-search.ts";
import type { SearchOutcome, SearchProblem } from "./search.ts";

export type Decision = (
  | SearchOutcome
  | {
      readonly kind: "unknown";
      /** The operation at whose return the search stood, and the configurations that it kept. */
      readonly operation: number;
      readonly frontierSize: number;
    }
) & {
  /** Transitions that were tried, by both searches together. */
  readonly steps: number;
};

/** About a second, and some two hundred megabytes at worst. */
export const STEPS_USUAL = 2_000_000;

const FIRST_TURN_STEPS = 1000;

/**
 * Whether one object's history is linearizable. Two searches take turns, each twice as long as the last, so that the
 * answer comes when the better one has it, at no more than a few times its cost. Counted in steps, never in time: the
 * same history and budget give the same answer on every machine.
 */
export function decide(problem: SearchProblem, stepsMax: number = STEPS_USUAL): Decision {
  const frontier = createFrontierSearch(problem);
  const searches = [frontier, createDepthFirstSearch(problem)];
  const steps = (): number => searches.reduce((sum, search) => sum + search.steps, 0);
  for (let turn = FIRST_TURN_STEPS; ; turn *= 2) {
    for (const search of searches) {
      const left = stepsMax - steps();
      if (left <= 0) {
        const { operation, size } = frontier.progress;
        return { kind: "unknown", operation, frontierSize: size, steps: steps() };
      }
      const outcome = search.advance(Math.min(turn, left));
      if (outcome !== null) return { ...outcome, steps: steps() };
    }
  }
}
