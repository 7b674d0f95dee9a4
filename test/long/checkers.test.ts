import { createReadStream, readFileSync } from "node:fs";
import { join } from "node:path";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { checkBytes } from "../../sim/check/check-bytes.ts";
import { checkHistory } from "../../sim/check/check-history.ts";
import { readVerdictTable, VERDICT_TABLE } from "../../sim/check/verdict-table.ts";
import { createLinearizable, linearizable } from "../../sim/check/invariants/linearizable.ts";
import { noExpiredHit } from "../../sim/check/invariants/no-expired-hit.ts";
import { casRegister, register } from "../../sim/check/models/register.ts";
import type { History } from "../../sim/run/history.ts";
import type { Invariant } from "../../sim/run/invariant.ts";
import { anyKinds, genuineKinds, isExplained } from "../property/check/every-kind.ts";
import { longHistory } from "../property/check/long-history.ts";
import { absences, damaged, garbage, genuine } from "../property/check/histories.ts";
import { isLinearizable } from "../property/check/oracle.ts";
import { hasOrder } from "../property/check/recorded-histories.ts";
import { anyHistory, genuineHistory } from "../property/check/unique-values.ts";
import type { Data, RecordedOperation } from "../../sim/check/formats/recorded-history.ts";
import { record } from "../unit/check/history-builder.ts";

/** `LONG_SEEDS=100` makes a part of it of the whole. */
const CASES = 200 * Number(process.env["LONG_SEEDS"] ?? 500);
const options = { hasTtl: false, operationsMax: 8 };

test(`the register checker agrees with all orders on ${CASES} histories of gets, sets and deletes`, () => {
  fc.assert(
    fc.property(
      fc.oneof(garbage(options), absences(options), damaged(options), genuine(options)),
      (history) => {
        expect(linearizable.check(record(history)).length === 0).toBe(isLinearizable(history));
      },
    ),
    { seed: 1, numRuns: CASES },
  );
});

test(`and on ${CASES} histories with compare-and-set`, () => {
  const dialect = { nilRead: "absent", failedCas: "ignored", initial: {} } as const;
  const histories = fc.oneof(
    anyHistory(7, false),
    genuineHistory(8, false, true),
    genuineHistory(8, true, true),
  );
  fc.assert(
    fc.property(histories, (operations) => {
      const { verdict } = checkHistory({ operations }, { model: casRegister, dialect });
      const happened = operations.filter(
        ({ f, result }) => result === "ok" || (result === "indeterminate" && f !== "read"),
      );
      const truth = hasOrder<Data>(happened, null, (state, index) => {
        const { f, input, output } = happened[index] as RecordedOperation;
        if (f === "read") return output === state ? state : undefined;
        if (f === "delete") return null;
        if (!Array.isArray(input)) return input;
        return (input[0] ?? null) === state ? (input[1] ?? null) : undefined;
      });
      expect(verdict).toBe(truth ? "linearizable" : "violation");
    }),
    { seed: 2, numRuns: CASES },
  );
});

const modes = (["strict", "evictable", "uninformative"] as const).map((misses) =>
  createLinearizable({ misses }),
);
const [strict, evictable, uninformative] = modes as [Invariant, Invariant, Invariant];
const expiring = { hasTtl: true, operationsMax: 8 };
const wild = fc.oneof(garbage(expiring), absences(expiring), damaged(expiring));

function holds(invariant: Invariant, history: History, clockSkewMs = 0): boolean {
  return invariant.check(record(history, { clockSkewMs })).length === 0;
}

test(`with times to live ${CASES} histories give no false alarm, and next to nothing is overlooked`, () => {
  const counts = { right: 0, wrong: 0, overlooked: 0 };
  fc.assert(
    fc.property(fc.oneof(wild, genuine(expiring)), (history) => {
      const truth = isLinearizable(history);
      if (holds(strict, history)) counts[truth ? "right" : "overlooked"]++;
      else {
        expect(truth).toBe(false);
        counts.wrong++;
      }
    }),
    { seed: 3, numRuns: CASES },
  );
  expect(counts.wrong).toBeGreaterThan(CASES / 20);
  expect(counts.right).toBeGreaterThan(CASES / 10);
  // Which misses expiries can explain is judged value by value, which is not the whole truth.
  expect(counts.overlooked).toBeLessThanOrEqual(CASES / 3000);
});

test(`so do ${CASES} histories on clocks that differ`, () => {
  const counts = { right: 0, wrong: 0, overlooked: 0 };
  fc.assert(
    fc.property(wild, fc.constantFrom(0.5, 1, 2, 4), (history, skewMs) => {
      const truth = isLinearizable(history, "strict", 2 * skewMs);
      if (holds(strict, history, skewMs)) counts[truth ? "right" : "overlooked"]++;
      else {
        expect(truth).toBe(false);
        counts.wrong++;
      }
    }),
    { seed: 4, numRuns: CASES },
  );
  expect(counts.wrong).toBeGreaterThan(CASES / 10);
  expect(counts.overlooked).toBeLessThanOrEqual(CASES / 3000);
});

test(`misses that may be evictions, or say nothing, are judged exactly in ${CASES} histories`, () => {
  fc.assert(
    fc.property(fc.oneof(garbage(expiring), damaged(expiring)), (history) => {
      expect(holds(evictable, history)).toBe(isLinearizable(history, "evictable"));
      const hits = history.filter(
        ({ kind, result, value }) => kind !== "get" || result !== "ok" || value !== null,
      );
      expect(holds(uninformative, history)).toBe(isLinearizable(hits));
    }),
    { seed: 5, numRuns: CASES },
  );
});

test(`operations of every kind are judged as all orders say in ${CASES} histories`, () => {
  fc.assert(
    fc.property(anyKinds, (history) => {
      expect(holds(strict, history)).toBe(isExplained(history));
    }),
    { seed: 6, numRuns: CASES },
  );
});

test(`what a right cache answered, touches and all, is right in ${CASES} histories`, () => {
  fc.assert(
    fc.property(genuineKinds, (history) => {
      for (const invariant of [strict, noExpiredHit]) {
        expect(invariant.check(record(history))).toEqual([]);
      }
    }),
    { seed: 7, numRuns: CASES },
  );
});

const LONG = 4000;
const stepsMax = 20_000_000;

test(`zones and searches agree on histories of ${LONG} operations, right ones and wrong ones`, () => {
  const dialect = { nilRead: "absent", failedCas: "ignored", initial: {} } as const;
  const counts = { linearizable: 0, violation: 0, unknown: 0 };
  for (let seed = 1; seed <= 20; seed++) {
    const operations = longHistory(seed, LONG, seed % 2 === 0);
    const zones = checkHistory({ operations }, { model: register, dialect });
    // The same model, of which the check does not know that it is a register.
    const searched = checkHistory(
      { operations },
      { model: { ...register, isRegister: false }, dialect, stepsMax },
    );
    expect([zones.zoneKeys, searched.searchedKeys]).toEqual([1, 1]);
    expect({ seed, verdict: searched.verdict }).toEqual({ seed, verdict: zones.verdict });
    expect(zones.verdict).toBe(seed % 2 === 0 ? "violation" : "linearizable");
    counts[zones.verdict]++;
  }
  expect(counts).toEqual({ linearizable: 10, violation: 10, unknown: 0 });
});

/** A folder of histories that others recorded, with a table of verdicts. */
const folder = process.env["HISTORIES"];

describe.skipIf(folder === undefined)("histories with known verdicts", () => {
  const place = folder ?? "";
  const table =
    folder === undefined ? null : readVerdictTable(readFileSync(join(place, VERDICT_TABLE), "utf8"), place);

  test("are judged as the table says", async () => {
    if (table?.ok !== true) throw new Error(`${place} has no table that can be read`);
    for (const { file, isLinearizable: isRight } of table.value) {
      const checked = await checkBytes(createReadStream(join(place, file)), file, {});
      if (!checked.ok) throw new Error(`${file} cannot be read`);
      const { verdict } = checked.value.report;
      expect({ file, verdict }).toEqual({ file, verdict: isRight ? "linearizable" : "violation" });
    }
  });
});
