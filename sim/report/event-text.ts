import type { TraceEvent } from "../kernel/trace-sink.ts";
import type { Operation, OperationKind } from "../run/history.ts";
import { requestText, resultText } from "./certificate.ts";
import { faultText } from "./plan-summary.ts";
import { exactSpan } from "./units.ts";
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
  if (kind === "client.return") {
    const happens = fields["error"] === "deadline" ? "gives up" : "has its answer";
    return `${text(fields["id"])} ${happens}: ${answerText(fields, requestKind)}`;
  }
  const words = WORDS[kind];
  return words === undefined ? `${visible(kind)} ${dataText(data)}` : words(fields);
}

const WORDS: Readonly<Record<string, (data: Data) => string>> = {
  "fault.start": (data) => `fault begins: ${faultText(data as { kind: string } & Data)}`,
  "fault.stop": (data) => `fault ends: ${faultText(data as { kind: string } & Data)}`,
  "fault.step": ({ kind, what }) => `fault goes on: ${text(kind)} ${text(what)}`,
  "machine.boot": ({ incarnation }) => `boots, life ${String(incarnation)}`,
  "machine.crash": ({ incarnation }) => `CRASHES, end of life ${String(incarnation)}`,
  "machine.resume": ({ waitedUs }) => `takes up what has waited ${exactSpan(Number(waitedUs) / 1000)}`,
  "process.kill": ({ process }) => `background process ${text(process)} FAILS`,
  "hook.detour": ({ detour }) => `takes the detour ${text(detour)}`,
  "hook.crashpoint": ({ point }) => `is to die at ${text(point)}`,
  "operator.call": (change) => `is asked by the operator to ${changeText(change)}`,
  "operator.return": ({ isDone, problem, ...change }) =>
    isDone === true
      ? `tells the operator that it is done: ${changeText(change)}`
      : `FAILS the operator (${text(problem)}): ${changeText(change)}`,
  "client.call": (data) => `${text(data["id"])} asks: ${requestText(data as never)}`,
  "net.send": ({ to, message }) => `sends to ${text(to)}: ${dataText(message)}`,
  "net.deliver": ({ from, message }) => `receives from ${text(from)}: ${dataText(message)}`,
  "net.drop": ({ from, reason, message }) =>
    `LOST from ${text(from)} (${text(reason)}): ${dataText(message)}`,
  "disk.append": ({ bytes }) => `writes ${String(bytes)} bytes to its disk`,
  "disk.sync": ({ bytes }) => `has ${String(bytes)} bytes safe on its disk`,
  "disk.replace": ({ bytes }) => `has replaced its file by ${String(bytes)} bytes`,
  "disk.full": () => "DISK FULL, nothing written",
  "disk.failure": ({ what }) => `DISK FAILS: ${text(what)}`,
  "disk.loss": ({ bytes, of }) =>
    `LOST the last ${String(bytes)} of ${String(of)} bytes that were not synced`,
  "disk.rot": ({ byte }) => `BIT FLIPPED in byte ${String(byte)} of its file`,
  "net.corrupt": ({ from, bits }) =>
    `DAMAGED on the way from ${text(from)}: bit ${Array.isArray(bits) ? bits.map(text).join(", ") : text(bits)}`,
  "net.hold": ({ from, message }) => `HELD UP from ${text(from)}: ${dataText(message)}`,
  "net.reset": ({ peer }) => `learns that ${text(peer)} is down`,
  journal: ({ type, operation: _operation, ...data }) => `journal ${text(type)} ${dataText(data)}`.trimEnd(),
};

/** "add s1, remove n2": the lists of a change that are not empty. */
function changeText(data: Data): string {
  const words = ["add", "drain", "remove"].flatMap((verb) => {
    const machines = data[verb];
    return Array.isArray(machines) && machines.length > 0 ? [`${verb} ${machines.map(text).join(" ")}`] : [];
  });
  return words.length === 0 ? "change nothing" : words.join(", ");
}

function answerText(data: Data, requestKind: OperationKind | undefined): string {
  const { result, value, error, effect, output } = data as never as Pick<
    Operation,
    "result" | "value" | "error" | "effect" | "output"
  >;
  const kind = requestKind ?? (typeof value === "string" ? "get" : "set");
  return resultText({
    kind,
    result,
    value,
    error,
    ...(effect !== undefined && { effect, found: value }),
    ...(output !== undefined && { output }),
  });
}

function text(value: unknown): string {
  return visible(String(value));
}

/** Data as short as it stays readable: `store key=k1 record={version=3.n1@1 value="x y"}`. */
function dataText(data: unknown): string {
  return visible(plainText(data, 0));
}

/** Deeper data is not for a line of text. */
const DEPTH_MAX = 4;

function plainText(data: unknown, depth: number): string {
  if (typeof data !== "object" || data === null) return scalarText(data);
  if (depth >= DEPTH_MAX) return "…";
  if (Array.isArray(data)) return data.map((item) => nestedText(item, depth)).join(", ");
  const fields = Object.entries(data).filter(([, value]) => value !== undefined && value !== null);
  return fields
    .map(([name, value], index) => {
      const isTag = depth === 0 && index === 0 && typeof value === "string" && /^(kind|type|tag)$/.test(name);
      return isTag ? value : `${name}=${nestedText(value, depth)}`;
    })
    .join(" ");
}

function nestedText(value: unknown, depth: number): string {
  if (typeof value !== "object" || value === null) return scalarText(value);
  const inner = plainText(value, depth + 1);
  return Array.isArray(value) ? `[${inner}]` : `{${inner}}`;
}

function scalarText(value: unknown): string {
  return typeof value === "string" && /^[^\s="{}[\],]+$/.test(value)
    ? value
    : (JSON.stringify(value) ?? "nothing");
}
