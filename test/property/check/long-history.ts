import { createDraw } from "../../../sim/kernel/draw.ts";
import type { RecordedOperation } from "../../../sim/check/formats/recorded-history.ts";
import { placeByTime } from "../../../sim/check/formats/place-by-time.ts";

const OPEN_AT_ONCE = 4;
/** Share of writes. Each stays open to the end, and every step of a search has to think of it. */
const LOST = 0.005;

/**
 * Thousands of operations on one register, each at a moment of its own within its interval, a few open at once; some
 * have no answer. With `isWrong`, one read in the last quarter returns a value that was overwritten long before.
 */
export function longHistory(seed: number, count: number, isWrong: boolean): RecordedOperation[] {
  const draw = createDraw(seed);
  let current: number | null = null;
  let wrongAt = isWrong ? Math.floor(count * (0.75 + draw.uniform("wrong") / 5)) : Number.POSITIVE_INFINITY;
  const operations = Array.from({ length: count }, (_, index): RecordedOperation => {
    const own = draw.at(index);
    const isRead = own.uniform("kind") < 0.6;
    const isLost = !isRead && own.uniform("lost") < LOST;
    const nowUs = (index + 1) * 10;
    if (!isRead && (!isLost || own.uniform("done") < 0.5)) current = index + 1;
    const isStale = isRead && index >= wrongAt;
    if (isStale) wrongAt = Number.POSITIVE_INFINITY;
    return {
      line: index + 1,
      process: String(index),
      f: isRead ? "read" : "write",
      key: null,
      input: isRead ? null : index + 1,
      output: isRead ? (isStale ? null : current) : null,
      result: isLost ? "indeterminate" : "ok",
      callAt: 0,
      returnAt: 0,
      callUs: nowUs - own.int("before", 0, 10 * OPEN_AT_ONCE),
      returnUs: nowUs + own.int("after", 0, 10 * OPEN_AT_ONCE),
    };
  });
  return placeByTime(operations);
}
