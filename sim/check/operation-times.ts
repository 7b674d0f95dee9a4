import type { Operation } from "../run/history.ts";
import type { RunRecord } from "../run/invariant.ts";
import type { RegisterOperation } from "./register/register-operation.ts";

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

/** From when on a value may be missed, as far as its time to live goes. */
export interface Expiry {
  readonly fromUs: number;
  /** True when a value that was missed has gone for good; otherwise it may be missed and found in turn. */
  readonly isFinal: boolean;
}

/**
 * The earliest moment at which a written value may have expired: its time to live, counted from the call, less the
 * allowance for clocks that are not right, or later if it was certainly touched before that moment.
 *
 * With an allowance each machine has a moment of its own. And a touch that was under way when the time ended, or may
 * have touched another value, may have brought this one back.
 */
export function expiryOf(write: RegisterOperation, allowanceUs: number): Expiry {
  const { callUs, touches = [] } = write;
  let fromUs = Math.max(callUs, callUs + ttlUs(write) - allowanceUs);
  let isFinal = allowanceUs === 0;
  for (const { operation, endsFromUs, isCertain } of touches) {
    if (isCertain && operation.returnUs <= fromUs) fromUs = Math.max(fromUs, endsFromUs - allowanceUs);
    else isFinal = false;
  }
  return { fromUs, isFinal };
}

export function expiresFromUs(write: RegisterOperation, allowanceUs: number): number {
  return expiryOf(write, allowanceUs).fromUs;
}

/**
 * How much earlier than its time to live a value may be gone from the sight of some machine: twice the width of the
 * band in which the plan keeps all clocks. The writer's clock may be behind by one width, and whoever reads must
 * allow for another one, since it cannot know that the writer's was not ahead. Where times to live are relative wall
 * clocks do not count, and the run knows how early values may end.
 */
export function expiryAllowanceUs({
  plan,
  expiryAllowanceUs: asRunUs,
}: Pick<RunRecord, "plan" | "expiryAllowanceUs">): number {
  return asRunUs ?? Math.round(2 * (plan.clockSkewMs ?? 0) * 1000);
}
