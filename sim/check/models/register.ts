import { HistoryProblem } from "../formats/history-problem.ts";
import type { Data, RecordedOperation } from "../formats/recorded-history.ts";
import { type Call, callOf, canonicalText } from "./call.ts";
import { defineModel, type Model, type ModelSpec } from "./model.ts";

/** The text of what is there when nothing is. */
const NOTHING = "null";

const spec = {
  isRegister: true,
  queries: ["read", "cas-mismatch"],
  initial: (given: Data | undefined): string => canonicalText(given ?? null),
  prepare(operation: RecordedOperation, f, { nilRead, failedCas }): Call | null {
    const { result, line, output, isAbsent } = operation;
    if (f === "cas") pairOf(operation.input, line);
    if (result === "fail") {
      if (f !== "cas" || failedCas === "ignored") return null;
      return { f: "cas-mismatch", input: operation.input, output: null, isAnswered: true };
    }
    if (f === "read" && output === null && isAbsent !== true && nilRead === "unknown") return null;
    // Writes answer nothing that could be wrong, so what they are said to return does not tell them apart.
    const call = callOf(operation, f);
    return f === "read" ? { ...call, input: null } : { ...call, output: null };
  },
  step(state: string, { f, input, output }): string | undefined {
    if (f === "read") return canonicalText(output) === state ? state : undefined;
    if (f === "write") return canonicalText(input);
    if (f === "delete") return NOTHING;
    const [from, to] = pairOf(input, 0);
    const isExpected = canonicalText(from) === state;
    if (f === "cas-mismatch") return isExpected ? undefined : state;
    return isExpected ? canonicalText(to) : undefined;
  },
  identify: (state: string) => state,
} satisfies Omit<ModelSpec<string>, "name" | "summary" | "names">;

const NAMES = { read: "read", get: "read", write: "write", set: "write", delete: "delete" };

export const register: Model = defineModel({
  ...spec,
  name: "register",
  summary: "A value that is read, written and deleted; nothing (nil) in the beginning.",
  names: NAMES,
});

export const casRegister: Model = defineModel({
  ...spec,
  name: "cas-register",
  summary: "A register with compare-and-set: cas [expected new].",
  names: { ...NAMES, cas: "cas", "compare-and-set": "cas" },
});

/** What a compare-and-set expects, and what it puts there. */
export function pairOf(input: Data, line: number): readonly [Data, Data] {
  if (Array.isArray(input) && input.length === 2) return [input[0] ?? null, input[1] ?? null];
  throw new HistoryProblem(line, `cas needs two values, [expected new], got ${canonicalText(input)}`);
}
