import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { History, Operation } from "../../../sim/run/history.ts";
import { linearizable } from "../../../sim/check/invariants/linearizable.ts";
import { regular } from "../../../sim/check/invariants/regular.ts";
import { record } from "../../unit/check/history-builder.ts";
import { absences, damaged, garbage, genuine } from "./histories.ts";

/**
 * The definition by brute force: for each get, is there a set of writes that happened before it, in an order that
 * agrees with time, whose last one gives what the get found?
 */
function isRegular(history: History, allowanceMs = 0): boolean {
  const writes = history.filter(({ kind, result }) => kind !== "get" && result !== "fail");
  return history
    .filter(({ kind, result }) => kind === "get" && result === "ok")
    .every((get) => hasOrder(get, writes, allowanceMs));
}

function hasOrder(get: Operation, writes: readonly Operation[], allowanceMs: number): boolean {
  const endUs = ({ result, returnUs }: Operation) => (result === "ok" ? returnUs : Number.POSITIVE_INFINITY);
  /** Whether `last` explains what was found, if it is the last write before the get. */
  function explains(last: Operation | null): boolean {
    if (get.value !== null) return last?.kind === "set" && last.value === get.value;
    if (last === null || last.kind === "delete") return true;
    if (last.ttlMs === null) return false;
    return Math.max(last.callUs, last.callUs + (last.ttlMs - allowanceMs) * 1000) <= get.returnUs;
  }
  /** Puts one write after the other in front of the get; those left out come after it, or never. */
  function search(left: readonly Operation[], last: Operation | null): boolean {
    const mustPrecede = left.some((write) => endUs(write) < get.callUs);
    if (!mustPrecede && explains(last)) return true;
    return left.some((write) => {
      if (write.callUs > get.returnUs) return false;
      const others = left.filter((other) => other !== write);
      if (others.some((other) => endUs(other) < write.callUs)) return false;
      return search(others, write);
    });
  }
  return search(writes, null);
}

const CASES = { numRuns: 1500, seed: 20_260 };
const names = (history: History, clockSkewMs?: number): number =>
  regular.check(record(history, clockSkewMs === undefined ? {} : { clockSkewMs })).length;

describe.each([{ hasTtl: false }, { hasTtl: true }])("with times to live: $hasTtl", ({ hasTtl }) => {
  const options = { hasTtl, operationsMax: 7 };

  test.each([
    { name: "random operations", histories: garbage(options), wrongMin: 300 },
    { name: "many misses", histories: absences(options), wrongMin: 100 },
    { name: "genuine histories, damaged", histories: damaged(options), wrongMin: 20 },
  ])("regular is exact: $name", ({ histories, wrongMin }) => {
    let wrong = 0;
    fc.assert(
      fc.property(histories, (history) => {
        const truth = isRegular(history);
        expect(names(history) === 0).toBe(truth);
        if (!truth) wrong++;
      }),
      CASES,
    );
    expect(wrong).toBeGreaterThan(wrongMin);
    expect(wrong).toBeLessThan(CASES.numRuns - 100);
  });

  test("a certificate alone is a wrong history of at most three operations", () => {
    fc.assert(
      fc.property(fc.oneof(garbage(options), damaged(options)), (history) => {
        const [violation] = regular.check(record(history));
        if (violation === undefined) return;
        expect(violation.operations.length).toBeLessThanOrEqual(3);
        expect(isRegular(violation.operations)).toBe(false);
      }),
      CASES,
    );
  });

  test("what is linearizable is regular", () => {
    fc.assert(
      fc.property(fc.oneof(genuine(options), garbage(options)), (history) => {
        if (linearizable.check(record(history)).length === 0) expect(names(history)).toBe(0);
      }),
      CASES,
    );
  });
});

test("when clocks differ, a value may be missed by twice the skew before its time", () => {
  fc.assert(
    fc.property(
      garbage({ hasTtl: true, operationsMax: 6 }),
      fc.constantFrom(0.5, 1, 3),
      (history, skewMs) => {
        expect(names(history, skewMs) === 0).toBe(isRegular(history, 2 * skewMs));
      },
    ),
    CASES,
  );
});
