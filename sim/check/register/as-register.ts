import type { Operation } from "../../run/history.ts";
import { withTouches } from "./touches.ts";
import type { RegisterOperation } from "./register-operation.ts";

/**
 * The operations on one key as those of a register, which is what the checks know. A get, a set or a delete is itself,
 * the same object. Of the others one may be several:
 *
 * - A *compareAndSet* that wrote is a read of what it replaced and a set that replaces it, each at any moment of its
 *   own interval; that the set comes directly after is said by `replaces`. One that found another value is a read of
 *   that. One without an answer is such a set if its value was seen, and otherwise a set that may never have
 *   happened: then whatever it replaced says nothing.
 * - A *touch* that found nothing is a read of nothing. One that may have touched lets values live longer: see
 *   `touches.ts`. That some value was there is not made use of.
 * - A *getOrLoad* that found something is a read. If its own loader's value was stored, it is a set of that, at some
 *   moment of its interval; if nobody knows whether it was, a set that may never have happened. Whoever shares the load
 *   of somebody else reads that value, and nothing at all if it was not stored.
 *
 * What failed did not happen, and stays as a failed set, since somebody may have read its value all the same.
 */
export function asRegister(operations: readonly Operation[]): readonly RegisterOperation[] {
  if (operations.every(isPlain)) return operations;
  const seen = seenValues(operations);
  const register = operations.flatMap((operation): readonly RegisterOperation[] => {
    switch (operation.kind) {
      case "get":
      case "set":
      case "delete":
        return [operation];
      case "compareAndSet":
        return compareAndSetOf(operation, seen);
      case "getOrLoad":
        return loadOf(operation);
      case "touch":
        return operation.effect === "found" ? [readOf(operation, operation.found ?? null)] : [];
      case "call":
        throw new Error(`${operation.id}: a call is judged by its system's model, not as a register`);
    }
  });
  const touches = operations.filter(
    ({ kind, result, effect }) => kind === "touch" && result !== "fail" && effect !== "found",
  );
  return touches.length === 0 ? register : withTouches(register, touches);
}

function isPlain({ kind }: Operation): boolean {
  return kind === "get" || kind === "set" || kind === "delete";
}

function compareAndSetOf(
  operation: Operation,
  seen: ReadonlySet<string | null>,
): readonly RegisterOperation[] {
  const { result, effect, value, found = null, expected = null } = operation;
  if (effect === "found") return [readOf(operation, found)];
  // It only looked, and has no answer.
  if (expected === null && result !== "fail") return [];
  const written = { ...writeOf(operation, result), replaces: expected ?? "" };
  if (result === "ok") return [readOf(operation, expected), written];
  return [result === "indeterminate" && seen.has(value) ? written : writeOf(operation, result)];
}

function loadOf(operation: Operation): readonly RegisterOperation[] {
  const { result, effect, found = null } = operation;
  if (effect === "found") return [readOf(operation, found)];
  return [writeOf(operation, effect === "loaded" ? "indeterminate" : result)];
}

function readOf(operation: Operation, value: string | null): RegisterOperation {
  return { ...operation, kind: "get", value, ttlMs: null, asked: operation };
}

function writeOf(operation: Operation, result: Operation["result"]): RegisterOperation {
  return { ...operation, kind: "set", result, asked: operation };
}

/**
 * The values that somebody has certainly found, or replaced: whoever wrote them has written them. To have been replaced
 * by a compareAndSet of which nobody heard counts if the value of that one was seen in turn.
 */
function seenValues(operations: readonly Operation[]): ReadonlySet<string | null> {
  const replacedBy = new Map<string | null, string | null>();
  const seen = new Set<string | null>();
  for (const { kind, result, effect, value, found, expected = null } of operations) {
    if (kind === "compareAndSet" && effect !== "found") replacedBy.set(value, expected);
    if (result !== "ok") continue;
    if (kind === "get") seen.add(value);
    else if (effect === "found") seen.add(found ?? null);
    else if (kind === "compareAndSet") seen.add(expected);
  }
  // A set grows while it is walked.
  for (const value of seen) if (replacedBy.has(value)) seen.add(replacedBy.get(value) ?? null);
  return seen;
}

/** The same without conditions, for checks to which a compare-and-set is a set like any other. */
export function withoutConditions(operations: readonly RegisterOperation[]): readonly RegisterOperation[] {
  if (!operations.some(({ replaces }) => replaces !== undefined)) return operations;
  return operations.map((operation) => {
    const { replaces, ...rest } = operation;
    return replaces === undefined ? operation : rest;
  });
}
