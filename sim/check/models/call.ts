import type { Data, RecordedOperation } from "../formats/recorded-history.ts";

/** What one operation did, in the words of a model. Equal calls can stand in for each other. */
export interface Call {
  readonly f: string;
  readonly input: Data;
  /** What it returned; null unless `isAnswered`. */
  readonly output: Data;
  /** False when nobody knows whether it happened: then it is legal with any output. */
  readonly isAnswered: boolean;
}

export function callOf({ input, output, result }: RecordedOperation, f: string): Call {
  return { f, input, output, isAnswered: result === "ok" };
}

/** The one text of a value: names of maps in order. Equal values have equal texts. */
export function canonicalText(value: Data): string {
  if (value === null || typeof value !== "object") return JSON.stringify(value);
  if (Array.isArray(value)) return `[${value.map(canonicalText).join(",")}]`;
  const entries = Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1));
  return `{${entries.map(([name, part]) => `${JSON.stringify(name)}:${canonicalText(part)}`).join(",")}}`;
}
