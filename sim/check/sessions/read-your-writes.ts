import type { Operation } from "../../run/history.ts";
import type { Invariant, Violation } from "../../run/invariant.ts";
import { inTimeOrder } from "../certificate.ts";
import {
  certainlyBefore,
  isAcknowledgedWrite,
  isHit,
  keySessions,
  type KeySessions,
} from "./session-reads.ts";
import { named, placed, quoted, time } from "../wording.ts";

/**
 * A client finds what it wrote itself, or something newer: no get returns a value whose set had ended before the
 * client's own acknowledged set or delete of the key was called. What a miss says is left to `linearizable`.
 *
 * At most one violation a key: the first of the first client.
 */
export const readYourWrites: Invariant = {
  name: "read-your-writes",
  summary: "No client finds a value that is older than what it wrote to the key itself.",
  // What replaced it is forgotten when its grace is over, by the clock of whoever holds it.
  dependsOnClocks: true,
  check: ({ history }) => [...keySessions(history)].flatMap((key) => findStaleRead(key) ?? []),
};

function findStaleRead({ key, sessions, writeOf }: KeySessions): Violation | null {
  for (const session of sessions) {
    let own: Operation | null = null;
    /** Not yet certainly over when the next operation is called. */
    let pending: Operation | null = null;
    for (const operation of session) {
      if (pending !== null && pending.returnUs < operation.callUs) own = pending;
      if (isAcknowledgedWrite(operation)) pending = operation;
      if (own === null || !isHit(operation)) continue;
      const found = writeOf(operation.value ?? "");
      if (found !== undefined && certainlyBefore(found, own)) return describe(key, found, own, operation);
    }
  }
  return null;
}

function describe(key: string, found: Operation, own: Operation, read: Operation): Violation {
  return {
    invariant: "read-your-writes",
    key,
    summary:
      `${placed(read)} found ${quoted(read.value ?? "")} in ${quoted(key)}, although ${read.client} itself had ` +
      `replaced it: ${named(own)} was acknowledged at ${time(own.returnUs)}`,
    operations: inTimeOrder([found, own, read]),
    notes: [`${named(found)} had ended at ${time(found.returnUs)}, before ${named(own)} was called.`],
  };
}
