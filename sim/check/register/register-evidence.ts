import type { RecordedOperation } from "../formats/recorded-history.ts";
import { canonicalText } from "../models/call.ts";
import { pairOf } from "../models/register.ts";
import type { PreparedOperation } from "./register-history.ts";

/**
 * Completes a certificate: a compare-and-set of which nobody heard is known to have happened only because its value was
 * read or replaced, so whoever did that belongs to the proof.
 */
export function withEvidence(
  certificate: readonly RecordedOperation[],
  prepared: readonly PreparedOperation[],
): RecordedOperation[] {
  const uncertain = new Set(
    prepared.flatMap(({ call, recorded }) => (call.f === "cas" && !call.isAnswered ? [recorded] : [])),
  );
  const shown = new Set(certificate);
  for (const operation of shown) {
    if (!uncertain.has(operation)) continue;
    const value = canonicalText(pairOf(operation.input, operation.line)[1]);
    const witnesses = prepared.filter(({ call, recorded }) => {
      if (call.f === "read") return canonicalText(call.output) === value;
      return call.f === "cas" && canonicalText(pairOf(call.input, recorded.line)[0]) === value;
    });
    // Those that are certain themselves are better; the others need a witness in turn, and get it: the set grows.
    const witness = witnesses.find(({ recorded }) => recorded.result === "ok") ?? witnesses[0];
    if (witness !== undefined) shown.add(witness.recorded);
  }
  return [...shown].sort((a, b) => a.callAt - b.callAt);
}
