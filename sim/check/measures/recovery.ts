import type { History, Operation } from "../../run/history.ts";
import type { Outcome } from "../../run/outcome.ts";
import { byKey } from "../by-key.ts";
import { staleReads } from "../register/register-staleness.ts";
import { type Figure, value } from "./figure.ts";
import { isRead, withoutCalls } from "./workload-operations.ts";

/**
 * How long after the end of the last fault the last client was refused, in milliseconds; null for a run without
 * faults, and for one in which that never ended.
 */
export function recoveryTime({ statistics: { recoveryUs }, plan }: Outcome): Figure {
  return value(plan.faults.length === 0 || recoveryUs === null ? null : recoveryUs / 1000);
}

/** Whether clients were still refused when a run with faults ended, so that its recovery has no time. */
export function hasNotRecovered({ statistics: { recoveryUs }, plan }: Outcome): boolean {
  return plan.faults.length > 0 && recoveryUs === null;
}

/**
 * How long after the end of the last fault clients still found what had been replaced, in milliseconds: until the
 * call of the last stale hit. 0 when there was none; null for a run without faults. Clients cannot see more of
 * whether replicas agree, and it is as fine as the time between their reads.
 */
export function convergenceTime({ record, plan }: Outcome): Figure {
  const { history } = withoutCalls(record);
  if (plan.faults.length === 0 || history.length === 0) return value(null);
  const healUs = plan.faults.reduce((latest, { endMs }) => Math.max(latest, endMs * 1000), 0);
  let lastUs = healUs;
  for (const operations of byKey(history).values()) {
    for (const { read } of staleReads(operations)) lastUs = Math.max(lastUs, read.callUs);
  }
  return value((lastUs - healUs) / 1000);
}

/**
 * How long reads of some key stayed out after a crash, in milliseconds: from the crash to the first answer to a read
 * of the key that was called after it, if one called before that was refused or never answered. The longest of all
 * crashes and keys; 0 when there was none, null for a run without crashes.
 */
export function readOutage(outcome: Outcome): Figure {
  return outageAfterCrash(outcome, isRead);
}

/** The same of sets and deletes. */
export function writeOutage(outcome: Outcome): Figure {
  return outageAfterCrash(outcome, (operation) => !isRead(operation));
}

function outageAfterCrash({ record }: Outcome, counts: (operation: Operation) => boolean): Figure {
  const crashes = [...record.crashedAtUs.values()];
  if (crashes.length === 0) return value(null);
  let longestUs = 0;
  for (const operations of byKey(record.history.filter(counts)).values()) {
    for (const crashUs of crashes) {
      longestUs = Math.max(longestUs, outageUs(operations, crashUs, record.endUs));
    }
  }
  return value(longestUs / 1000);
}

/** Until the end of the run if nothing was answered any more. */
function outageUs(operations: History, crashUs: number, endUs: number): number {
  let backUs = Infinity;
  for (const { callUs, returnUs, result } of operations) {
    if (result === "ok" && callUs >= crashUs) backUs = Math.min(backUs, returnUs);
  }
  const isOut = operations.some(
    ({ callUs, returnUs, result }) =>
      result !== "ok" && returnUs >= crashUs && callUs >= crashUs && callUs < backUs,
  );
  return isOut ? Math.min(backUs, endUs) - crashUs : 0;
}
