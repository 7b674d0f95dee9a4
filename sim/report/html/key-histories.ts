import { byKey } from "../../check/by-key.ts";
import { expiryAllowanceUs } from "../../check/operation-times.ts";
import { findLinearization } from "../../check/register/linearization.ts";
import type { Operation } from "../../run/history.ts";
import type { Outcome } from "../../run/outcome.ts";
import type { KeyHistory } from "../page/payload.ts";

/** Keys whose orders are searched for; the others are shown without one. */
const KEYS_MAX = 500;

/**
 * In which order the operations on each key may have happened; no order is looked for of calls to a system that is no
 * cache. Keys with a violation first, since they are what a
 * reader wants to see.
 *
 * @param placesOf places of operations in the history
 */
export function keyHistories(
  { record, violations }: Outcome,
  placesOf: (operations: readonly Operation[]) => number[],
): KeyHistory[] {
  const isBroken = new Set(violations.map(({ key }) => key));
  const allowanceUs = expiryAllowanceUs(record);
  const calls = record.history.filter(({ kind }) => kind === "call");
  const keys = [...byKey(record.history.filter(({ kind }) => kind !== "call"))].sort(
    ([a], [b]) => Number(isBroken.has(b)) - Number(isBroken.has(a)),
  );
  if (calls.length > 0) return callsByKey(calls, placesOf);
  return keys.slice(0, KEYS_MAX).map(([key, operations]) => {
    const proof = violations.find((each) => each.key === key && each.invariant === "linearizable");
    const { found, isOfProof } = search(operations, proof?.operations ?? [], allowanceUs);
    return {
      key,
      operations: placesOf(operations),
      verdict: found.verdict,
      isOfProof,
      points: found.points.map(({ operation, atUs }) => [placesOf([operation])[0] ?? 0, atUs]),
      blocked: placesOf(found.blocked),
    };
  });
}

function callsByKey(
  calls: readonly Operation[],
  placesOf: (operations: readonly Operation[]) => number[],
): KeyHistory[] {
  const keys = [...new Set(calls.map(({ key }) => key))];
  return keys.slice(0, KEYS_MAX).map((key) => {
    const operations = placesOf(calls.filter((call) => call.key === key));
    return { key, operations, verdict: "none", isOfProof: false, points: [], blocked: [] };
  });
}

/**
 * Where there are too many orders of all operations to try them, those of the certificate are ordered: they are few,
 * and have none, or else it would prove nothing.
 */
function search(operations: readonly Operation[], proof: readonly Operation[], allowanceUs: number) {
  const found = findLinearization(operations, allowanceUs);
  if (found.verdict !== "unknown" || proof.length === 0) return { found, isOfProof: false };
  const ofProof = findLinearization(proof, allowanceUs);
  return ofProof.verdict === "stuck" ? { found: ofProof, isOfProof: true } : { found, isOfProof: false };
}
