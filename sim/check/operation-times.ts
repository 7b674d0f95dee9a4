import type { Operation } from "../run/history.ts";
import type { RunRecord } from "../run/invariant.ts";

/**
 * The latest moment at which a write may take effect. An indeterminate one may still be on its way when its
 * client gives up, so it has no end.
 */
export function effectEndUs(write: Operation): number {
  return write.result === "indeterminate" ? Number.POSITIVE_INFINITY : write.returnUs;
}

/** How long a written value may be served; `Infinity` when it never expires. */
export function ttlUs(write: Operation): number {
  return write.ttlMs === null ? Number.POSITIVE_INFINITY : Math.round(write.ttlMs * 1000);
}

export function mayExpire(write: Operation): boolean {
  return write.ttlMs !== null;
}

/**
 * The earliest moment at which a written value may have expired: its time to live, counted from the call, less the
 * allowance for clocks that are not right.
 */
export function expiresFromUs(write: Operation, allowanceUs: number): number {
  return Math.max(write.callUs, write.callUs + ttlUs(write) - allowanceUs);
}

/**
 * How much earlier than its time to live a value may be gone from the sight of some machine: twice the width of the
 * band in which the plan keeps all clocks. The writer's clock may be behind by one width, and whoever reads must
 * allow for another one, since it cannot know that the writer's was not ahead.
 */
export function expiryAllowanceUs({ plan }: RunRecord): number {
  return Math.round(2 * (plan.clockSkewMs ?? 0) * 1000);
}
