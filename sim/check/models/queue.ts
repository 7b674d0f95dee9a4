import type { Data } from "../formats/recorded-history.ts";
import { HistoryProblem } from "../formats/history-problem.ts";
import { callOf, canonicalText } from "./call.ts";
import { defineModel, type Model } from "./model.ts";

/** The texts of what waits in it, the oldest first. */
type State = readonly string[];

export const queue: Model = defineModel<State>({
  name: "queue",
  summary: "First in, first out; a dequeue of nil found it empty.",
  names: { enqueue: "enqueue", dequeue: "dequeue" },
  queries: [],
  initial: (given) => listOf(given ?? []),
  prepare(operation, f) {
    if (operation.result === "fail") return null;
    const call = callOf(operation, f);
    return f === "enqueue" ? { ...call, output: null } : { ...call, input: null };
  },
  step(state, { f, input, output, isAnswered }) {
    if (f === "enqueue") return [...state, canonicalText(input)];
    const [oldest, ...others] = state;
    if (!isAnswered) return others;
    if (oldest === undefined) return output === null ? state : undefined;
    return output !== null && canonicalText(output) === oldest ? others : undefined;
  },
  identify: (state) => `[${state.join(" ")}]`,
});

function listOf(value: Data): State {
  if (Array.isArray(value)) return value.map(canonicalText);
  throw new HistoryProblem(0, `a queue begins with a list, got ${canonicalText(value)}`);
}
