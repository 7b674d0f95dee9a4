import { createHash } from "node:crypto";
import { gunzipSync } from "node:zlib";
import { z } from "zod";
import type { TraceEvent } from "../kernel/trace-sink.ts";
import type { KnownNames } from "../run/load/load-names.ts";
import { loadPlan } from "../run/load/load-plan.ts";
import { failed, type Loaded, shown } from "../run/load/load-problem.ts";
import type { FileKind } from "../run/load/load-text.ts";
import type { Plan } from "../run/plan.ts";
import { TRACE_FORMAT, TRACE_VERSION } from "./trace-format.ts";

export const traceFile: FileKind = {
  what: "a trace",
  bytesMax: 134_217_728,
  hint: "`cache-sim replay FILE --trace FILE.jsonl.gz` writes one",
};

/** Unpacked: a million events have some 300 MB. */
const TEXT_BYTES_MAX = 500_000_000;

/** A trace as it was written, whole and unchanged: its hash was checked. */
export interface LoadedTrace {
  readonly plan: Plan;
  readonly traceHash: string;
  /** Versions of cache-sim and of Node that wrote it. */
  readonly code: string;
  readonly node: string;
  readonly events: readonly TraceEvent[];
}

const headerSchema = z.object({
  code: z.string().max(100),
  node: z.string().max(100),
  eventCount: z.number().int().min(0),
  traceHash: z.string().regex(/^[0-9a-f]{64}$/),
});

const eventSchema = z.strictObject({
  index: z.number().int().min(0),
  timeUs: z.number().min(0),
  machine: z.string().nullable(),
  kind: z.string(),
  cause: z.number().int().min(-1),
  activity: z.string(),
  data: z.unknown(),
});

const WRITE_AGAIN = "write it again with `cache-sim replay PLAN --trace FILE.jsonl.gz`";
const CUT_OFF = `it was cut off: copy it again, or ${WRITE_AGAIN}`;

/**
 * A trace from the bytes of its file (gzip, or the plain lines), or what is wrong with it. Pure.
 *
 * @param file the name to show in problems
 */
export function loadTrace(bytes: Uint8Array, file: string, known: KnownNames): Loaded<LoadedTrace> {
  const text = unpack(bytes);
  if ("problem" in text) return failedFile(file, text.problem);
  const headerEnd = text.value.indexOf("\n");
  const header = parseLine(headerEnd < 0 ? text.value : text.value.slice(0, headerEnd));
  const foreign = foreignProblem(header);
  if (foreign !== null) return failedFile(file, foreign, 1);
  if (headerEnd < 0) return failedFile(file, CUT_OFF, 1);
  const parsed = headerSchema.safeParse(header);
  if (!parsed.success) return failedFile(file, `the header is damaged: ${WRITE_AGAIN}`, 1);
  const { plan: given } = header as { readonly plan?: unknown };
  const plan = loadPlan(JSON.stringify(given ?? null, null, 1), `${file} (plan in the header)`, known);
  if (!plan.ok) return plan;

  const { eventCount, traceHash, code, node } = parsed.data;
  const body = text.value.slice(headerEnd + 1);
  const lines = body.split("\n");
  const isEnded = lines.pop() === "";
  if (lines.length < eventCount || !isEnded) {
    return failedFile(file, `${lines.length} of ${eventCount} events are there; ${CUT_OFF}`);
  }
  if (createHash("sha256").update(body).digest("hex") !== traceHash) {
    return failedFile(
      file,
      `its events do not have the hash in its header, so it was changed after it was written: ${WRITE_AGAIN}; ` +
        "to try a change, edit the plan and not the trace",
    );
  }
  const events: TraceEvent[] = [];
  for (const [place, line] of lines.entries()) {
    const event = eventSchema.safeParse(parseLine(line));
    if (!event.success || event.data.index !== place || event.data.cause >= place) {
      return failedFile(file, `expected event ${place} of the trace: ${WRITE_AGAIN}`, place + 2);
    }
    events.push(event.data);
  }
  return { ok: true, value: { plan: plan.value, traceHash, code, node, events } };
}

/** True for bytes that begin as a gzip file does. */
export function isGzip(bytes: Uint8Array): boolean {
  return bytes[0] === 0x1f && bytes[1] === 0x8b;
}

function unpack(bytes: Uint8Array): { readonly value: string } | { readonly problem: string } {
  if (bytes.length === 0) return { problem: `the file is empty: expected a trace; ${traceFile.hint}` };
  try {
    const plain = isGzip(bytes) ? gunzipSync(bytes, { maxOutputLength: TEXT_BYTES_MAX }) : bytes;
    if (plain.length > TEXT_BYTES_MAX) return { problem: TOO_LARGE };
    return { value: new TextDecoder("utf-8", { fatal: true }).decode(plain) };
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === "Z_BUF_ERROR") return { problem: `the file ends in the middle of a trace; ${CUT_OFF}` };
    if (code === "ERR_BUFFER_TOO_LARGE") return { problem: TOO_LARGE };
    if (code === "ERR_ENCODING_INVALID_ENCODED_DATA") {
      return { problem: `not a trace: expected lines of JSON, packed with gzip; ${traceFile.hint}` };
    }
    return { problem: `damaged (gzip cannot unpack it): copy it again, or ${WRITE_AGAIN}` };
  }
}

const TOO_LARGE = `larger than ${TEXT_BYTES_MAX / 1_000_000} MB unpacked, the most that a trace may have`;

function parseLine(line: string): unknown {
  try {
    return JSON.parse(line);
  } catch {
    return undefined;
  }
}

function foreignProblem(header: unknown): string | null {
  const { format, version } = (typeof header === "object" && header !== null ? header : {}) as {
    readonly format?: unknown;
    readonly version?: unknown;
  };
  if (format !== TRACE_FORMAT) {
    const got = format === undefined ? "no format" : `format ${shown(format)}`;
    return `expected a header with format "${TRACE_FORMAT}", got ${got}: this is not a trace; ${traceFile.hint}`;
  }
  if (version === TRACE_VERSION) return null;
  const isNewer = typeof version === "number" && version > TRACE_VERSION;
  const advice = isNewer ? "it was written by a newer cache-sim: update this one" : WRITE_AGAIN;
  return `expected version ${TRACE_VERSION}, got ${shown(version)}: ${advice}`;
}

function failedFile(file: string, message: string, line: number | null = null): Loaded<never> {
  const position = line === null ? null : { line, column: 1 };
  return failed([{ file, position, path: "", message }]);
}
