import type { Operation } from "../../run/history.ts";
import type { Invariant, Violation } from "../../run/invariant.ts";
import { byKey } from "../by-key.ts";
import { compareByTime, inTimeOrder } from "../certificate.ts";
import { isHit } from "../sessions/session-reads.ts";
import { named, placed, quoted, time } from "../wording.ts";

/**
 * Nothing comes from nowhere: every value that a get returns was written to that key, by a set that did not fail and
 * was called before the get ended. The weakest thing to ask of a cache.
 *
 * At most one violation a key: the first such get.
 */
export const noThinAir: Invariant = {
  name: "no-thin-air",
  summary: "Every value that is found was written to that key before, by a set that did not fail.",
  check({ history }) {
    const violations: Violation[] = [];
    for (const [key, operations] of byKey(history)) {
      const writes = new Map<string | null, Operation>();
      for (const operation of operations)
        if (operation.kind === "set") writes.set(operation.value, operation);
      let first: Operation | null = null;
      for (const read of operations) {
        if (!isHit(read) || (first !== null && compareByTime(first, read) < 0)) continue;
        const write = writes.get(read.value);
        if (write === undefined || write.result === "fail" || read.returnUs < write.callUs) first = read;
      }
      if (first !== null) violations.push(describe(key, first, writes.get(first.value)));
    }
    return violations;
  },
};

function describe(key: string, read: Operation, write: Operation | undefined): Violation {
  const found = `${placed(read)} found ${quoted(read.value ?? "")} in ${quoted(key)}`;
  return {
    invariant: "no-thin-air",
    key,
    summary: `${found}, ${originOf(write)}`,
    operations: inTimeOrder(write === undefined ? [read] : [write, read]),
    notes: [],
  };
}

function originOf(write: Operation | undefined): string {
  if (write === undefined) return "which nobody wrote there";
  if (write.result === "fail") return `though ${named(write)} failed to write it`;
  return `before ${named(write)} was called to write it at ${time(write.callUs)}`;
}
