import type { Dialect } from "../formats/history-format.ts";
import { HistoryProblem } from "../formats/history-problem.ts";
import type { Data, RecordedOperation } from "../formats/recorded-history.ts";
import { type Automaton, createAutomaton } from "../model-search/automaton.ts";
import { type Call, callOf } from "./call.ts";

/**
 * How one object behaves when one operation follows the other. Where operations have keys, each key is an object of its
 * own (linearizability is local; Herlihy and Wing 1990).
 */
export interface ModelSpec<State> {
  readonly name: string;
  /** One line for the help. */
  readonly summary: string;
  /** The names that histories give to operations, and the name that `step` knows them by. */
  readonly names: Readonly<Record<string, string>>;
  /** True for registers, which zones can judge if their values are unique. */
  readonly isRegister?: boolean;
  /** What only asks and changes nothing in any state. Without an answer it says nothing and is left out. */
  readonly queries: readonly string[];
  /** @param given what the user says is there in the beginning; undefined for the usual */
  initial(given: Data | undefined): State;
  /**
   * What an operation says; null for nothing. Without it: an operation that failed says nothing, any other is what its
   * line says.
   */
  prepare?(operation: RecordedOperation, f: string, dialect: Dialect): Call | null;
  /** The state after the call; undefined when the call cannot happen in that state, or not with that output. */
  step(state: State, call: Call): State | undefined;
  /** Equal for equal states, different for different ones; short enough to read. */
  identify(state: State): string;
  /** Whether a history whose names fit is likely to be of this model. */
  fits?(operations: readonly RecordedOperation[]): boolean;
}

/** A model without the type of its states, so that models can be kept in a list. */
export interface Model {
  readonly name: string;
  readonly summary: string;
  readonly names: Readonly<Record<string, string>>;
  readonly isRegister: boolean;
  /** @throws HistoryProblem when the model knows no such operation, or not with such values */
  prepare(operation: RecordedOperation, dialect: Dialect): Call | null;
  /** A new automaton; its states and calls are numbered as they are met. */
  start(initial: Data | undefined): Automaton;
  fits(operations: readonly RecordedOperation[]): boolean;
}

export function defineModel<State>(spec: ModelSpec<State>): Model {
  const { name, summary, names, queries } = spec;
  return {
    name,
    summary,
    names,
    isRegister: spec.isRegister ?? false,
    prepare(operation, dialect) {
      const f = Object.hasOwn(names, operation.f) ? names[operation.f] : undefined;
      if (f === undefined) {
        const known = Object.keys(names).join(", ");
        throw new HistoryProblem(
          operation.line,
          `the model ${name} has no operation "${operation.f}", only ${known}`,
        );
      }
      if (operation.result === "indeterminate" && queries.includes(f)) return null;
      if (spec.prepare !== undefined) return spec.prepare(operation, f, dialect);
      return operation.result === "fail" ? null : callOf(operation, f);
    },
    start: (initial) => createAutomaton(spec, spec.initial(initial)),
    fits: (operations) => spec.fits?.(operations) ?? true,
  };
}
