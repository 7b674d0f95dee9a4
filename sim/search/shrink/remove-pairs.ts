import type { Plan } from "../../run/plan.ts";
import type { Attempts } from "./attempts.ts";

/** With more there are too many pairs, and removing one by one is not done yet. */
const PARTS_MAX = 16;

/**
 * Leaves out two operations or faults at once: often one makes up for the other, as a set for the delete before it,
 * so that neither can go alone.
 */
export async function removePairs(attempts: Attempts): Promise<void> {
  const partCount = ({ operations, faults }: Plan): number => operations.length + faults.length;
  for (let second = partCount(attempts.plan) - 1; second > 0; second--) {
    if (partCount(attempts.plan) > PARTS_MAX) return;
    for (let first = second - 1; first >= 0; first--) {
      const { plan } = attempts;
      const operationCount = plan.operations.length;
      const isKept = (index: number): boolean => index !== first && index !== second;
      const operations = plan.operations.filter((_, index) => isKept(index));
      const faults = plan.faults.filter((_, index) => isKept(operationCount + index));
      if (await attempts.attempt({ ...plan, operations, faults })) {
        second = Math.min(second, partCount(attempts.plan));
        break;
      }
    }
  }
}
