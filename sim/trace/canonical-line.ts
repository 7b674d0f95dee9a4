import type { TraceEvent } from "../kernel/trace-sink.ts";

/**
 * The one line that stands for an event, in trace files and under the hash. Its keys come in a fixed order, and
 * so do those of `data`, which the code that records an event always writes in the same order.
 */
export function canonicalLine({ index, timeUs, machine, kind, cause, activity, data }: TraceEvent): string {
  return JSON.stringify({ index, timeUs, machine, kind, cause, activity, data });
}
