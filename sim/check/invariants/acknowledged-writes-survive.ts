import type { Operation } from "../../run/history.ts";
import type { Invariant, Violation } from "../../run/invariant.ts";
import { byKey } from "../by-key.ts";
import { compareByTime, inTimeOrder } from "../certificate.ts";
import { effectEndUs, expiresFromUs, expiryAllowanceUs } from "../operation-times.ts";
import { runningBest } from "../register/running-best.ts";
import { named, placed, quoted, time } from "../wording.ts";

/**
 * Durability: what was acknowledged is still there when the system has recovered.
 *
 * A *final read* is a get that ended `ok` and was called when the system must have settled. It breaks the rule
 * if some acknowledged set `w` of its key ended before the read was called, and
 * - *lost*: the read found nothing, or found a value whose own acknowledged set ended before `w` was called;
 * - *and nothing excuses it*: no delete (acknowledged or indeterminate) and no expiry may have taken effect
 *   after `w` was called and before the read ended. A delete may take effect from its call on, an expiry
 *   (of any set that may have happened, `w` or one that replaced it) from that set's call + ttl on, less the
 *   allowance for clocks that are not right.
 *   What ended before `w` was called excuses nothing: a delete by its end, an expired set likewise by the end
 *   of the set itself, since `w` replaced it.
 *
 * If any set proves the loss, then so does the one that was called last of those that ended before the read:
 * fewer excuses come after it, and more values are older than it.
 *
 * Not flagged: final reads without an answer (see `operations-end`), values that were never written (see
 * `linearizable`), values of indeterminate sets, which may have taken effect after any other.
 *
 * At most one violation a key: the first such read.
 */
export const acknowledgedWritesSurvive: Invariant = {
  name: "acknowledged-writes-survive",
  dependsOnClocks: true,
  summary:
    "Once the system has settled, every acknowledged write can be read, unless deleted, expired or replaced.",
  check(run) {
    const settleUs = Math.round(run.plan.phases.settleMs * 1000);
    const allowanceUs = expiryAllowanceUs(run);
    const violations: Violation[] = [];
    for (const [key, operations] of byKey(run.history)) {
      const reads = operations.filter(
        ({ kind, result, callUs }) => kind === "get" && result === "ok" && callUs >= settleUs,
      );
      if (reads.length === 0) continue;
      const loss = findLoss(operations, reads.sort(compareByTime), allowanceUs);
      if (loss !== null) violations.push(describe(key, loss));
    }
    return violations;
  },
};

interface Loss {
  readonly write: Operation;
  readonly read: Operation;
  /** The set of the older value that the read found; null for a miss. */
  readonly older: Operation | null;
}

function findLoss(
  operations: readonly Operation[],
  reads: readonly Operation[],
  allowanceUs: number,
): Loss | null {
  const found = new Set(reads.map(({ value }) => value));
  const writes = operations.filter(({ kind, result }) => kind === "set" && result === "ok");
  const writeOf = new Map<string | null, Operation>();
  for (const write of writes) if (found.has(write.value)) writeOf.set(write.value, write);

  const lastCalled = runningBest(
    writes,
    ({ returnUs }) => returnUs,
    ({ callUs }) => callUs,
  );
  const absentFrom = (operation: Operation): number => absentFromUs(operation, allowanceUs);
  const excuses = operations.filter((operation) => absentFrom(operation) < Number.POSITIVE_INFINITY);
  const lastExcuse = runningBest(excuses, absentFrom, effectEndUs);
  for (const read of reads) {
    const write = lastCalled.below(read.callUs);
    if (write === null) continue;
    const excuse = lastExcuse.upTo(read.returnUs);
    if (excuse !== null && effectEndUs(excuse) >= write.callUs) continue;
    if (read.value === null) return { write, read, older: null };
    const older = writeOf.get(read.value);
    if (older !== undefined && older.returnUs < write.callUs) return { write, read, older };
  }
  return null;
}

/** From when on an operation may make the key absent; `Infinity` when it never does. */
function absentFromUs(operation: Operation, allowanceUs: number): number {
  if (operation.kind === "get" || operation.result === "fail") return Number.POSITIVE_INFINITY;
  return operation.kind === "delete" ? operation.callUs : expiresFromUs(operation, allowanceUs);
}

function describe(key: string, { write, read, older }: Loss): Violation {
  const found = older === null ? "nothing" : `the older ${quoted(older.value ?? "")}`;
  return {
    invariant: "acknowledged-writes-survive",
    key,
    summary:
      `${quoted(write.value ?? "")}, which ${named(write)} wrote to ${quoted(key)} and ${write.machine} ` +
      `acknowledged at ${time(write.returnUs)}, is lost: ${placed(read)} found ${found}`,
    operations: inTimeOrder(older === null ? [write, read] : [older, write, read]),
    notes: [
      "No delete and no expiry can have removed it in between.",
      ...(older === null
        ? []
        : [`${named(older)} had ended at ${time(older.returnUs)}, before ${named(write)} was called.`]),
    ],
  };
}
