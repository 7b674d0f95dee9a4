import type { Outcome } from "../../run/outcome.ts";
import { byKey } from "../by-key.ts";
import { acknowledgedWritesSurvive } from "../invariants/acknowledged-writes-survive.ts";
import { linearizable } from "../invariants/linearizable.ts";
import { noExpiredHit } from "../invariants/no-expired-hit.ts";
import { type Figure, ratio } from "./figure.ts";
import { withoutCalls } from "./workload-operations.ts";

/**
 * Of the keys with an acknowledged set that were read when all had settled: how many have lost it. With one set a
 * key that is the share of acknowledged writes that are lost. Of several, only the last can be seen to be lost: who
 * knows whether an earlier one was there when it was replaced?
 */
export function lostWrites(outcome: Outcome): Figure {
  const record = withoutCalls(outcome.record);
  const settleUs = Math.round(record.plan.phases.settleMs * 1000);
  let whole = 0;
  for (const operations of byKey(record.history).values()) {
    const isWritten = operations.some(({ kind, result }) => kind === "set" && result === "ok");
    const isReadAtEnd = operations.some(
      ({ kind, result, callUs }) => kind === "get" && result === "ok" && callUs >= settleUs,
    );
    if (isWritten && isReadAtEnd) whole++;
  }
  return ratio(acknowledgedWritesSurvive.check(record).length, whole);
}

/** On how many of the keys something was served after its time to live was over. */
export function expiredKeys(outcome: Outcome): Figure {
  const record = withoutCalls(outcome.record);
  const keys = new Set(noExpiredHit.check(record).map(({ key }) => key));
  return ratio(keys.size, byKey(record.history).size);
}

/** How many of the keys do not behave as one register. */
export function brokenKeys(outcome: Outcome): Figure {
  const record = withoutCalls(outcome.record);
  return ratio(linearizable.check(record).length, byKey(record.history).size);
}
