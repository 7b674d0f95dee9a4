import type { Operation } from "../../run/history.ts";
import type { RunRecord } from "../../run/invariant.ts";
import { placeByTime } from "./place-by-time.ts";
import type { RecordedHistory, RecordedOperation } from "./recorded-history.ts";

/**
 * What the clients of a run saw, in the words that other checkers know: get and set are read and write, and a delete
 * writes nothing (nil). A compareAndSet is a cas if it has set its value, and a read if it found another one; one that
 * failed is left out, since elsewhere a failed cas says what it found. A getOrLoad is a read or a write. A touch has no
 * equal: it is a read if it found nothing, and otherwise left out. A call to a system that is no cache is itself.
 *
 * The line of an operation is its place in the history, from 1.
 */
export function recordedRun(run: Pick<RunRecord, "history" | "plan" | "expiryAllowanceUs">): RecordedHistory {
  const { history, plan, expiryAllowanceUs: allowanceUs } = run;
  const operations = placeByTime(history.flatMap((operation, index) => recorded(operation, index) ?? []));
  // Whatever makes values end early, in the words of a history: clocks that are wrong.
  const clockSkewMs = allowanceUs === undefined ? plan.clockSkewMs : allowanceUs / 2000;
  return { operations, ...(clockSkewMs !== undefined && { clockSkewMs }) };
}

function recorded(operation: Operation, index: number): RecordedOperation | null {
  const { client, kind, key, ttlMs, callUs, returnUs, effect, found = null, expected = null } = operation;
  if (kind === "call") return recordedCall(operation, index);
  const isSwap = kind === "compareAndSet" && effect !== "found" && expected !== null;
  const isOnlyLook = kind === "compareAndSet" && expected === null;
  const isRead = kind === "get" || effect === "found" || isOnlyLook;
  if (!isRead && (kind === "touch" || (isSwap && operation.result === "fail"))) return null;
  // What was loaded may or may not have been stored.
  const result = effect === "loaded" ? "indeterminate" : operation.result;
  const value = effect === "found" ? found : isOnlyLook ? null : operation.value;
  return {
    line: index + 1,
    process: client,
    f: isRead ? "read" : isSwap ? "cas" : "write",
    key,
    input: isRead ? null : isSwap ? [expected, value] : value,
    output: result === "ok" && !isSwap ? value : null,
    result,
    callAt: 0,
    returnAt: 0,
    callUs,
    returnUs,
    ...(isRead && result === "ok" && value === null && { isAbsent: true }),
    ...(!isRead && ttlMs !== null && { ttlMs }),
  };
}

function recordedCall(operation: Operation, index: number): RecordedOperation {
  const { client, f = "", key, input = null, output = null, result, callUs, returnUs } = operation;
  const places = { line: index + 1, callAt: 0, returnAt: 0, callUs, returnUs };
  return { process: client, f, key, input, output, result, ...places };
}
