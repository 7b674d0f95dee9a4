import { HistoryProblem } from "../formats/history-problem.ts";
import type { Data } from "../formats/recorded-history.ts";
import { callOf, canonicalText } from "./call.ts";
import { defineModel, type Model } from "./model.ts";

/** The texts of its members, in order. */
type State = readonly string[];

export const set: Model = defineModel<State>({
  name: "set",
  summary: "Members that are added and removed; read lists them all, contains asks for one.",
  names: { add: "add", remove: "remove", read: "read", contains: "contains" },
  queries: ["read", "contains"],
  initial: (given) => membersOf(given ?? [], 0),
  prepare(operation, f, { nilRead }) {
    const { result, output, line } = operation;
    if (result === "fail") return null;
    if (f === "add" || f === "remove") return { ...callOf(operation, f), output: null };
    if (output === null && nilRead === "unknown") return null;
    if (f === "read") membersOf(output, line);
    return f === "read" ? { ...callOf(operation, f), input: null } : callOf(operation, f);
  },
  step(state, { f, input, output }) {
    if (f === "read") return identify(membersOf(output, 0)) === identify(state) ? state : undefined;
    const member = canonicalText(input);
    const isThere = state.includes(member);
    if (f === "contains") return output === isThere ? state : undefined;
    if (f === "add") return isThere ? state : [...state, member].sort();
    return isThere ? state.filter((other) => other !== member) : state;
  },
  identify,
});

function identify(state: State): string {
  return `{${state.join(" ")}}`;
}

function membersOf(value: Data, line: number): State {
  if (Array.isArray(value)) return [...new Set(value.map(canonicalText))].sort();
  throw new HistoryProblem(line, `a set is read as a list of its members, got ${canonicalText(value)}`);
}
