import type { Operation } from "../../run/history.ts";
import type { Outcome } from "../../run/outcome.ts";
import { byKey } from "../by-key.ts";
import { type StaleRead, staleReads } from "../register/register-staleness.ts";
import { type Figure, ratio, samples, value } from "./figure.ts";
import { isAnswered, isRead, withoutCalls, workloadOperations } from "./workload-operations.ts";

/**
 * How old what clients find is. A hit is stale when its value had certainly been replaced before the read was
 * called: by a write that was called after its own had ended, and that had ended itself. A miss is never called
 * stale here; see the hit ratio, and `lostWrites`.
 */
export function staleHits(outcome: Outcome): Figure {
  const hits = workloadOperations(outcome.record).filter(isHit);
  return ratio(staleOf(outcome).length, hits.length);
}

/** By how much the stale ones were, in milliseconds: how long ago what they found had been replaced. */
export function staleAge(outcome: Outcome): Figure {
  return samples(staleOf(outcome).map(({ byUs }) => byUs / 1000));
}

/** How many versions behind the hits were: 0 for those that are not stale. */
export function versionsBehind(outcome: Outcome): Figure {
  const behind = staleOf(outcome).map(({ versions }) => versions);
  const hitCount = workloadOperations(outcome.record).filter(isHit).length;
  return samples([...Array.from({ length: hitCount - behind.length }, () => 0), ...behind]);
}

/** Of the hits, those that are at least so many versions behind: k-staleness, as in the same paper. */
export function behindBy(versionCount: number): (outcome: Outcome) => Figure {
  return (outcome) => {
    const behind = staleOf(outcome).filter(({ versions }) => versions >= versionCount);
    return ratio(behind.length, workloadOperations(outcome.record).filter(isHit).length);
  };
}

/** Of the hits that come so long after the last write of their key had ended, or later, those that are stale. */
export function staleAfter(ms: number): (outcome: Outcome) => Figure {
  return (outcome) => {
    const late = observedHits(outcome).filter(({ sinceMs }) => sinceMs >= ms);
    return ratio(late.filter(({ isStale }) => isStale).length, late.length);
  };
}

/** The worst of a run, in milliseconds; 0 when nothing was stale. */
export function oldestHit(outcome: Outcome): Figure {
  return value(staleOf(outcome).reduce((most, { byUs }) => Math.max(most, byUs / 1000), 0));
}

/** A hit, with the time that had passed since the latest write of its key had ended. */
export interface ObservedHit {
  readonly callMs: number;
  readonly sinceMs: number;
  readonly isStale: boolean;
}

/**
 * Every hit that was called after some write of its key had ended, with how long after the latest of them: the
 * share of those at t or later that are right is what Bailis et al. call t-visibility ("Probabilistically Bounded
 * Staleness", VLDB 2012), as a workload meets it.
 */
export function observedHits({ record }: Outcome): readonly ObservedHit[] {
  const settleUs = Math.round(record.plan.phases.settleMs * 1000);
  return [...byKey(withoutCalls(record).history).values()].flatMap((operations) => {
    const stale = new Set(staleReads(operations).map(({ read }) => read));
    const ends = operations
      .filter((operation) => !isRead(operation) && isAnswered(operation))
      .map(({ returnUs }) => returnUs)
      .sort((a, b) => a - b);
    let next = 0;
    return operations.flatMap((operation) => {
      const { callUs } = operation;
      while (next < ends.length && (ends[next] as number) < callUs) next++;
      const latestUs = ends[next - 1];
      if (!isHit(operation) || callUs >= settleUs || latestUs === undefined) return [];
      return [{ callMs: callUs / 1000, sinceMs: (callUs - latestUs) / 1000, isStale: stale.has(operation) }];
    });
  });
}

function staleOf({ record }: Outcome): readonly StaleRead[] {
  const settleUs = Math.round(record.plan.phases.settleMs * 1000);
  return [...byKey(withoutCalls(record).history).values()]
    .flatMap(staleReads)
    .filter(({ read }) => read.callUs < settleUs);
}

function isHit(operation: Operation): boolean {
  return isRead(operation) && isAnswered(operation) && operation.value !== null;
}
