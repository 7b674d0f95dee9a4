import type { Operation } from "../../run/history.ts";
import type { Invariant, Violation } from "../../run/invariant.ts";
import { byKey } from "../by-key.ts";
import { compareByTime, inTimeOrder } from "../certificate.ts";
import { ttlUs } from "../operation-times.ts";
import type { RegisterOperation } from "../register/register-operation.ts";
import { latestUseUs } from "../register/touches.ts";
import { placed, quoted, time } from "../wording.ts";

export interface NoExpiredHitOptions {
  /** How much longer than its time to live a value may be served, for example for the error of clocks. */
  readonly allowanceMs?: number;
}

/**
 * No get returns a value that has certainly expired: wrong is a hit that is called after the end of the value's
 * write + its ttl + the allowance. The write's end is the latest moment from which an honest cache can count.
 *
 * Of an indeterminate write that is the moment at which its client gave up, since a cache fixes the expiry
 * when it takes the request, not when a copy arrives somewhere; or the moment at which a busy machine took the
 * request after all, if that was later. A write still open when the run ended never expires. A touch that may have
 * touched the value counts likewise, from its own end. A value that was never written, or only by a failed write, is the
 * business of `linearizable`.
 *
 * At most one violation a key: the first hit of all.
 */
export function createNoExpiredHit({ allowanceMs = 0 }: NoExpiredHitOptions = {}): Invariant {
  const allowanceUs = Math.round(allowanceMs * 1000);
  return {
    name: "no-expired-hit",
    dependsOnClocks: true,
    isPrefixClosed: true,
    summary: "No get returns a value after its time to live has certainly passed.",
    check(run) {
      const violations: Violation[] = [];
      for (const [key, operations] of byKey(run.history)) {
        const writes = limitedWrites(operations);
        if (writes.size === 0) continue;
        let first: { write: RegisterOperation; read: Operation } | null = null;
        for (const read of operations) {
          if (read.kind !== "get" || read.result !== "ok" || read.value === null) continue;
          const write = writes.get(read.value);
          if (write === undefined || read.callUs <= expiredByUs(write) + allowanceUs) continue;
          if (first === null || compareByTime(read, first.read) < 0) first = { write, read };
        }
        if (first !== null) violations.push(describe(key, first.write, first.read, allowanceMs));
      }
      return violations;
    },
  };
}

export const noExpiredHit: Invariant = createNoExpiredHit();

/** From when on an honest cache no longer serves the value of a write. */
function expiredByUs(write: RegisterOperation): number {
  const { touches = [] } = write;
  return touches.reduce((us, { operation }) => Math.max(us, latestUseUs(operation)), latestUseUs(write));
}

/** The writes that may have happened and whose values expire, by value. */
function limitedWrites(operations: readonly RegisterOperation[]): Map<string, RegisterOperation> {
  const writes = new Map<string, RegisterOperation>();
  for (const operation of operations) {
    const { kind, result, value, ttlMs } = operation;
    if (kind === "set" && result !== "fail" && value !== null && ttlMs !== null) writes.set(value, operation);
  }
  return writes;
}

function describe(key: string, write: RegisterOperation, read: Operation, allowanceMs: number): Violation {
  const expiredUs = expiredByUs(write);
  const allowance = allowanceMs === 0 ? "" : ` (${allowanceMs} ms later would be allowed)`;
  return {
    invariant: "no-expired-hit",
    key,
    summary:
      `${placed(read)} found ${quoted(read.value ?? "")} in ${quoted(key)}, which had expired by ` +
      `${time(expiredUs)}, ${time(read.callUs - expiredUs)} before${allowance}`,
    operations: inTimeOrder([write, ...(write.touches ?? []).map(({ operation }) => operation), read]),
    notes: [
      `The value was written by ${placed(write)} to live ${time(ttlUs(write))}.`,
      ...((write.takenUs ?? 0) > write.returnUs
        ? [
            `${write.machine} took that request up at ${time(write.takenUs ?? 0)}, when its client had given up.`,
          ]
        : []),
    ],
  };
}
