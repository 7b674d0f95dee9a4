import { HistoryProblem } from "../formats/history-problem.ts";
import type { RecordedOperation } from "../formats/recorded-history.ts";
import { models } from "./index.ts";
import type { Model } from "./model.ts";

/** Finds a model for operations that come one by one; the same one that `guessModel` finds for all of them. */
export interface ModelGuess {
  note(operation: RecordedOperation): void;
  /** The first model that knows all of them; null when there is none. */
  model(): Model | null;
  /** The names of all operations, in the order in which they came. */
  names(): readonly string[];
}

export function createModelGuess(): ModelGuess {
  const names = new Set<string>();
  let candidates = models;
  return {
    note(operation) {
      names.add(operation.f);
      const isOut = (model: Model): boolean =>
        !Object.hasOwn(model.names, operation.f) || !model.fits([operation]);
      if (candidates.some(isOut)) candidates = candidates.filter((model) => !isOut(model));
    },
    model: () => candidates[0] ?? null,
    names: () => [...names],
  };
}

/** @param line of the first operation */
export function unknownOperations(line: number, names: readonly string[]): HistoryProblem {
  return new HistoryProblem(
    line,
    `no model knows all the operations of this history (${names.join(", ")}): --model says which to use`,
  );
}
