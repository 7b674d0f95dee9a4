import type { Operation } from "../../run/history.ts";
import { effectEndUs, ttlUs } from "../operation-times.ts";
import type { RegisterOperation, Touch } from "./register-operation.ts";

/**
 * Which touches may have let which values live longer. A touch does not say what it touched, so it may have touched
 * every value that may have been there during it. It counts as *certain* of the one value that must have been: the
 * value's set had ended before, no other write can have taken effect since that set began, and no other touch can have
 * got in its way ("of several touches at the same time, one counts").
 *
 * A value whose time ends while it is touched may be missed meanwhile, and found again. So only a certain touch that
 * had ended before the time was up keeps the value from being missed: see `expiryOf`.
 */
export function withTouches(
  operations: readonly RegisterOperation[],
  touches: readonly Operation[],
): readonly RegisterOperation[] {
  const certain = certainTouches(operations, touches);
  return operations.map((operation) => {
    if (operation.kind !== "set" || operation.ttlMs === null) return operation;
    const own: Touch[] = [];
    // A touch called later than this came when the value had gone for good.
    let endsByUs = latestUseUs(operation);
    for (const touch of touches) {
      if (touch.callUs > endsByUs) break;
      if (effectEndUs(touch) < operation.callUs) continue;
      endsByUs = Math.max(endsByUs, latestUseUs(touch));
      own.push({
        operation: touch,
        endsFromUs: touch.callUs + ttlUs(touch),
        isCertain: certain.get(touch) === operation,
      });
    }
    return own.length === 0 ? operation : { ...operation, touches: own };
  });
}

/** Until when at the latest an honest cache serves what this has written, or touched. */
export function latestUseUs(operation: Operation): number {
  return Math.max(operation.returnUs, operation.takenUs ?? 0) + ttlUs(operation);
}

/** The set whose value a touch has certainly touched, and touched alone. */
function certainTouches(
  operations: readonly RegisterOperation[],
  touches: readonly Operation[],
): ReadonlyMap<Operation, RegisterOperation> {
  const certain = new Map<Operation, RegisterOperation>();
  let touchedUntilUs = Number.NEGATIVE_INFINITY;
  const alone = touches.filter((touch, place) => {
    const isFirst = touchedUntilUs < touch.callUs;
    touchedUntilUs = Math.max(touchedUntilUs, effectEndUs(touch));
    const nextCallUs = touches[place + 1]?.callUs ?? Number.POSITIVE_INFINITY;
    return touch.result === "ok" && isFirst && nextCallUs > touch.returnUs;
  });
  const writes = operations
    .filter(({ kind, result }) => kind !== "get" && result !== "fail")
    .toSorted((a, b) => a.callUs - b.callUs);
  let earlierEndUs = Number.NEGATIVE_INFINITY;
  let at = 0;
  for (const [place, write] of writes.entries()) {
    const isAlone = earlierEndUs < write.callUs;
    earlierEndUs = Math.max(earlierEndUs, effectEndUs(write));
    if (!isAlone || write.kind !== "set") continue;
    const nextCallUs = writes[place + 1]?.callUs ?? Number.POSITIVE_INFINITY;
    while (at < alone.length && (alone[at] as Operation).callUs <= effectEndUs(write)) at++;
    for (; at < alone.length && (alone[at] as Operation).returnUs < nextCallUs; at++) {
      certain.set(alone[at] as Operation, write);
    }
  }
  return certain;
}
