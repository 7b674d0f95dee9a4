import type { Operation } from "../run/history.ts";

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

/** The earliest moment at which a written value may have expired: its time to live, counted from the call. */
export function expiresFromUs(write: Operation): number {
  return write.callUs + ttlUs(write);
}
