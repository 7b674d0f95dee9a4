import type { HistoryEvent } from "./history-event.ts";
import { HISTORY_FORMAT, HISTORY_VERSION, type JsonOperation } from "./jsonl-history.ts";
import { lineUpEvents } from "./line-up-events.ts";
import type { Data, RecordedHistory } from "./recorded-history.ts";

/** A form that histories can be written in. */
export interface HistoryWriter {
  readonly name: "jsonl" | "edn" | "jepsen";
  /** Lines, each with its end. */
  readonly write: (history: RecordedHistory) => Iterable<string>;
}

export const historyWriters: readonly HistoryWriter[] = [
  { name: "jsonl", write: jsonlLines },
  { name: "edn", write: ednLines },
  { name: "jepsen", write: jepsenLogLines },
];

/** Everything, exactly. An operation without a time gets its place instead. */
function* jsonlLines({ operations, clockSkewMs }: RecordedHistory): Generator<string> {
  const header = { format: HISTORY_FORMAT, version: HISTORY_VERSION, clockSkewMs };
  yield `${JSON.stringify(header)}\n`;
  for (const operation of operations) {
    const { process, f, key, input, output, isAbsent, result, callAt, returnAt, callUs, returnUs, ttlMs } =
      operation;
    const endUs = callUs === undefined ? returnAt : (returnUs ?? Number.POSITIVE_INFINITY);
    const line: JsonOperation = {
      process,
      f,
      key,
      input,
      output,
      isAbsent,
      result,
      callUs: callUs ?? callAt,
      returnUs: endUs === Number.POSITIVE_INFINITY ? null : endUs,
      ttlMs,
    };
    yield `${JSON.stringify(line)}\n`;
  }
}

/**
 * As Jepsen keeps histories, for Knossos and others. Values are pairs of key and value where there are keys, times are
 * nanoseconds; `:ttl-ms` and `:found false` are names of our own, which others pass over.
 */
function* ednLines(history: RecordedHistory): Generator<string> {
  let index = 0;
  for (const event of lineUpEvents(history)) {
    const { process, type, f, timeUs, ttlMs, isAbsent } = event;
    const fields = [
      `:process ${process}`,
      `:type :${type}`,
      `:f :${f}`,
      `:value ${valueText(event)}`,
      ...(timeUs === undefined ? [] : [`:time ${ednText(Math.round(timeUs * 1000))}`]),
      `:index ${index++}`,
      ...(ttlMs === undefined ? [] : [`:ttl-ms ${ednText(ttlMs)}`]),
      ...(isAbsent === true ? [":found false"] : []),
    ];
    yield `{${fields.join(", ")}}\n`;
  }
}

/** As Jepsen logs them: without times and times to live. */
function* jepsenLogLines(history: RecordedHistory): Generator<string> {
  for (const event of lineUpEvents(history)) {
    const { process, type, f } = event;
    yield `INFO  jepsen.util - ${process}\t:${type}\t:${f}\t${valueText(event)}\n`;
  }
}

function valueText({ key, value }: HistoryEvent): string {
  return ednText(key === null ? value : [key, value]);
}

function ednText(value: Data): string {
  if (value === null) return "nil";
  if (typeof value === "number") return numberText(value);
  if (typeof value !== "object") return JSON.stringify(value);
  if (Array.isArray(value)) return `[${value.map(ednText).join(" ")}]`;
  const entries = Object.entries(value).map(([name, part]) => `${JSON.stringify(name)} ${ednText(part)}`);
  return `{${entries.join(", ")}}`;
}

/** A whole number beyond those that are exact is written as what it is, a fraction that was rounded. */
function numberText(value: number): string {
  const text = String(value);
  return Number.isSafeInteger(value) || !/^-?\d+$/.test(text) ? text : `${text}.0`;
}
