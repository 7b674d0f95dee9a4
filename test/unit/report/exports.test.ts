import { beforeAll, describe, expect, test } from "vitest";
import { EXPORT_KINDS, type ExportKind } from "../../../sim/report/export/kinds.ts";
import { exportLines } from "../../../sim/report/export/index.ts";
import { MERMAID_CHARACTERS_MAX } from "../../../sim/report/export/mermaid.ts";
import { SHIVIZ_EXPRESSION, vectorClocks } from "../../../sim/report/export/shiviz.ts";
import { loadTrace } from "../../../sim/trace/load-trace.ts";
import type { Replay } from "../../../sim/trace/replay.ts";
import { replayCache } from "../../support/cache-plan.ts";
import { splitPlan } from "../../support/failing-page.ts";

let replayed: Replay;
beforeAll(async () => {
  replayed = await replayCache(splitPlan());
});

function exported(kind: ExportKind): string {
  return [...exportLines(kind, replayed, { code: "1.2.3", node: "v20.19.0" })].join("");
}

/** The rules of the Trace Event Format for the phases that are used. */
interface TraceEntry {
  readonly ph: string;
  readonly pid: number;
  readonly tid: number;
  readonly ts?: number;
  readonly dur?: number;
  readonly cat?: string;
  readonly id?: string | number;
  readonly name: string;
  readonly bp?: string;
}

describe("a Perfetto trace", () => {
  test("keeps the rules of the format", () => {
    const { traceEvents, displayTimeUnit } = JSON.parse(exported("perfetto")) as {
      readonly traceEvents: readonly TraceEntry[];
      readonly displayTimeUnit: string;
    };
    expect(displayTimeUnit).toBe("ms");
    const open = new Map<string, number>();
    for (const entry of traceEvents) {
      expect(entry.ph).toMatch(/^[MbeXsf]$/);
      expect(entry.name).toBeTypeOf("string");
      expect(Number.isInteger(entry.pid) && Number.isInteger(entry.tid)).toBe(true);
      if (entry.ph !== "M") expect(entry.ts).toBeGreaterThanOrEqual(0);
      if (entry.ph === "X") expect(entry.dur).toBeGreaterThan(0);
      // Spans are joined by category, id and name; a flow by category and id.
      const span = `${entry.cat} ${entry.id} ${entry.name}`;
      if (entry.ph === "b") open.set(span, (open.get(span) ?? 0) + 1);
      if (entry.ph === "e") open.set(span, (open.get(span) ?? 0) - 1);
    }
    expect([...open.values()].every((balance) => balance === 0)).toBe(true);
    expect(open.size).toBe(replayed.outcome.record.history.length + replayed.outcome.plan.faults.length);
  });

  test("has each flow begin and end within a slice of its machine", () => {
    const { traceEvents } = JSON.parse(exported("perfetto")) as {
      readonly traceEvents: readonly TraceEntry[];
    };
    const slices = new Set(traceEvents.filter(({ ph }) => ph === "X").map(({ tid, ts }) => `${tid} ${ts}`));
    const flows = traceEvents.filter(({ ph }) => ph === "s" || ph === "f");
    const begun = new Set(flows.filter(({ ph }) => ph === "s").map(({ id }) => id));
    const delivered = replayed.events.filter(({ kind }) => kind === "net.deliver");
    expect(flows.filter(({ ph }) => ph === "f")).toHaveLength(delivered.length);
    for (const { ph, id, tid, ts, bp } of flows) {
      expect(slices.has(`${tid} ${ts}`)).toBe(true);
      if (ph === "f") expect(begun.has(id) && bp === "e").toBe(true);
    }
  });
});

describe("a ShiViz log", () => {
  test("is read by its own expression, event by event, with valid vector clocks", () => {
    const [expression = "", separator, ...rest] = exported("shiviz").split("\n");
    expect(expression).toBe(SHIVIZ_EXPRESSION);
    expect(separator).toBe("");
    const parsed = [...rest.join("\n").trim().matchAll(new RegExp(expression, "g"))];
    expect(parsed).toHaveLength(replayed.events.length);
    const own = new Map<string, number>();
    for (const [place, match] of parsed.entries()) {
      const { event = "", host = "", clock = "" } = match.groups ?? {};
      const times = JSON.parse(clock) as Record<string, number>;
      expect(event).toMatch(new RegExp(`^#${place} `));
      expect(host).toBe(replayed.events[place]?.machine ?? "world");
      // What ShiViz demands: a host counts its own events without a gap, from 1.
      expect(times[host]).toBe((own.get(host) ?? 0) + 1);
      own.set(host, times[host] ?? 0);
      expect(Object.values(times).every((time) => Number.isInteger(time) && time > 0)).toBe(true);
    }
  });

  test("orders two events exactly if a chain of causes or of one host's events leads from one to the other", () => {
    const events = replayed.events.slice(0, 150);
    const clocks = vectorClocks(events);
    const before = events.map(() => new Set<number>());
    const lastOf = new Map<string | null, number>();
    for (const { index, cause, machine } of events) {
      for (const earlier of [cause, lastOf.get(machine) ?? -1]) {
        if (earlier < 0) continue;
        before[index]?.add(earlier);
        for (const each of before[earlier] ?? []) before[index]?.add(each);
      }
      lastOf.set(machine, index);
    }
    for (const [b, later] of clocks.entries()) {
      for (const [a, earlier] of clocks.entries()) {
        if (a === b) continue;
        const isBelow = Object.entries(earlier).every(([host, time]) => time <= (later[host] ?? 0));
        expect(isBelow).toBe(before[b]?.has(a));
      }
    }
  });
});

describe("a Mermaid diagram", () => {
  test("has lines that the grammar allows, and is short enough to be shown", () => {
    const text = exported("mermaid");
    const [head, ...lines] = text.trimEnd().split("\n");
    expect(head).toBe("sequenceDiagram");
    expect(text.length).toBeLessThanOrEqual(MERMAID_CHARACTERS_MAX);
    const participants = new Set<string>();
    const arrows = lines.filter((line) => {
      const declared = /^ {2}participant ([cm]\d+) as [^;\n]+$/.exec(line)?.[1];
      if (declared !== undefined) participants.add(declared);
      const [, from = "", to = ""] = /^ {2}([cm]\d+)(?:->>|-->>|-x)([cm]\d+): [^\n]+$/.exec(line) ?? [];
      const note = /^ {2}Note over ([cm]\d+(?:,[cm]\d+)?): [^\n]+$/.exec(line)?.[1];
      expect(declared !== undefined || from !== "" || note !== undefined, line).toBe(true);
      for (const name of [from, to, ...(note ?? "").split(",")]) {
        if (name !== "") expect(participants.has(name)).toBe(true);
      }
      // A semicolon would end the statement; only entity codes may have one.
      expect(line.replaceAll(/#\d+;/g, "")).not.toMatch(/[;#]/);
      return from !== "";
    });
    expect(arrows.length).toBeGreaterThan(5);
    expect(arrows.length).toBeLessThanOrEqual(500);
  });
});

interface OtlpSpan {
  readonly traceId: string;
  readonly spanId: string;
  readonly parentSpanId?: string;
  readonly name: string;
  readonly kind: number;
  readonly startTimeUnixNano: string;
  readonly endTimeUnixNano: string;
  readonly status: { readonly code: number };
}

describe("an OTLP export", () => {
  test("has the names, ids and times of the protocol's JSON", () => {
    const { resourceSpans } = JSON.parse(exported("otlp")) as {
      readonly resourceSpans: readonly {
        readonly resource: { readonly attributes: readonly { readonly key: string }[] };
        readonly scopeSpans: readonly {
          readonly scope: { readonly name: string };
          readonly spans: readonly OtlpSpan[];
        }[];
      }[];
    };
    const spans = resourceSpans.flatMap(({ scopeSpans }) => scopeSpans.flatMap((scope) => scope.spans));
    expect(resourceSpans.every(({ resource }) => resource.attributes[0]?.key === "service.name")).toBe(true);
    const byId = new Map(spans.map((span) => [span.spanId, span]));
    expect(byId.size).toBe(spans.length);
    for (const { traceId, spanId, parentSpanId, kind, startTimeUnixNano, endTimeUnixNano, status } of spans) {
      expect(traceId).toMatch(/^(?!0{32})[0-9a-f]{32}$/);
      expect(spanId).toMatch(/^(?!0{16})[0-9a-f]{16}$/);
      expect([3, 4]).toContain(kind);
      expect([1, 2]).toContain(status.code);
      expect(startTimeUnixNano).toMatch(/^[1-9]\d*$/);
      expect(BigInt(endTimeUnixNano)).toBeGreaterThanOrEqual(BigInt(startTimeUnixNano));
      if (parentSpanId !== undefined) expect(byId.get(parentSpanId)?.traceId).toBe(traceId);
    }
    const roots = spans.filter(({ kind }) => kind === 3);
    expect(roots).toHaveLength(replayed.outcome.record.history.length);
    expect(spans.length).toBeGreaterThan(roots.length);
  });
});

test("the lines of a trace are a trace file, unpacked", () => {
  const known = { systems: ["cache"], policies: ["seed"], invariants: [] };
  const loaded = loadTrace(Buffer.from(exported("jsonl")), "t.jsonl", known);
  expect(loaded).toMatchObject({ ok: true, value: { traceHash: replayed.traceHash } });
  expect(EXPORT_KINDS.map(exported).every((text) => text.endsWith("\n"))).toBe(true);
});
