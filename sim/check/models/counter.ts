import { HistoryProblem } from "../formats/history-problem.ts";
import type { Data } from "../formats/recorded-history.ts";
import { callOf, canonicalText } from "./call.ts";
import { defineModel, type Model } from "./model.ts";

const SIGNS: Readonly<Record<string, number>> = { add: 1, increment: 1, decrement: -1 };

export const counter: Model = defineModel<number>({
  name: "counter",
  summary: "A number that is added to (by 1 without a value) and read; 0 in the beginning.",
  names: {
    add: "add",
    inc: "increment",
    increment: "increment",
    dec: "decrement",
    decrement: "decrement",
    read: "read",
  },
  queries: ["read"],
  initial: (given) => numberOf(given ?? 0, 0),
  prepare(operation, f, { nilRead }) {
    const { result, input, output, line } = operation;
    if (result === "fail") return null;
    if (f !== "read") {
      numberOf(input ?? 1, line);
      return { ...callOf(operation, f), output: null };
    }
    if (output === null && nilRead === "unknown") return null;
    numberOf(output, line);
    return { ...callOf(operation, f), input: null };
  },
  step(state, { f, input, output }) {
    if (f === "read") return output === state ? state : undefined;
    return state + (SIGNS[f] ?? 0) * numberOf(input ?? 1, 0);
  },
  identify: String,
  fits: (operations) =>
    operations.every(
      ({ f, result, output }) => f !== "read" || result !== "ok" || typeof output === "number",
    ),
});

function numberOf(value: Data, line: number): number {
  if (typeof value === "number") return value;
  throw new HistoryProblem(line, `a counter counts numbers, got ${canonicalText(value)}`);
}
