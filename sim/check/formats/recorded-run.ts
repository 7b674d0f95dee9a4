import type { Operation } from "../../run/history.ts";
import type { RunRecord } from "../../run/invariant.ts";
import { placeByTime } from "./place-by-time.ts";
import type { RecordedHistory, RecordedOperation } from "./recorded-history.ts";

/**
 * What the clients of a run saw, in the words that other checkers know: get and set are read and write, and a delete
 * writes nothing (nil).
 */
export function recordedRun({ history, plan }: Pick<RunRecord, "history" | "plan">): RecordedHistory {
  const operations = placeByTime(history.map(recorded));
  return { operations, ...(plan.clockSkewMs !== undefined && { clockSkewMs: plan.clockSkewMs }) };
}

function recorded(operation: Operation, index: number): RecordedOperation {
  const { client, kind, key, value, ttlMs, callUs, returnUs, result } = operation;
  const isRead = kind === "get";
  return {
    line: index + 1,
    process: client,
    f: isRead ? "read" : "write",
    key,
    input: isRead ? null : value,
    output: result === "ok" ? value : null,
    result,
    callAt: 0,
    returnAt: 0,
    callUs,
    returnUs,
    ...(isRead && result === "ok" && value === null && { isAbsent: true }),
    ...(ttlMs !== null && { ttlMs }),
  };
}
