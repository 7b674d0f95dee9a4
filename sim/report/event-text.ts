import type { TraceEvent } from "../kernel/trace-sink.ts";
import type { Operation, OperationKind } from "../run/history.ts";
import { requestText, resultText } from "./certificate.ts";
import { faultText } from "./plan-summary.ts";
import { visible } from "./visible.ts";

type Data = Readonly<Record<string, unknown>>;

/**
 * One event of a trace in words, without its time and place. Any kind is readable, known ones best.
 *
 * @param requestKind what an answered operation had asked for, since an answer alone does not say it
 */
export function eventText(
  { kind, data }: Pick<TraceEvent, "kind" | "data">,
  requestKind: OperationKind | undefined,
): string {
  const fields: Data = typeof data === "object" && data !== null ? (data as Data) : { data };
  if (kind === "client.return")
    return `${text(fields["id"])} has its answer: ${answerText(fields, requestKind)}`;
  const words = WORDS[kind];
  return words === undefined ? `${visible(kind)} ${dataText(data)}` : words(fields);
}

const WORDS: Readonly<Record<string, (data: Data) => string>> = {
  "fault.start": (data) => `fault begins: ${faultText(data as { kind: string } & Data)}`,
  "fault.stop": (data) => `fault ends: ${faultText(data as { kind: string } & Data)}`,
  "machine.boot": ({ incarnation }) => `boots, life ${String(incarnation)}`,
  "machine.crash": ({ incarnation }) => `CRASHES, end of life ${String(incarnation)}`,
  "client.call": (data) => `${text(data["id"])} asks: ${requestText(data as never)}`,
  "net.send": ({ to, message }) => `sends to ${text(to)}: ${dataText(message)}`,
  "net.deliver": ({ from, message }) => `receives from ${text(from)}: ${dataText(message)}`,
  "net.drop": ({ from, reason, message }) =>
    `LOST from ${text(from)} (${text(reason)}): ${dataText(message)}`,
  "net.reset": ({ peer }) => `learns that ${text(peer)} is down`,
  journal: ({ type, operation: _operation, ...data }) => `journal ${text(type)} ${dataText(data)}`.trimEnd(),
};

function answerText(data: Data, requestKind: OperationKind | undefined): string {
  const { result, value, error } = data as never as Pick<Operation, "result" | "value" | "error">;
  const kind = requestKind ?? (typeof value === "string" ? "get" : "set");
  return resultText({ kind, result, value, error });
}

function text(value: unknown): string {
  return visible(String(value));
}

/** Data as short as it stays readable: `store key=k1 version={"counter":3,"node":"n1"}`. */
function dataText(data: unknown): string {
  return visible(plainText(data));
}

function plainText(data: unknown): string {
  if (typeof data !== "object" || data === null || Array.isArray(data)) return scalarText(data);
  const fields = Object.entries(data).filter(([, value]) => value !== undefined && value !== null);
  return fields
    .map(([name, value], index) => {
      const isTag = index === 0 && typeof value === "string" && /^(kind|type|tag)$/.test(name);
      return isTag ? value : `${name}=${scalarText(value)}`;
    })
    .join(" ");
}

function scalarText(value: unknown): string {
  return typeof value === "string" && /^[^\s="{}[\],]+$/.test(value)
    ? value
    : (JSON.stringify(value) ?? "nothing");
}
