import type { Outcome } from "../../run/outcome.ts";
import { type Figure, ratio } from "./figure.ts";
import { isAnswered, isRead, workloadOperations } from "./workload-operations.ts";

/** The share of answered reads that found a value. */
export function hitRatio({ record }: Outcome): Figure {
  const answered = workloadOperations(record).filter(
    (operation) => isRead(operation) && isAnswered(operation),
  );
  return ratio(answered.filter(({ value }) => value !== null).length, answered.length);
}
