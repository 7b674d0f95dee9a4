import { canonicalLine } from "../trace/canonical-line.ts";
import type { Replay } from "../trace/replay.ts";

export const TRACE_FORMAT = "cache-sim/trace";
export const TRACE_VERSION = 1;

/**
 * The lines of a trace file: a header, then the canonical line of each event, over which the trace hash is.
 *
 * @param nodeVersion as in `process.version`
 */
export function* traceLines({ outcome, events }: Replay, nodeVersion: string): Generator<string> {
  yield `${JSON.stringify({ format: TRACE_FORMAT, version: TRACE_VERSION, node: nodeVersion, plan: outcome.plan })}\n`;
  for (const event of events) yield `${canonicalLine(event)}\n`;
}
