import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { checkHistory, type HistoryReport } from "../../../sim/check/check-history.ts";
import type { Dialect } from "../../../sim/check/formats/history-format.ts";
import type { Data, RecordedOperation } from "../../../sim/check/formats/recorded-history.ts";
import { casRegister } from "../../../sim/check/models/register.ts";
import { hasOrder } from "./recorded-histories.ts";
import { anyHistory, genuineHistory } from "./unique-values.ts";

const SEED = 20260124;
const CASES = 1500;
const dialect: Dialect = { nilRead: "absent", failedCas: "ignored", initial: {} };

function check(operations: readonly RecordedOperation[], initial: Data = null): HistoryReport {
  return checkHistory({ operations }, { model: casRegister, dialect, initial });
}

/** A register in so many words. */
function isLinearizable(history: readonly RecordedOperation[], initial: Data): boolean {
  const operations = history.filter(
    ({ f, result }) => result === "ok" || (result === "indeterminate" && f !== "read"),
  );
  return hasOrder(operations, initial, (state, index): Data | undefined => {
    const { f, input, output } = operations[index] as RecordedOperation;
    if (f === "read") return output === state ? state : undefined;
    if (f === "delete") return null;
    if (!Array.isArray(input)) return input;
    const [from = null, to = null]: readonly Data[] = input;
    return from === state ? to : undefined;
  });
}

function tally(histories: fc.Arbitrary<RecordedOperation[]>, initial: Data, cases = CASES) {
  const counts = { right: 0, wrong: 0, zones: 0 };
  const property = fc.property(histories, (operations) => {
    const report = check(operations, initial);
    const truth = isLinearizable(operations, initial);
    expect(report.verdict).toBe(truth ? "linearizable" : "violation");
    counts[truth ? "right" : "wrong"]++;
    counts.zones += report.zoneKeys;
  });
  fc.assert(property, { seed: SEED, numRuns: cases });
  return counts;
}

describe.each([
  { hasDeletes: false, initial: null },
  { hasDeletes: true, initial: null },
  { hasDeletes: false, initial: 0 },
])(
  "a register with compare-and-set, deletes: $hasDeletes, beginning: $initial",
  ({ hasDeletes, initial }) => {
    test("is judged as all orders say, nearly always by zones", () => {
      const counts = tally(fc.oneof(anyHistory(7, hasDeletes), genuineHistory(7, hasDeletes, true)), initial);
      expect(counts.right).toBeGreaterThan(CASES / 8);
      expect(counts.wrong).toBeGreaterThan(CASES / 8);
      expect(counts.zones).toBeGreaterThan(CASES / 3);
    });
  },
);

test("what a right register answered is right", () => {
  const counts = tally(genuineHistory(8, true, false), null, 500);
  expect(counts.wrong).toBe(0);
});

test("a certificate alone is wrong", () => {
  let count = 0;
  const property = fc.property(anyHistory(8, false), (operations) => {
    const [finding] = check(operations, 0).findings;
    if (finding === undefined) return;
    count++;
    expect(isLinearizable(finding.operations, 0)).toBe(false);
  });
  fc.assert(property, { seed: SEED, numRuns: CASES });
  expect(count).toBeGreaterThan(CASES / 4);
});
