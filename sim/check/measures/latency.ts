import type { Outcome } from "../../run/outcome.ts";
import { type Figure, samples } from "./figure.ts";
import { isAnswered, isRead, workloadOperations } from "./workload-operations.ts";

/** How long reads took that were answered, in milliseconds. What was refused or timed out counts as unavailable. */
export function readLatency({ record }: Outcome): Figure {
  return latency(workloadOperations(record).filter(isRead));
}

/** The same of sets and deletes. */
export function writeLatency({ record }: Outcome): Figure {
  return latency(workloadOperations(record).filter((operation) => !isRead(operation)));
}

function latency(operations: ReturnType<typeof workloadOperations>): Figure {
  return samples(operations.filter(isAnswered).map(({ callUs, returnUs }) => (returnUs - callUs) / 1000));
}
