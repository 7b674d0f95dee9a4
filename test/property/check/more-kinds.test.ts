import fc from "fast-check";
import { expect, test } from "vitest";
import { linearizable } from "../../../sim/check/invariants/linearizable.ts";
import { noExpiredHit } from "../../../sim/check/invariants/no-expired-hit.ts";
import { record } from "../../unit/check/history-builder.ts";
import { anyKinds, genuineKinds, isExplained, UNIT_US } from "./every-kind.ts";

/**
 * Operations of every kind against the definition by brute force, and against a register that really answers them.
 */

const SEED = 20261123;
const CASES = 1500;
test("compare-and-sets and loads are judged as all orders say", () => {
  const counts = { right: 0, wrong: 0 };
  fc.assert(
    fc.property(anyKinds, (history) => {
      const isRight = linearizable.check(record(history)).length === 0;
      expect(isRight).toBe(isExplained(history));
      counts[isRight ? "right" : "wrong"]++;
    }),
    { seed: SEED, numRuns: CASES },
  );
  expect(counts.right).toBeGreaterThan(CASES / 10);
  expect(counts.wrong).toBeGreaterThan(CASES / 10);
});

test("what a right cache answered, touches and all, is right", () => {
  fc.assert(
    fc.property(genuineKinds, (history) => {
      for (const invariant of [linearizable, noExpiredHit]) {
        expect(invariant.check(record(history))).toEqual([]);
      }
    }),
    { seed: SEED, numRuns: CASES },
  );
});

test("a read that is put after the end of what it found, or of what keeps it, is noticed", () => {
  let noticed = 0;
  fc.assert(
    fc.property(genuineKinds, fc.nat(20), (history, pick) => {
      const reads = history.filter(({ kind, value }) => kind === "get" && value !== null);
      const read = reads[pick % Math.max(1, reads.length)];
      if (read === undefined) return;
      const late = { ...read, callUs: read.callUs + 60 * UNIT_US, returnUs: read.returnUs + 60 * UNIT_US };
      const changed = history.map((operation) => (operation === read ? late : operation));
      const mayNeverEnd = history.some(({ kind, result }) => kind === "touch" && result === "indeterminate");
      const violations = noExpiredHit.check(record(changed.toSorted((a, b) => a.callUs - b.callUs)));
      if (!mayNeverEnd) expect(violations).toHaveLength(1);
      noticed += violations.length;
    }),
    { seed: SEED, numRuns: 500 },
  );
  expect(noticed).toBeGreaterThan(100);
});
