import { createLineWriter } from "../trace/canonical-line.ts";
import type { Replay } from "../trace/replay.ts";
import { TRACE_FORMAT, TRACE_VERSION, type TraceHeader } from "../trace/trace-format.ts";

/** Who writes a trace: the version of cache-sim, and that of Node as in `process.version`. */
export interface Writer {
  readonly code: string;
  readonly node: string;
}

/** The lines of a trace file: a header, then the canonical line of each event, over which the trace hash is. */
export function* traceLines({ outcome, events, traceHash }: Replay, writer: Writer): Generator<string> {
  const header: TraceHeader = {
    format: TRACE_FORMAT,
    version: TRACE_VERSION,
    ...writer,
    eventCount: events.length,
    traceHash,
    plan: outcome.plan,
  };
  yield `${JSON.stringify(header)}\n`;
  const lineOf = createLineWriter();
  for (const event of events) yield `${lineOf(event)}\n`;
}
