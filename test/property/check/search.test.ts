import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { Dialect } from "../../../sim/check/formats/history-format.ts";
import type { RecordedOperation } from "../../../sim/check/formats/recorded-history.ts";
import { modelByName } from "../../../sim/check/models/index.ts";
import type { Model } from "../../../sim/check/models/model.ts";
import { ILLEGAL } from "../../../sim/check/model-search/automaton.ts";
import { decide } from "../../../sim/check/model-search/decide.ts";
import { createDepthFirstSearch } from "../../../sim/check/model-search/depth-first-search.ts";
import { createFrontierSearch } from "../../../sim/check/model-search/frontier-search.ts";
import type { Search, SearchOutcome, SearchProblem } from "../../../sim/check/model-search/search.ts";
import { hasOrder, recordedHistories, VOCABULARIES } from "./recorded-histories.ts";

const SEED = 20260123;
const CASES = 400;
const dialect: Dialect = { nilRead: "absent", failedCas: "mismatch", initial: {} };

function problemOf(model: Model, operations: readonly RecordedOperation[]): SearchProblem {
  const automaton = model.start(undefined);
  return {
    automaton,
    operations: operations.flatMap((operation) => {
      const call = model.prepare(operation, dialect);
      const { callAt, returnAt } = operation;
      return call === null ? [] : [{ call: automaton.callNumber(call), callAt, returnAt }];
    }),
  };
}

function toTheEnd(search: Search, stepsEach = Number.POSITIVE_INFINITY): SearchOutcome {
  for (;;) {
    const outcome = search.advance(stepsEach);
    if (outcome !== null) return outcome;
  }
}

function bruteForce({ automaton, operations }: SearchProblem): boolean {
  return hasOrder(operations, automaton.initial, (state, index) => {
    const after = automaton.step(state, operations[index]?.call ?? 0);
    return after === ILLEGAL ? undefined : after;
  });
}

/** The history as it was when the operation returned, or just before: what had not returned by then never does. */
function cutAt(problem: SearchProblem, operation: number, isBefore: boolean): SearchProblem {
  const at = problem.operations[operation]?.returnAt ?? 0;
  return {
    automaton: problem.automaton,
    operations: problem.operations
      .filter(({ callAt }) => callAt < at)
      .map((each) => {
        const hasReturned = isBefore ? each.returnAt < at : each.returnAt <= at;
        return hasReturned ? each : { ...each, returnAt: Number.POSITIVE_INFINITY };
      }),
  };
}

describe.each(Object.keys(VOCABULARIES))("histories of the model %s", (name) => {
  const model = modelByName(name) as Model;

  test("are judged alike by trying all orders and by both searches, in one go and in small turns", () => {
    const counts = { right: 0, wrong: 0 };
    const property = fc.property(
      recordedHistories(name, { operationsMax: 7 }),
      fc.integer({ min: 1, max: 5 }),
      (operations, stepsEach) => {
        const problem = problemOf(model, operations);
        const truth = bruteForce(problem);
        counts[truth ? "right" : "wrong"]++;
        const frontier = toTheEnd(createFrontierSearch(problem));
        const depthFirst = toTheEnd(createDepthFirstSearch(problem));
        expect(frontier.kind).toBe(truth ? "linearizable" : "violation");
        expect(depthFirst.kind).toBe(frontier.kind);
        expect(toTheEnd(createFrontierSearch(problem), stepsEach)).toEqual(frontier);
        expect(toTheEnd(createDepthFirstSearch(problem), stepsEach)).toEqual(depthFirst);
        expect(decide(problem).kind).toBe(frontier.kind);
        if (frontier.kind !== "violation" || depthFirst.kind !== "violation") return;
        // The certificate: until just before that return all can be right, and with it nothing can.
        expect(depthFirst.operation).toBe(frontier.operation);
        expect(bruteForce(cutAt(problem, frontier.operation, true))).toBe(true);
        expect(bruteForce(cutAt(problem, frontier.operation, false))).toBe(false);
      },
    );
    fc.assert(property, { seed: SEED, numRuns: CASES });
    expect(counts.right).toBeGreaterThan(CASES / 10);
    expect(counts.wrong).toBeGreaterThan(CASES / 10);
  });
});

test("a budget that is too small gives unknown, the same each time, and never a verdict", () => {
  fc.assert(
    fc.property(recordedHistories("cas-register", { operationsMax: 10 }), fc.nat(30), (operations, steps) => {
      const problem = problemOf(modelByName("cas-register") as Model, operations);
      const small = decide(problem, steps);
      expect(decide(problemOf(modelByName("cas-register") as Model, operations), steps)).toEqual(small);
      if (small.kind === "unknown") expect(small.steps).toBeGreaterThanOrEqual(steps);
      else expect(small).toEqual(decide(problem));
    }),
    { seed: SEED, numRuns: 300 },
  );
});
