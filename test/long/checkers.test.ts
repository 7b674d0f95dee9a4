import { createReadStream, readFileSync } from "node:fs";
import { join } from "node:path";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { checkBytes } from "../../sim/check/check-bytes.ts";
import { checkHistory } from "../../sim/check/check-history.ts";
import { readVerdictTable, VERDICT_TABLE } from "../../sim/check/verdict-table.ts";
import { linearizable } from "../../sim/check/invariants/linearizable.ts";
import { casRegister } from "../../sim/check/models/register.ts";
import { absences, damaged, garbage, genuine } from "../property/check/histories.ts";
import { isLinearizable } from "../property/check/oracle.ts";
import { hasOrder } from "../property/check/recorded-histories.ts";
import { anyHistory, genuineHistory } from "../property/check/unique-values.ts";
import type { Data, RecordedOperation } from "../../sim/check/formats/recorded-history.ts";
import { record } from "../unit/check/history-builder.ts";

const CASES = 100_000;
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
