import type { Operation } from "../../run/history.ts";
import type { RunRecord, Violation } from "../../run/invariant.ts";
import { compareByTime, inTimeOrder } from "../certificate.ts";
import { isAcknowledgedWrite, isHit, keySessions } from "./session-reads.ts";

/**
 * The two session guarantees about writes. In what order replicas apply two writes shows only in what is left in the
 * end: a get that is called when the system must have settled, and when the later write was acknowledged long ago, must
 * not find what the same client had written, or found, before it made that write. Until then a replica may be behind,
 * which is no reversal.
 *
 * @param isEarlier whether an operation of a client is one that its later writes must follow
 * @param describe the violation; the earlier operation, the client's later write, the get that shows the reversal
 * @returns at most one violation a key: the first such get
 */
export function findReversedWrites(
  { history, plan }: Pick<RunRecord, "history" | "plan">,
  isEarlier: (operation: Operation) => boolean,
  describe: (earlier: Operation, later: Operation, read: Operation) => Omit<Violation, "key" | "operations">,
): Violation[] {
  const settleUs = Math.round(plan.phases.settleMs * 1000);
  return [...keySessions(history)].flatMap(({ key, sessions, writeOf }) => {
    const finalReads = sessions.flat().filter((read) => isHit(read) && read.callUs >= settleUs);
    if (finalReads.length === 0) return [];
    const followed = sessions.flatMap((session) => followedValues(session, isEarlier));
    const laterOf = new Map<string, Followed>();
    for (const each of followed) {
      const known = laterOf.get(each.value);
      // Of several the one that was acknowledged first: most gets come after it.
      if (known === undefined || each.later.returnUs < known.later.returnUs) laterOf.set(each.value, each);
    }
    for (const read of finalReads.sort(compareByTime)) {
      const found = laterOf.get(read.value ?? "");
      if (found === undefined || found.later.returnUs >= read.callUs) continue;
      const write = writeOf(read.value ?? "");
      const operations = inTimeOrder([
        ...(write === undefined ? [] : [write]),
        found.earlier,
        found.later,
        read,
      ]);
      return [{ ...describe(found.earlier, found.later, read), key, operations }];
    }
    return [];
  });
}

interface Followed {
  readonly value: string;
  readonly earlier: Operation;
  readonly later: Operation;
}

/** Each value that a client wrote or found, with the first write that it certainly made after that. */
function followedValues(
  session: readonly Operation[],
  isEarlier: (operation: Operation) => boolean,
): Followed[] {
  const followed: Followed[] = [];
  let waiting: Operation[] = [];
  for (const operation of session) {
    if (isAcknowledgedWrite(operation)) {
      const isOver = (earlier: Operation): boolean => earlier.returnUs < operation.callUs;
      for (const earlier of waiting.filter(isOver)) {
        // To write again what one has found would be no reversal, but values are unique.
        followed.push({ value: earlier.value ?? "", earlier, later: operation });
      }
      waiting = waiting.filter((earlier) => !isOver(earlier));
    }
    if (isEarlier(operation) && operation.value !== null) waiting.push(operation);
  }
  return followed;
}
