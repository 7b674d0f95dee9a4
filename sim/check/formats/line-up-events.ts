import type { EventType, HistoryEvent } from "./history-event.ts";
import type { RecordedHistory, RecordedOperation } from "./recorded-history.ts";

interface Moment {
  readonly operation: RecordedOperation;
  readonly isReturn: boolean;
  readonly at: number;
}

/**
 * The calls and returns of a history, one after the other, as Jepsen writes them down: processes are numbers, and do
 * one thing at a time. Whoever calls while its last operation may still take effect goes on as a new process; so what
 * was concurrent stays concurrent, and what was not does not become it.
 */
export function* lineUpEvents({ operations }: RecordedHistory): Generator<HistoryEvent> {
  const processOf = new Map<string, number>();
  const open = new Map<RecordedOperation, number>();
  const busy = new Set<number>();
  let processCount = 0;

  function freeProcess(client: string): number {
    const known = processOf.get(client);
    if (known !== undefined && !busy.has(known)) return known;
    processOf.set(client, processCount);
    return processCount++;
  }

  for (const { operation, isReturn } of momentsOf(operations)) {
    const { f, key, input, output, result, callUs, returnUs, ttlMs, isAbsent } = operation;
    const timeUs = isReturn ? returnUs : callUs;
    const process = open.get(operation) ?? freeProcess(operation.process);
    if (!isReturn) open.set(operation, process);
    // Of a process that has not heard back nothing more is heard.
    if (!isReturn) busy.add(process);
    else if (result !== "indeterminate") busy.delete(process);
    yield {
      process: String(process),
      type: isReturn ? RETURNS[result] : "invoke",
      f,
      key,
      value: isReturn && result === "ok" ? output : input,
      ...(timeUs !== undefined && { timeUs }),
      ...(!isReturn && ttlMs !== undefined && { ttlMs }),
      ...(isReturn && isAbsent === true && { isAbsent }),
    };
  }
}

const RETURNS: Readonly<Record<RecordedOperation["result"], EventType>> = {
  ok: "ok",
  fail: "fail",
  indeterminate: "info",
};

function momentsOf(operations: readonly RecordedOperation[]): Moment[] {
  const hasTimes = operations.every(({ callUs }) => callUs !== undefined);
  const moments = operations.flatMap((operation): Moment[] => {
    const { callAt, returnAt, callUs = 0, returnUs = Number.POSITIVE_INFINITY } = operation;
    const called = { operation, isReturn: false, at: hasTimes ? callUs : callAt };
    const end = hasTimes ? returnUs : returnAt;
    return end === Number.POSITIVE_INFINITY ? [called] : [called, { operation, isReturn: true, at: end }];
  });
  return moments.sort((a, b) => {
    if (a.at !== b.at) return a.at - b.at;
    // At one instant calls come first: what touches is concurrent.
    if (a.isReturn !== b.isReturn) return a.isReturn ? 1 : -1;
    return placeOf(a) - placeOf(b) || a.operation.callAt - b.operation.callAt;
  });
}

function placeOf({ operation, isReturn }: Moment): number {
  if (!isReturn) return operation.callAt;
  // Two that never return are told apart by their calls.
  return Math.min(operation.returnAt, Number.MAX_SAFE_INTEGER);
}
