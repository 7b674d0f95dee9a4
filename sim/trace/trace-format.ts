import type { Plan } from "../run/plan.ts";

export const TRACE_FORMAT = "cache-sim/trace";
export const TRACE_VERSION = 1;

/** The first line of a trace file. The others are the canonical lines of the events, over which the hash is. */
export interface TraceHeader {
  readonly format: typeof TRACE_FORMAT;
  readonly version: typeof TRACE_VERSION;
  /** Version of cache-sim that wrote it. */
  readonly code: string;
  /** As in `process.version`. */
  readonly node: string;
  readonly eventCount: number;
  /** SHA-256 over the lines that follow, in hexadecimal. */
  readonly traceHash: string;
  readonly plan: Plan;
}
