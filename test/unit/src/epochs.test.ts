import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { counterAt, epochOf, nextEpoch } from "../../../src/primary/epochs.ts";

const owners = fc.integer({ min: 1, max: 9 });
const epoch = fc.integer({ min: 0, max: 2 ** 20 });

describe("epochs", () => {
  test("the next one is the lowest above that belongs to the owner", () => {
    fc.assert(
      fc.property(owners, fc.nat(), epoch, (count, place, above) => {
        const rank = place % count;
        const next = nextEpoch(above, rank, count);
        expect(next).toBeGreaterThan(above);
        expect(next).toBeLessThanOrEqual(above + count);
        expect(next % count).toBe(rank);
      }),
    );
  });

  test("a later epoch is above every sequence of an earlier one", () => {
    fc.assert(
      fc.property(epoch, fc.integer({ min: 0, max: 2 ** 32 - 1 }), (earlier, sequence) => {
        const counter = counterAt(earlier) + sequence;
        expect(epochOf(counter)).toBe(earlier);
        expect(counterAt(earlier + 1)).toBeGreaterThan(counter);
        expect(Number.isSafeInteger(counter)).toBe(true);
      }),
    );
  });
});
