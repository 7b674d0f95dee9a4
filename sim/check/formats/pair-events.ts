import type { ResultKind } from "../../run/history.ts";
import { excerpt, HistoryProblem } from "./history-problem.ts";
import type { EventType, HistoryEvent } from "./history-event.ts";
import type { RecordedOperation } from "./recorded-history.ts";

/** Calls and returns to operations, in the order in which they come. */
export interface Pairing {
  /** @throws HistoryProblem when the event contradicts those before it */
  add(event: HistoryEvent, line: number): void;
  /** What was recorded, in the order of the calls. Operations without a return may have happened, or not. */
  finish(): RecordedOperation[];
}

type Mutable<T> = { -readonly [K in keyof T]: T[K] };

const RESULTS: Readonly<Record<Exclude<EventType, "invoke">, ResultKind>> = {
  ok: "ok",
  fail: "fail",
  info: "indeterminate",
};

/**
 * Each process has one operation open at most. After an `info` it may call again under the same number: the operation
 * that nobody knows the end of has no return.
 *
 * @param settled is given each operation when nothing more can be heard of it; then only those that are left are kept
 */
export function createPairing(settled?: (operation: RecordedOperation) => void): Pairing {
  const operations: Mutable<RecordedOperation>[] = [];
  const openBy = new Map<string, Mutable<RecordedOperation>>();
  let place = 0;

  function call({ process, f, key, value, timeUs, ttlMs }: HistoryEvent, line: number): void {
    const open = openBy.get(process);
    if (open !== undefined) {
      throw new HistoryProblem(
        line,
        `process ${process} calls ${f}, but its ${open.f} of line ${open.line} has not returned: ` +
          "a process does one thing at a time",
      );
    }
    const operation: Mutable<RecordedOperation> = {
      line,
      process,
      f,
      key,
      input: value,
      output: null,
      result: "indeterminate",
      callAt: place++,
      returnAt: Number.POSITIVE_INFINITY,
    };
    if (timeUs !== undefined) {
      operation.callUs = timeUs;
      operation.returnUs = Number.POSITIVE_INFINITY;
    }
    if (ttlMs !== undefined) operation.ttlMs = ttlMs;
    if (settled === undefined) operations.push(operation);
    openBy.set(process, operation);
  }

  function settle(event: HistoryEvent, type: Exclude<EventType, "invoke">, line: number): void {
    const { process, f, key, value, timeUs } = event;
    const operation = openBy.get(process);
    if (operation === undefined) {
      throw new HistoryProblem(line, `process ${process} returns from ${f}, which it has not called`);
    }
    if (operation.f !== f || (key !== null && operation.key !== key)) {
      const called = operation.key === null ? operation.f : `${operation.f} of ${excerpt(operation.key)}`;
      const returned = key === null ? f : `${f} of ${excerpt(key)}`;
      throw new HistoryProblem(
        line,
        `process ${process} returns from ${returned}, but called ${called} on line ${operation.line}`,
      );
    }
    if (timeUs !== undefined && operation.callUs !== undefined) {
      if (timeUs < operation.callUs) {
        throw new HistoryProblem(line, `process ${process} returns before its call, by the times given`);
      }
      operation.returnUs = timeUs;
    }
    openBy.delete(process);
    operation.result = RESULTS[type];
    if (type !== "info") operation.returnAt = place;
    place++;
    if (type === "ok") operation.output = value;
    if (event.isAbsent === true) operation.isAbsent = true;
    settled?.(operation);
  }

  return {
    add(event, line) {
      if (event.type === "invoke") call(event, line);
      else settle(event, event.type, line);
    },
    finish: () => (settled === undefined ? operations : [...openBy.values()]),
  };
}
