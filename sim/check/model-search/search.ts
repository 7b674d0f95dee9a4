import type { Automaton } from "./automaton.ts";

/** One object's history as a search needs it. */
export interface SearchProblem {
  readonly automaton: Automaton;
  /** In the order of their calls. */
  readonly operations: readonly SearchedOperation[];
}

export interface SearchedOperation {
  /** As the automaton numbers calls. */
  readonly call: number;
  readonly callAt: number;
  /** `Infinity` for an operation of which nobody knows whether it happened: it may, at any time after its call. */
  readonly returnAt: number;
}

export type SearchOutcome =
  | { readonly kind: "linearizable" }
  | {
      readonly kind: "violation";
      /** The operation that has no place: nothing that may come before its return makes it legal. */
      readonly operation: number;
      /** States that the object may have been in until then, in the order in which they were found. */
      readonly states: readonly number[];
      /** How many there were. */
      readonly stateCount: number;
    };

/** A search that can be interrupted. Equal problems take equal steps. */
export interface Search {
  /** How many transitions were tried so far. */
  readonly steps: number;
  /** The operation at whose return the search is, and how many configurations it keeps. */
  readonly progress: { readonly operation: number; readonly size: number };
  /** Goes on until it knows, or until about so many more steps are taken: then null. */
  advance(stepsMax: number): SearchOutcome | null;
}

/** States to show in a certificate. */
export const STATES_SHOWN_MAX = 8;

export function isOptional({ returnAt }: SearchedOperation): boolean {
  return returnAt === Number.POSITIVE_INFINITY;
}

/**
 * Operations whose end nobody knows are interchangeable if they are the same call: of those that were called, any may
 * be the one that happened. So only how many happened matters, by kind.
 *
 * @returns for each operation the number of its kind; -1 for those with an end
 */
export function optionalKinds(operations: readonly SearchedOperation[]): {
  readonly kinds: readonly number[];
  /** By kind: the call. */
  readonly calls: readonly number[];
} {
  const byCall = new Map<number, number>();
  const kinds = operations.map((operation) => {
    if (!isOptional(operation)) return -1;
    const known = byCall.get(operation.call);
    if (known !== undefined) return known;
    byCall.set(operation.call, byCall.size);
    return byCall.size - 1;
  });
  return { kinds, calls: [...byCall.keys()] };
}
