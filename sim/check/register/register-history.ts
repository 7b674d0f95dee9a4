import type { Operation } from "../../run/history.ts";
import type { Data, RecordedOperation } from "../formats/recorded-history.ts";
import { type Call, canonicalText } from "../models/call.ts";
import { pairOf } from "../models/register.ts";
import type { RegisterOperation } from "./register-operation.ts";

/** An operation of a recorded history with what it says to a model. */
export interface PreparedOperation {
  readonly recorded: RecordedOperation;
  readonly call: Call;
}

/** One register's history as its own check wants it, and where each operation came from. */
export interface RegisterHistory {
  readonly operations: readonly RegisterOperation[];
  readonly recordedOf: ReadonlyMap<Operation, RecordedOperation>;
}

const NOTHING = canonicalText(null);

/**
 * A recorded history as one of a register whose written values are unique; null when it is none, and only a search can
 * judge it: a value is written twice, or a compare-and-set failed.
 *
 * Nothing is a value like any other where a compare-and-set replaces it; then nothing else may write it.
 *
 * @param initial what is there in the beginning
 */
export function toRegisterHistory(
  prepared: readonly PreparedOperation[],
  initial: Data,
): RegisterHistory | null {
  const isReplacingNothing = prepared.some(({ call }) => call.f === "cas" && replacedBy(call) === NOTHING);
  const isNothingAbsence = initial === null && !isReplacingNothing;
  const hasTimes = prepared.some(({ recorded }) => recorded.ttlMs !== undefined);
  const seen = seenCompareAndSets(prepared);
  const recordedOf = new Map<Operation, RecordedOperation>();
  const operations: RegisterOperation[] = [];
  const written = new Set<string>();

  function isWrittenOnce(value: string): boolean {
    if (written.has(value)) return false;
    written.add(value);
    return true;
  }

  if (!isNothingAbsence) {
    const value = canonicalText(initial);
    written.add(value);
    operations.push({ ...beginning(prepared), value });
  }
  for (const { recorded, call } of prepared) {
    const base = baseOf(recorded, hasTimes);
    let operation: RegisterOperation;
    if (call.f === "read") {
      const value = canonicalText(call.output);
      operation = { ...base, kind: "get", value: isNothingAbsence && value === NOTHING ? null : value };
    } else if (call.f === "cas-mismatch") {
      return null;
    } else if (call.f === "cas") {
      // Nobody saw that it happened, so it need not have.
      if (!call.isAnswered && !seen.has(call)) continue;
      const value = canonicalText(pairOf(call.input, recorded.line)[1]);
      if (!isWrittenOnce(value) || value === NOTHING) return null;
      operation = { ...base, kind: "set", value, replaces: replacedBy(call) };
    } else {
      const value = call.f === "delete" ? NOTHING : canonicalText(call.input);
      if (value === NOTHING && !isNothingAbsence) return null;
      if (value !== NOTHING && !isWrittenOnce(value)) return null;
      operation =
        value === NOTHING ? { ...base, kind: "delete", value: null } : { ...base, kind: "set", value };
    }
    operations.push(operation);
    recordedOf.set(operation, recorded);
  }
  return { operations, recordedOf };
}

/** Those whose value was read, or replaced in turn: these must have happened. */
function seenCompareAndSets(prepared: readonly PreparedOperation[]): ReadonlySet<Call> {
  /** By value; several where more than one would have written it, of which any may have. */
  const byValue = new Map<string, Call[]>();
  const values: string[] = [];
  for (const { call, recorded } of prepared) {
    if (call.f === "read") values.push(canonicalText(call.output));
    if (call.f !== "cas") continue;
    if (call.isAnswered) {
      values.push(replacedBy(call));
      continue;
    }
    const value = canonicalText(pairOf(call.input, recorded.line)[1]);
    byValue.set(value, [...(byValue.get(value) ?? []), call]);
  }
  const seen = new Set<Call>();
  for (let value = values.pop(); value !== undefined; value = values.pop()) {
    for (const call of byValue.get(value) ?? []) {
      if (seen.has(call)) continue;
      seen.add(call);
      values.push(replacedBy(call));
    }
  }
  return seen;
}

function replacedBy(call: Call): string {
  return canonicalText(pairOf(call.input, 0)[0]);
}

function baseOf(recorded: RecordedOperation, hasTimes: boolean): Omit<Operation, "kind"> {
  const { process, key, line, result, ttlMs } = recorded;
  return {
    id: `${process}@${line}`,
    client: process,
    machine: "",
    key: key ?? "",
    value: null,
    ttlMs: ttlMs ?? null,
    // Only a time to live needs times; otherwise the order says all, and more exactly.
    callUs: hasTimes ? (recorded.callUs ?? 0) : recorded.callAt,
    returnUs: hasTimes ? (recorded.returnUs ?? Number.POSITIVE_INFINITY) : recorded.returnAt,
    deadlineUs: Number.POSITIVE_INFINITY,
    result,
    error: null,
  };
}

/** What was there before anything was called. */
function beginning(prepared: readonly PreparedOperation[]): Operation {
  const us = Number.NEGATIVE_INFINITY;
  return {
    id: "beginning",
    client: "",
    machine: "",
    kind: "set",
    key: prepared[0]?.recorded.key ?? "",
    value: null,
    ttlMs: null,
    callUs: us,
    returnUs: us,
    deadlineUs: us,
    result: "ok",
    error: null,
  };
}
