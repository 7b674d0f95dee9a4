import { HistoryProblem } from "../formats/history-problem.ts";
import type { Data, RecordedOperation } from "../formats/recorded-history.ts";
import { type Call, callOf } from "./call.ts";
import { defineModel, type Model } from "./model.ts";

/** A text, or nothing yet: that reads as nothing or as the empty text. */
type State = string | null;

export const keyValue: Model = defineModel<State>({
  name: "kv",
  summary: "Texts that are put, appended to and got; each key is empty in the beginning.",
  names: {
    get: "get",
    read: "get",
    put: "put",
    set: "put",
    write: "put",
    append: "append",
    delete: "delete",
  },
  queries: ["get"],
  initial: (given) => (given === undefined || given === null ? null : textOf(given, 0, "the beginning")),
  prepare(operation: RecordedOperation, f, { nilRead }): Call | null {
    const { result, line, input, output, isAbsent } = operation;
    if (result === "fail") return null;
    if (f === "get") {
      if (output === null && isAbsent !== true && nilRead === "unknown") return null;
      return { ...callOf(operation, f), input: null };
    }
    if (f !== "delete") textOf(input, line, f);
    return { ...callOf(operation, f), output: null };
  },
  step(state, { f, input, output }) {
    if (f === "get") return output === state || (output === "" && state === null) ? state : undefined;
    if (f === "delete") return null;
    const text = textOf(input, 0, f);
    return f === "put" ? text : (state ?? "") + text;
  },
  identify: (state) => JSON.stringify(state),
});

function textOf(value: Data, line: number, f: string): string {
  if (typeof value === "string") return value;
  throw new HistoryProblem(
    line,
    `${f}: expected a text, got ${JSON.stringify(value)}; the model register takes any value`,
  );
}
