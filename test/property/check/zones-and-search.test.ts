import fc from "fast-check";
import { expect, test } from "vitest";
import { checkHistory } from "../../../sim/check/check-history.ts";
import type { Dialect } from "../../../sim/check/formats/history-format.ts";
import { register } from "../../../sim/check/models/register.ts";
import { genuineHistory } from "./unique-values.ts";

const dialect: Dialect = { nilRead: "absent", failedCas: "ignored", initial: {} };

test("zones and searches agree on histories that are too long for all orders", () => {
  const counts = { linearizable: 0, violation: 0, unknown: 0 };
  const histories = fc
    .oneof(
      { weight: 4, arbitrary: genuineHistory(120, true, true) },
      { weight: 1, arbitrary: genuineHistory(120, true, false) },
    )
    .map((operations) =>
      operations.map((each) => (each.f === "cas" ? { ...each, f: "write", input: each.line } : each)),
    );
  fc.assert(
    fc.property(histories, (operations) => {
      const zones = checkHistory({ operations }, { model: register, dialect });
      // The same model, of which the check does not know that it is a register.
      const searched = checkHistory({ operations }, { model: { ...register, isRegister: false }, dialect });
      expect([zones.zoneKeys, searched.searchedKeys]).toEqual([1, 1]);
      expect(searched.verdict).toBe(zones.verdict);
      counts[zones.verdict]++;
    }),
    { seed: 20260128, numRuns: 150 },
  );
  expect(counts.unknown).toBe(0);
  expect(counts.linearizable).toBeGreaterThan(20);
  expect(counts.violation).toBeGreaterThan(20);
});
