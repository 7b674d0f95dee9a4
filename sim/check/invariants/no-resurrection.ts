import type { Operation } from "../../run/history.ts";
import type { Invariant, Violation } from "../../run/invariant.ts";
import { byKey } from "../by-key.ts";
import { compareByTime, inTimeOrder } from "../certificate.ts";
import { runningBest } from "../register/running-best.ts";
import { certainlyBefore, isHit } from "../sessions/session-reads.ts";
import { named, placed, quoted, time } from "../wording.ts";

/**
 * What was deleted stays away: no get returns a value whose set had ended before a delete was called, when that delete
 * was acknowledged before the get was called. If any delete proves it, then so does the one that was called last of
 * those that were acknowledged in time.
 *
 * At most one violation a key: the first such get.
 */
export const noResurrection: Invariant = {
  name: "no-resurrection",
  summary: "No get returns a value that was there before a delete which was acknowledged in the meantime.",
  // What replaced it is forgotten when its grace is over, by the clock of whoever holds it.
  dependsOnClocks: true,
  check({ history }) {
    const violations: Violation[] = [];
    for (const [key, operations] of byKey(history)) {
      const deletes = operations.filter(({ kind, result }) => kind === "delete" && result === "ok");
      if (deletes.length === 0) continue;
      const resurrection = findResurrection(operations, deletes);
      if (resurrection !== null) violations.push(describe(key, resurrection));
    }
    return violations;
  },
};

interface Resurrection {
  readonly write: Operation;
  readonly removal: Operation;
  readonly read: Operation;
}

function findResurrection(
  operations: readonly Operation[],
  deletes: readonly Operation[],
): Resurrection | null {
  const writes = new Map<string | null, Operation>();
  for (const operation of operations) {
    if (operation.kind === "set" && operation.result !== "fail") writes.set(operation.value, operation);
  }
  const lastCalled = runningBest(
    deletes,
    ({ returnUs }) => returnUs,
    ({ callUs }) => callUs,
  );
  for (const read of operations.filter(isHit).sort(compareByTime)) {
    const removal = lastCalled.below(read.callUs);
    const write = writes.get(read.value);
    if (removal === null || write === undefined || !certainlyBefore(write, removal)) continue;
    return { write, removal, read };
  }
  return null;
}

function describe(key: string, { write, removal, read }: Resurrection): Violation {
  return {
    invariant: "no-resurrection",
    key,
    summary:
      `${placed(read)} found ${quoted(read.value ?? "")} in ${quoted(key)}, which ${named(removal)} had removed: ` +
      `that was acknowledged at ${time(removal.returnUs)}`,
    operations: inTimeOrder([write, removal, read]),
    notes: [`${named(write)} had ended at ${time(write.returnUs)}, before ${named(removal)} was called.`],
  };
}
