import type { TraceEvent } from "../kernel/trace-sink.ts";

/**
 * The one line that stands for an event, in trace files and under the hash. Its keys come in a fixed order, and
 * so do those of `data`, which the code that records an event always writes in the same order.
 *
 * Never throws: recording a run must not change it.
 */
export function canonicalLine({ index, timeUs, machine, kind, cause, activity, data }: TraceEvent): string {
  const event = { index, timeUs, machine, kind, cause, activity, data };
  try {
    return JSON.stringify(event);
  } catch {
    // A bigint, or an object within itself.
    return JSON.stringify({ ...event, data: "cannot be written as JSON" });
  }
}
