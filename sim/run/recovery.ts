import { type History, REFUSED } from "./history.ts";
import type { Plan } from "./plan.ts";

/**
 * How long clients still suffered after the last fault had ended, in microseconds: until the end of the last
 * operation that was not answered `ok`, 0 when none was; null when an operation failed and none succeeded after
 * it. (What must have recovered by the end of the settle phase is a matter for the invariants.)
 *
 * It is seen through the clients' eyes, so it is as fine as the time between their operations.
 */
export function recoveryUs(history: History, { faults }: Plan): number | null {
  const healUs = faults.reduce((latest, { endMs }) => Math.max(latest, Math.round(endMs * 1000)), 0);
  let lastBadUs = healUs;
  let lastGoodUs = -1;
  for (const { result, error, callUs, returnUs } of history) {
    // What the policy cannot do says nothing of its health.
    if (error === REFUSED) continue;
    if (result === "ok") lastGoodUs = Math.max(lastGoodUs, callUs);
    else lastBadUs = Math.max(lastBadUs, returnUs);
  }
  if (lastBadUs === healUs) return 0;
  return lastGoodUs >= lastBadUs ? lastBadUs - healUs : null;
}
