import type { Operation } from "../../run/history.ts";
import type { Invariant, Violation } from "../../run/invariant.ts";
import { inTimeOrder } from "../certificate.ts";
import { certainlyBefore, isHit, keySessions, type KeySessions } from "./session-reads.ts";
import { named, placed, quoted, time } from "../wording.ts";

/**
 * What a client finds never gets older: once it has found the value of one set, no later get of its own returns a value
 * whose set had ended before that one was called. What a miss says is left to `linearizable`.
 *
 * At most one violation a key: the first of the first client.
 */
export const monotonicReads: Invariant = {
  name: "monotonic-reads",
  summary: "No client finds a value that is older than one it has found in the key before.",
  // What replaced it is forgotten when its grace is over, by the clock of whoever holds it.
  dependsOnClocks: true,
  check: ({ history }) => [...keySessions(history)].flatMap((key) => findReversal(key) ?? []),
};

interface Seen {
  readonly read: Operation;
  readonly write: Operation;
}

function findReversal({ key, sessions, writeOf }: KeySessions): Violation | null {
  for (const session of sessions) {
    /** Of what was found so far, what was written last. */
    let newest: Seen | null = null;
    let pending: Seen | null = null;
    for (const read of session) {
      if (!isHit(read)) continue;
      if (pending !== null && pending.read.returnUs < read.callUs) {
        if (newest === null || pending.write.callUs > newest.write.callUs) newest = pending;
      }
      const write = writeOf(read.value ?? "");
      if (write === undefined) continue;
      if (newest !== null && certainlyBefore(write, newest.write))
        return describe(key, newest, { read, write });
      pending = { read, write };
    }
  }
  return null;
}

function describe(key: string, newer: Seen, older: Seen): Violation {
  const { read } = older;
  return {
    invariant: "monotonic-reads",
    key,
    summary:
      `${placed(read)} found ${quoted(read.value ?? "")} in ${quoted(key)}, although ${read.client} had found the ` +
      `newer ${quoted(newer.read.value ?? "")} by ${time(newer.read.returnUs)}`,
    operations: inTimeOrder([older.write, newer.write, newer.read, read]),
    notes: [
      `${named(older.write)} had ended at ${time(older.write.returnUs)}, before ${named(newer.write)} was called.`,
    ],
  };
}
