import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { findLinearization } from "../../../sim/check/register/linearization.ts";
import type { Operation } from "../../../sim/run/history.ts";
import { absences, damaged, garbage, genuine } from "../../property/check/histories.ts";
import { isLinearizable } from "../../property/check/oracle.ts";

const SEED = 20260118;
const CASES = 1000;
const options = { operationsMax: 7 };
const histories = fc.oneof(
  ...[true, false].flatMap((hasTtl) =>
    [garbage, absences, damaged, genuine].map((make) => make({ ...options, hasTtl })),
  ),
);

describe("an order of the operations on a key", () => {
  test("is found exactly when there is one", () => {
    const counts = { order: 0, stuck: 0, unknown: 0 };
    fc.assert(
      fc.property(histories, (history) => {
        const { verdict } = findLinearization(history);
        counts[verdict]++;
        expect(verdict).toBe(isLinearizable(history) ? "order" : "stuck");
      }),
      { seed: SEED, numRuns: CASES },
    );
    expect(counts.order).toBeGreaterThan(200);
    expect(counts.stuck).toBeGreaterThan(100);
  });

  test("has every operation within its interval, once, and in the order of the moments", () => {
    fc.assert(
      fc.property(histories, (history) => {
        const { verdict, points, blocked } = findLinearization(history);
        const moments = points.map(({ atUs }) => atUs);
        expect(moments).toEqual(moments.toSorted((a, b) => a - b));
        for (const { operation, atUs } of points) {
          expect(atUs).toBeGreaterThanOrEqual(operation.callUs);
          if (operation.result === "ok") expect(atUs).toBeLessThanOrEqual(operation.returnUs);
        }
        const placed = new Set(points.map(({ operation }) => operation.id));
        expect(placed.size).toBe(points.length);
        for (const { id } of blocked) expect(placed.has(id)).toBe(false);
        const mustBePlaced = history.filter(({ result }) => result === "ok");
        if (verdict === "order") expect(mustBePlaced.every(({ id }) => placed.has(id))).toBe(true);
        else expect(blocked.length).toBeGreaterThan(0);
      }),
      { seed: SEED, numRuns: CASES },
    );
  });

  test("is given up, not got wrong, when there are too many", () => {
    const set = (n: number): Operation => ({
      id: `c${n}#1`,
      client: `c${n}`,
      machine: "n1",
      kind: "set",
      key: "k",
      value: `v${n}`,
      ttlMs: null,
      callUs: 0,
      returnUs: 1000,
      deadlineUs: 2000,
      result: "ok",
      error: null,
    });
    const read = { ...set(99), kind: "get", value: "from nowhere" } as const;
    const many = [...Array.from({ length: 14 }, (_, n) => set(n)), read];
    const { verdict, points } = findLinearization(many, 0, 500);
    expect(verdict).toBe("unknown");
    expect(points.length).toBe(14);
  });
});
