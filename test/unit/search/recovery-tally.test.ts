import fc from "fast-check";
import { expect, test } from "vitest";
import type { Outcome } from "../../../sim/run/outcome.ts";
import {
  mergeRecoveries,
  recoveryQuantileUs,
  type RecoveryTally,
  tallyRecovery,
} from "../../../sim/search/recovery-tally.ts";

function tallyOf(kinds: readonly string[], recoveryUs: number | null): RecoveryTally[] {
  const faults = kinds.map((kind) => ({ kind }));
  return tallyRecovery({ plan: { faults }, statistics: { recoveryUs } } as unknown as Outcome);
}

const NONE: readonly RecoveryTally[] = [];

test("a run counts once for each kind of fault that it had", () => {
  const merged = [tallyOf(["crash", "loss", "crash"], 5), tallyOf(["loss"], null)].reduce(
    mergeRecoveries,
    NONE,
  );
  expect(merged.map(({ kind, count, neverCount }) => [kind, count, neverCount])).toEqual([
    ["crash", 1, 0],
    ["loss", 2, 1],
  ]);
});

test("a quantile is at least the exact one, and at most an eighth more", () => {
  fc.assert(
    fc.property(
      fc.array(fc.nat(20_000_000), { minLength: 1, maxLength: 200 }),
      fc.double({ min: 0.01, max: 1, noNaN: true }),
      (times, share) => {
        const [tally] = times.map((us) => tallyOf(["crash"], us)).reduce(mergeRecoveries, NONE);
        const sorted = times.toSorted((a, b) => a - b);
        const exact = sorted[Math.ceil(share * sorted.length) - 1] as number;
        const shown = recoveryQuantileUs(tally as RecoveryTally, share) as number;
        expect(shown).toBeGreaterThanOrEqual(exact);
        expect(shown).toBeLessThanOrEqual(exact * 1.125);
      },
    ),
  );
});

test("where too many never recovered there is no quantile", () => {
  const [tally] = [tallyOf(["crash"], 100), tallyOf(["crash"], null)].reduce(mergeRecoveries, NONE);
  expect(recoveryQuantileUs(tally as RecoveryTally, 0.5)).toBe(100);
  expect(recoveryQuantileUs(tally as RecoveryTally, 0.51)).toBeNull();
});
