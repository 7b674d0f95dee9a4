import { createHash } from "node:crypto";
import type { Operation } from "../../run/history.ts";
import { sendOf } from "../../trace/causality.ts";
import type { Replay } from "../../trace/replay.ts";
import { requestText, resultText } from "../certificate.ts";
import { eventText } from "../event-text.ts";
import type { Writer } from "../trace-lines.ts";
import { jsonDocument } from "./json-document.ts";

/**
 * An OTLP trace export request in its JSON encoding (OpenTelemetry protocol 1.x): ids in hexadecimal, times as
 * strings of nanoseconds, enumerations as numbers. A client's operation is a trace with a root span; each message
 * sent for it is a span from its send to its arrival, under the message or the operation that caused it.
 *
 * Virtual time has no date, and tools take a time of zero for a missing one: it starts with the year 2000.
 */
const EPOCH_NS = 946_684_800_000_000_000n;
const KIND = { client: 3, producer: 4 } as const;
const STATUS = { ok: 1, error: 2 } as const;

interface Span {
  readonly service: string;
  readonly traceId: string;
  readonly spanId: string;
  readonly parentSpanId?: string;
  readonly name: string;
  readonly kind: number;
  readonly startUs: number;
  readonly endUs: number;
  readonly attributes: Readonly<Record<string, string | number>>;
  readonly status: object;
}

export function otlpLines(replay: Replay, { code }: Writer): Iterable<string> {
  const byService = new Map<string, Span[]>();
  for (const span of spansOf(replay)) {
    const spans = byService.get(span.service);
    if (spans === undefined) byService.set(span.service, [span]);
    else spans.push(span);
  }
  const resources = [...byService].map(([service, spans]) => ({
    resource: { attributes: attributes({ "service.name": service }) },
    scopeSpans: [{ scope: { name: "cache-sim", version: code }, spans: spans.map(encode) }],
  }));
  return jsonDocument('{"resourceSpans":[\n', resources, "\n]}\n");
}

function* spansOf({ outcome, events, traceHash }: Replay): Generator<Span> {
  const { history, endUs } = outcome.record;
  const traceOf = (activity: string) => idOf(`${traceHash} ${activity}`, 32);
  const spanOf = (name: string) => idOf(`${traceHash} span ${name}`, 16);
  const roots = new Set(history.map(({ id }) => id));
  for (const operation of history)
    yield operationSpan(operation, traceOf(operation.id), spanOf(operation.id), endUs);
  /** The message in whose arrival an event has its cause. */
  const within = new Map<number, number>();
  for (const event of events) {
    const { index, cause, kind, activity, timeUs, machine } = event;
    const sent = sendOf(events, event);
    const isEnd = sent !== null && (kind === "net.deliver" || kind === "net.drop");
    const around = within.get(cause);
    if (kind === "net.deliver" && sent !== null) within.set(index, index);
    else if (around !== undefined) within.set(index, around);
    if (!isEnd) continue;
    const outer = within.get(sent.index);
    const isSame = outer !== undefined && events[outer]?.activity === activity;
    const parent = isSame ? spanOf(String(outer)) : roots.has(activity) ? spanOf(activity) : undefined;
    yield {
      service: sent.machine ?? "world",
      traceId: traceOf(activity),
      spanId: spanOf(String(index)),
      ...(parent !== undefined && { parentSpanId: parent }),
      name: `${sent.machine} to ${machine}`,
      kind: KIND.producer,
      startUs: sent.timeUs,
      endUs: timeUs,
      attributes: {
        "cache_sim.event": index,
        "cache_sim.send": sent.index,
        "cache_sim.what": eventText(event, undefined),
      },
      status: kind === "net.drop" ? { code: STATUS.error, message: "lost" } : { code: STATUS.ok },
    };
  }
}

function operationSpan(operation: Operation, traceId: string, spanId: string, endUs: number): Span {
  const { id, client, machine, key, result } = operation;
  return {
    service: client,
    traceId,
    spanId,
    name: requestText(operation),
    kind: KIND.client,
    startUs: operation.callUs,
    endUs: Math.min(operation.returnUs, endUs),
    attributes: { "cache_sim.operation": id, "cache_sim.machine": machine, "cache_sim.key": key },
    status: result === "ok" ? { code: STATUS.ok } : { code: STATUS.error, message: resultText(operation) },
  };
}

function encode({
  traceId,
  spanId,
  parentSpanId,
  name,
  kind,
  startUs,
  endUs,
  status,
  ...span
}: Span): object {
  return {
    traceId,
    spanId,
    ...(parentSpanId !== undefined && { parentSpanId }),
    name,
    kind,
    startTimeUnixNano: nanos(startUs),
    endTimeUnixNano: nanos(endUs),
    attributes: attributes(span.attributes),
    status,
  };
}

function nanos(us: number): string {
  return String(EPOCH_NS + BigInt(Math.round(us)) * 1000n);
}

function attributes(values: Readonly<Record<string, string | number>>): object[] {
  return Object.entries(values).map(([key, value]) => ({
    key,
    value: typeof value === "number" ? { intValue: String(value) } : { stringValue: value },
  }));
}

function idOf(text: string, length: number): string {
  return createHash("sha256").update(text).digest("hex").slice(0, length);
}
