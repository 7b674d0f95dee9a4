import type { History } from "./history.ts";
import type { Violation } from "./invariant.ts";

/**
 * Violations with the operations of their certificates as clients saw them, each once: a check may have judged one
 * operation as several, a compare-and-set as a read and a write.
 */
export function asRecorded(violations: readonly Violation[], history: History): readonly Violation[] {
  if (violations.length === 0) return violations;
  const byId = new Map(history.map((operation) => [operation.id, operation]));
  return violations.map((violation) => ({
    ...violation,
    operations: [...new Set(violation.operations.map((operation) => byId.get(operation.id) ?? operation))],
  }));
}
