import type { Operation } from "../../run/history.ts";
import type { Invariant, RunRecord, Violation } from "../../run/invariant.ts";
import { byKey } from "../by-key.ts";
import { compareByTime, inTimeOrder } from "../certificate.ts";
import { effectEndUs, expiresFromUs, expiryAllowanceUs } from "../operation-times.ts";
import { withoutConditions } from "../register/as-register.ts";
import type { RegisterOperation } from "../register/register-operation.ts";
import { gatherClusters } from "../register/register-zones.ts";
import { type RunningBest, runningBest } from "../register/running-best.ts";
import { named, placed, quoted, time } from "../wording.ts";

/**
 * Every key behaves as a regular register: a get returns the last value that was written before it, or one whose
 * write it overlaps. What is asked of each get alone: there is an order of the writes, in keeping with time, in
 * which the value that it found is the last before it. (L. Lamport, "On interprocess communication", 1986; with
 * several writers this is MWRegWeak of C. Shao, J. Welch, E. Pierce, H. Lee, "Multiwriter consistency conditions for
 * shared memory registers", SIAM J. Computing 40(1), 2011.) Two gets may disagree about the order, so the newer of
 * two values may be found first: that is what `linearizable` forbids besides.
 *
 * A get is wrong if and only if
 * - *thin air*: nobody wrote its value, or only a write that failed;
 * - *read before write*: it ended before the write of its value was called;
 * - *stale*: some acknowledged write w ended before it was called, and the write of its value ended before w was
 *   called. A miss takes for its value the beginning of the history, any delete that may have happened, or any set
 *   whose value may have expired when the get ended: all of them must be stale.
 *
 * Such a w exists exactly if the acknowledged write called last, of those that ended before the get was called, is
 * one; so this is exact and O(n log n). For a miss, of the writes that can explain it, the one that ends last
 * is the best. What a get found after its time to live is the business of `no-expired-hit`. Values must be unique.
 *
 * At most one violation a key: the first wrong get.
 */
export const regular: Invariant = {
  name: "regular",
  dependsOnClocks: true,
  summary:
    "No get returns a value older than the last write acknowledged before it began, nor one never written.",
  check(run) {
    const violations: Violation[] = [];
    for (const [key, operations] of byKey(run.history)) {
      const violation = checkKey(key, operations, run);
      if (violation !== null) violations.push(violation);
    }
    return violations;
  },
};

function checkKey(key: string, all: readonly RegisterOperation[], run: RunRecord): Violation | null {
  const operations = withoutConditions(all);
  const register = gatherClusters(operations);
  if ("condition" in register) return neverThere(key, register.operations);

  const writes = operations.filter(({ kind, result }) => kind !== "get" && result !== "fail");
  const writeOf = new Map(writes.flatMap((write) => (write.kind === "set" ? [[write.value, write]] : [])));
  const lastCalled = runningBest(
    writes.filter(({ result }) => result === "ok"),
    ({ returnUs }) => returnUs,
    ({ callUs }) => callUs,
  );
  const lastAbsence = absencesOf(writes, expiryAllowanceUs(run));
  const gets = operations.filter(({ kind, result }) => kind === "get" && result === "ok");
  for (const get of gets.sort(compareByTime)) {
    const before = lastCalled.below(get.callUs);
    if (before === null) continue;
    const found = get.value === null ? lastAbsence.upTo(get.returnUs) : (writeOf.get(get.value) as Operation);
    if (found !== null && effectEndUs(found) >= before.callUs) continue;
    return stale(key, get, found, before);
  }
  return null;
}

/** The writes after which the key may be absent, from the moment on when it may be. */
function absencesOf(writes: readonly Operation[], allowanceUs: number): RunningBest<Operation> {
  const absentFromUs = (write: Operation): number =>
    write.kind === "delete" ? write.callUs : expiresFromUs(write, allowanceUs);
  const able = writes.filter((write) => absentFromUs(write) < Number.POSITIVE_INFINITY);
  return runningBest(able, absentFromUs, effectEndUs);
}

/** Thin air, or a read before its write. */
function neverThere(key: string, operations: readonly Operation[]): Violation {
  const get = operations.find(({ kind }) => kind === "get") as Operation;
  const write = operations.find(({ kind }) => kind === "set");
  const origin =
    write === undefined
      ? "which nobody wrote"
      : write.result === "fail"
        ? `though ${placed(write)} failed to write it`
        : `before ${named(write)} was called to write it at ${time(write.callUs)}`;
  return {
    invariant: "regular",
    key,
    summary: `${placed(get)} found ${quoted(get.value ?? "")} in ${quoted(key)}, ${origin}`,
    operations: inTimeOrder(operations),
    notes: [],
  };
}

function stale(key: string, get: Operation, found: Operation | null, before: Operation): Violation {
  const content = get.value === null ? "nothing" : quoted(get.value);
  const effect = before.kind === "delete" ? "deleted it" : `wrote ${quoted(before.value ?? "")}`;
  return {
    invariant: "regular",
    key,
    summary:
      `${placed(get)} found ${content} in ${quoted(key)}, although ${named(before)} ${effect}, ` +
      `acknowledged at ${time(before.returnUs)}`,
    operations: inTimeOrder(found === null ? [before, get] : [found, before, get]),
    notes: [reason(get, found, before)],
  };
}

function reason(get: Operation, found: Operation | null, before: Operation): string {
  if (found === null) return "No delete and no expiry can have removed it by then.";
  const ended = `had ended at ${time(found.returnUs)}, before ${named(before)} was called`;
  if (get.value !== null) return `${named(found)} ${ended}.`;
  const last = found.kind === "delete" ? named(found) : `${named(found)}, whose value may expire,`;
  return `Of all that can have removed a value by then, ${last} came last: it ${ended}.`;
}
