import { inTimeOrder } from "../../../sim/check/certificate.ts";
import { ttlUs } from "../../../sim/check/operation-times.ts";
import { placed, quoted, time } from "../../../sim/check/wording.ts";
import type { Operation } from "../../../sim/run/history.ts";
import type { Invariant } from "../../../sim/run/invariant.ts";

/**
 * No get returns a value that has certainly expired by the time at which it returns it. Stricter than
 * `no-expired-hit`, which asks when the get was called: the last thing that a node does to a value is to see whether
 * its time is over. It can be asked only where machines are not paused and clocks are right.
 */
export const noLateHit: Invariant = {
  name: "no-late-hit",
  summary: "No get returns a value whose time is over at that moment.",
  check({ history }) {
    const writes = new Map<string, Operation>();
    for (const write of history) {
      if (write.kind === "set" && write.value !== null && write.ttlMs !== null)
        writes.set(write.value, write);
    }
    return history.flatMap((read) => {
      const write = read.kind === "get" && read.value !== null ? writes.get(read.value) : undefined;
      if (write === undefined || read.returnUs <= write.returnUs + ttlUs(write)) return [];
      const expiredUs = write.returnUs + ttlUs(write);
      return [
        {
          invariant: "no-late-hit",
          key: read.key,
          summary:
            `${placed(read)} returned ${quoted(read.value ?? "")} at ${time(read.returnUs)}, when it had expired ` +
            `${time(read.returnUs - expiredUs)} before`,
          operations: inTimeOrder([write, read]),
          notes: [],
        },
      ];
    });
  },
};
