import type { History, Operation } from "../run/history.ts";
import type { Violation } from "../run/invariant.ts";

/**
 * How a run failed, without the names and the times: what a smaller plan must have in common with a failure to count
 * as the same one. Two failures are the same if they break the same invariant under the same policy, and if the same
 * kinds of operations, with the same kinds of results, prove it.
 */
export interface Fingerprint {
  readonly invariant: string;
  readonly policy: string;
  /**
   * Each kind of operation in the certificate once, sorted: how many there are does not matter, since a smaller plan
   * has fewer. A certificate without operations has its sentence instead, less names and numbers.
   */
  readonly shape: readonly string[];
}

/** @param history of the run, to tell where the values come from that the certificate's gets returned */
export function fingerprintOf(policy: string, violation: Violation, history: History): Fingerprint {
  const { invariant, operations, summary } = violation;
  if (operations.length === 0) return { invariant, policy, shape: [namelessText(summary)] };
  const read = new Set(operations.flatMap((operation) => valueRead(operation) ?? []));
  const writes = new Map<string, Operation>();
  for (const write of history) {
    const { kind, value } = write;
    if (kind !== "get" && value !== null && read.has(value)) writes.set(value, write);
  }
  return { invariant, policy, shape: [...new Set(operations.map((each) => shapeOf(each, writes)))].sort() };
}

export function isSameFingerprint(a: Fingerprint, b: Fingerprint): boolean {
  return fingerprintText(a) === fingerprintText(b);
}

/** "linearizable under seed: get ok, a miss + set ok" */
export function fingerprintText({ invariant, policy, shape }: Fingerprint): string {
  return `${invariant} under ${policy}: ${shape.join(" + ")}`;
}

/** A message may hold a whole stack or state; how it begins says what it is. */
const TEXT_MAX = 500;

/** "set indeterminate", "get ok, a miss", "get ok, a value of a failed set" */
function shapeOf(operation: Operation, writes: ReadonlyMap<string, Operation>): string {
  const { kind, result, effect } = operation;
  if (kind === "call") return `${operation.f ?? kind} ${result}`;
  const isRead = result === "ok" && (kind === "get" || effect === "found");
  if (!isRead) return `${kind} ${result}${effect === undefined ? "" : `, ${effect}`}`;
  const value = valueRead(operation);
  if (value === null) return `${kind} ok, a miss`;
  const write = writes.get(value);
  if (write === undefined) return `${kind} ok, a value that nobody wrote`;
  const origin = { ok: "a", indeterminate: "an indeterminate", fail: "a failed" } as const;
  return `${kind} ok, a value of ${origin[write.result]} ${write.kind}`;
}

function valueRead({ kind, effect, value, found }: Operation): string | null {
  return kind === "get" ? value : effect === "found" ? (found ?? null) : null;
}

/** A sentence in which what is quoted, and every word with a digit, is left out, and so is what is counted. */
export function namelessText(text: string): string {
  return text
    .slice(0, TEXT_MAX)
    .replaceAll(/"(?:[^"\\]|\\.)*"/g, '"…"')
    .replaceAll(/[^\s(),;:]*\d[^\s(),;:]*/g, "#")
    .replaceAll(/# (\w+)s\b/g, "# $1");
}
