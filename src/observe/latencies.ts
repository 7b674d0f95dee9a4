import { Histogram } from "./histogram.ts";
import type { OperationKind } from "../operations/operation.ts";

/** How long operations of one kind took, in milliseconds: see `Histogram` for how exact that is. */
export interface LatencyReport {
  readonly count: number;
  readonly p50Ms: number;
  readonly p90Ms: number;
  readonly p99Ms: number;
  readonly p999Ms: number;
  readonly maxMs: number;
}

/** By kind; only of kinds that there were. Errors count as well: a deadline is a latency too. */
export type LatencyReports = Readonly<Partial<Record<OperationKind, LatencyReport>>>;

export interface Latencies {
  record(kind: OperationKind, durationMs: number): void;
  /** O(kinds × buckets). */
  report(): LatencyReports;
}

export function createLatencies(): Latencies {
  const histograms = new Map<OperationKind, Histogram>();
  return {
    record(kind, durationMs) {
      let histogram = histograms.get(kind);
      if (histogram === undefined) histograms.set(kind, (histogram = new Histogram()));
      histogram.record(durationMs);
    },
    report() {
      const reports: Partial<Record<OperationKind, LatencyReport>> = {};
      for (const [kind, histogram] of histograms) {
        reports[kind] = {
          count: histogram.count,
          p50Ms: histogram.quantileMs(0.5),
          p90Ms: histogram.quantileMs(0.9),
          p99Ms: histogram.quantileMs(0.99),
          p999Ms: histogram.quantileMs(0.999),
          maxMs: histogram.maxMs,
        };
      }
      return reports;
    },
  };
}
