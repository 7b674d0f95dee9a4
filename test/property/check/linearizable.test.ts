import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { createLinearizable } from "../../../sim/check/invariants/linearizable.ts";
import { checkRegister } from "../../../sim/check/register/register-zones.ts";
import type { History } from "../../../sim/run/history.ts";
import { record } from "../../unit/check/history-builder.ts";
import { absences, damaged, garbage, genuine } from "./histories.ts";
import { isLinearizable } from "./oracle.ts";

const SEED = 20260117;
const CASES = 3000;

const strict = createLinearizable();
const evictable = createLinearizable({ misses: "evictable" });
const uninformative = createLinearizable({ misses: "uninformative" });

function holds(invariant: typeof strict, history: History): boolean {
  return invariant.check(record(history)).length === 0;
}

/** Runs the property over many histories, and counts what it returns. */
function tally(histories: fc.Arbitrary<History>, classify: (history: History) => string) {
  const counts: Record<string, number> = {};
  const property = fc.property(histories, (history) => {
    const name = classify(history);
    counts[name] = (counts[name] ?? 0) + 1;
  });
  fc.assert(property, { seed: SEED, numRuns: CASES });
  return counts;
}

function withoutMisses(history: History): History {
  return history.filter(({ kind, result, value }) => kind !== "get" || result !== "ok" || value !== null);
}

describe("without times to live, linearizable is exact", () => {
  const options = { hasTtl: false, operationsMax: 8 };
  test.each([
    { name: "random operations", histories: garbage(options), wrongMin: 600 },
    { name: "many misses", histories: absences(options), wrongMin: 600 },
    { name: "genuine histories, damaged", histories: damaged(options), wrongMin: 60 },
  ])("$name", ({ histories, wrongMin }) => {
    const counts = tally(histories, (history) => {
      const truth = isLinearizable(history);
      expect(holds(strict, history)).toBe(truth);
      return truth ? "right" : "wrong";
    });
    expect(counts["wrong"]).toBeGreaterThan(wrongMin);
    expect(counts["right"]).toBeGreaterThan(600);
  });
});

describe("with times to live, linearizable never raises a false alarm and overlooks next to nothing", () => {
  const options = { hasTtl: true, operationsMax: 8 };
  test.each([
    { name: "random operations", histories: garbage(options), wrongMin: 500 },
    { name: "many misses", histories: absences(options), wrongMin: 150 },
    { name: "genuine histories, damaged", histories: damaged(options), wrongMin: 50 },
  ])("$name", ({ histories, wrongMin }) => {
    const counts = tally(histories, (history) => {
      const truth = isLinearizable(history);
      if (holds(strict, history)) return truth ? "right" : "overlooked";
      expect(truth).toBe(false);
      return "wrong";
    });
    expect(counts["wrong"]).toBeGreaterThan(wrongMin);
    expect(counts["right"]).toBeGreaterThan(600);
    expect(counts["overlooked"] ?? 0).toBeLessThanOrEqual(1);
  });
});

describe.each([{ hasTtl: false }, { hasTtl: true }])("with times to live: $hasTtl", ({ hasTtl }) => {
  const options = { hasTtl, operationsMax: 8 };

  test("what a right register answered is right in every mode", () => {
    tally(genuine(options), (history) => {
      expect(isLinearizable(history)).toBe(true);
      expect([strict, evictable, uninformative].map((mode) => holds(mode, history))).toEqual([
        true,
        true,
        true,
      ]);
      return "right";
    });
  });

  test("misses that may be evictions are judged exactly", () => {
    const counts = tally(fc.oneof(garbage(options), damaged(options)), (history) => {
      const truth = isLinearizable(history, "evictable");
      expect(holds(evictable, history)).toBe(truth);
      return truth ? "right" : "wrong";
    });
    expect(counts["wrong"]).toBeGreaterThan(300);
    expect(counts["right"]).toBeGreaterThan(600);
  });

  test("hits alone are judged exactly when misses say nothing", () => {
    const counts = tally(fc.oneof(garbage(options), damaged(options)), (history) => {
      const truth = isLinearizable(withoutMisses(history));
      expect(holds(uninformative, history)).toBe(truth);
      expect(checkRegister(history) === null).toBe(truth);
      return truth ? "right" : "wrong";
    });
    expect(counts["wrong"]).toBeGreaterThan(300);
    expect(counts["right"]).toBeGreaterThan(600);
  });

  test("a certificate alone is a wrong history, of at most six operations if hits are at odds", () => {
    const histories = fc.oneof(garbage(options), absences(options), damaged(options));
    const counts = tally(histories, (history) => {
      const [violation] = strict.check(record(history));
      if (violation === undefined) return "right";
      expect(holds(strict, violation.operations)).toBe(false);
      expect(isLinearizable(violation.operations)).toBe(false);
      expect(history).toEqual(expect.arrayContaining([...violation.operations]));
      expect(checkRegister(history)?.operations.length ?? 0).toBeLessThanOrEqual(6);
      return "wrong";
    });
    expect(counts["wrong"]).toBeGreaterThan(200);
  });
});

describe("when clocks differ, linearizable never raises a false alarm", () => {
  const options = { hasTtl: true, operationsMax: 8 };
  const wild = fc.oneof(garbage(options), absences(options), damaged(options));

  // The allowance is twice the skew: from next to nothing to more than most times to live.
  describe.each([0.5, 1, 2, 4])("by up to %d ms", (clockSkewMs) => {
    const check = (history: History) => strict.check(record(history, { clockSkewMs }));
    const isRight = (history: History) => isLinearizable(history, "strict", 2 * clockSkewMs);

    test("what it finds is wrong, and so is the certificate alone", () => {
      const counts = tally(wild, (history) => {
        const [violation] = check(history);
        if (violation === undefined) return isRight(history) ? "right" : "overlooked";
        expect(isRight(history)).toBe(false);
        expect(isRight(violation.operations)).toBe(false);
        expect(check(violation.operations)).toHaveLength(1);
        return "wrong";
      });
      expect(counts["wrong"]).toBeGreaterThan(300);
      expect(counts["right"]).toBeGreaterThan(600);
      expect(counts["overlooked"] ?? 0).toBeLessThanOrEqual(1);
    });

    test("whatever is right by right clocks is right", () => {
      tally(fc.oneof(wild, genuine(options)), (history) => {
        if (isLinearizable(history)) {
          expect(isRight(history)).toBe(true);
          expect(check(history)).toEqual([]);
        }
        return "";
      });
    });
  });
});
