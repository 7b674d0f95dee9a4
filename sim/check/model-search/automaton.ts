import { type Call, canonicalText } from "../models/call.ts";

/**
 * A sequential model whose states and calls are small numbers. Each transition is computed once, so that a search
 * compares and remembers numbers only.
 */
export interface Automaton {
  readonly initial: number;
  /** The number of a call: the same for equal calls. */
  callNumber(call: Call): number;
  /** Whether a call never changes anything, in whatever state. */
  isQuery(call: number): boolean;
  /** The state after a call, or {@link ILLEGAL}. */
  step(state: number, call: number): number;
  /** The state as a text to read. */
  describe(state: number): string;
}

export const ILLEGAL = -1;

/** What a search needs of a model; see `ModelSpec`. */
interface Behavior<State> {
  readonly queries: readonly string[];
  step(state: State, call: Call): State | undefined;
  identify(state: State): string;
}

export function createAutomaton<State>(spec: Behavior<State>, initial: State): Automaton {
  const states: State[] = [];
  const stateNumbers = new Map<string, number>();
  const calls: Call[] = [];
  const callNumbers = new Map<string, number>();
  /** By state, then by call. */
  const transitions: Map<number, number>[] = [];

  function numberOf(state: State): number {
    const identity = spec.identify(state);
    const known = stateNumbers.get(identity);
    if (known !== undefined) return known;
    stateNumbers.set(identity, states.length);
    transitions.push(new Map());
    return states.push(state) - 1;
  }

  return {
    initial: numberOf(initial),
    callNumber(call) {
      const { f, input, output, isAnswered } = call;
      const identity = `${f} ${canonicalText(input)} ${isAnswered ? canonicalText(output) : "?"}`;
      const known = callNumbers.get(identity);
      if (known !== undefined) return known;
      callNumbers.set(identity, calls.length);
      return calls.push(call) - 1;
    },
    isQuery: (call) => spec.queries.includes((calls[call] as Call).f),
    step(state, call) {
      const row = transitions[state] as Map<number, number>;
      const known = row.get(call);
      if (known !== undefined) return known;
      const next = spec.step(states[state] as State, calls[call] as Call);
      const number = next === undefined ? ILLEGAL : numberOf(next);
      row.set(call, number);
      return number;
    },
    describe: (state) => spec.identify(states[state] as State),
  };
}
