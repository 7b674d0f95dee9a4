import fc from "fast-check";
import { expect, test } from "vitest";
import { acknowledgedWritesSurvive } from "../../../sim/check/invariants/acknowledged-writes-survive.ts";
import { createNoExpiredHit } from "../../../sim/check/invariants/no-expired-hit.ts";
import type { Invariant } from "../../../sim/run/invariant.ts";
import { record } from "../../unit/check/history-builder.ts";
import { absences, damaged, garbage, genuine } from "./histories.ts";
import { isLinearizable } from "./oracle.ts";

const SEED = 20260119;
const CASES = 3000;
const options = { hasTtl: true, operationsMax: 8 };
const wild = fc.oneof(garbage(options), absences(options), damaged(options));

/** How often the invariant fires; each certificate must be a violation by itself. */
function countViolations(invariant: Invariant, histories: typeof wild): number {
  let count = 0;
  fc.assert(
    fc.property(histories, (history) => {
      const [violation] = invariant.check(record(history, { settleMs: 0 }));
      if (violation === undefined) return;
      count++;
      expect(invariant.check(record(violation.operations, { settleMs: 0 }))).toHaveLength(1);
    }),
    { seed: SEED, numRuns: CASES },
  );
  return count;
}

test("a lost acknowledged write is shown by a certificate that is wrong by itself", () => {
  expect(countViolations(acknowledgedWritesSurvive, wild)).toBeGreaterThan(100);
});

test("whoever lost an acknowledged write is not linearizable", () => {
  fc.assert(
    fc.property(wild, (history) => {
      if (acknowledgedWritesSurvive.check(record(history, { settleMs: 0 })).length > 0) {
        expect(isLinearizable(history)).toBe(false);
      }
    }),
    { seed: SEED, numRuns: CASES },
  );
});

test("what a right register answered lost nothing", () => {
  expect(countViolations(acknowledgedWritesSurvive, genuine(options))).toBe(0);
});

test("an expired hit is shown by a certificate that is wrong by itself", () => {
  expect(countViolations(createNoExpiredHit(), wild)).toBeGreaterThan(30);
});
