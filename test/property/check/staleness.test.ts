import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { countDominated } from "../../../sim/check/register/count-dominated.ts";
import { measureStaleness, type Staleness } from "../../../sim/check/register/register-staleness.ts";
import type { History, Operation } from "../../../sim/run/history.ts";
import { history } from "../../unit/check/history-builder.ts";
import { damaged, garbage, genuine } from "./histories.ts";
import { isLinearizable } from "./oracle.ts";

const SEED = 20260127;
const options = { hasTtl: false, operationsMax: 8 };
/** Short operations, one after the other or nearly so; each get finds any of the values written by its end. */
const stale = fc
  .array(
    fc.record({
      kind: fc.constantFrom("set", "set", "get", "get", "delete"),
      gap: fc.nat(4),
      before: fc.nat(2),
      after: fc.nat(3),
      pick: fc.nat(20),
      mark: fc.constantFrom("", "", "", "", "?", "!"),
    }),
    { minLength: 3, maxLength: 8, size: "max" },
  )
  .map((steps) => {
    let now = 5;
    const values: string[] = [];
    const lines = steps.flatMap(({ kind, gap, before, after, pick, mark }, index) => {
      now += gap;
      const span = `${now - before}..${now + after}`;
      if (kind === "delete") return [`c${index} delete ${span}${mark}`];
      if (kind === "get") {
        const value = values[pick % values.length];
        return value === undefined ? [] : [`c${index} get ${value} ${span}`];
      }
      if (mark !== "!") values.push(`v${index}`);
      return [`c${index} set v${index} ${span}${mark}`];
    });
    return history(...lines);
  });
const wild = fc.oneof(
  { weight: 4, arbitrary: stale },
  {
    weight: 1,
    arbitrary: fc
      .oneof(garbage(options), damaged(options))
      .map((operations) => operations.filter(({ kind, value }) => kind !== "get" || value !== null)),
  },
);

function staleness(operations: History): Staleness | null {
  const measured = measureStaleness(operations);
  return "condition" in measured ? null : measured;
}

/** Every get called that much earlier. */
function earlier(operations: History, deltaUs: number): History {
  return operations.map((operation) =>
    operation.kind === "get" ? { ...operation, callUs: operation.callUs - deltaUs } : operation,
  );
}

const endUs = ({ result, returnUs }: Operation) => (result === "ok" ? returnUs : Number.POSITIVE_INFINITY);

test("Δ is the least by which gets must be earlier for the history to be linearizable", () => {
  let staleCount = 0;
  const property = fc.property(wild, (operations) => {
    const measured = staleness(operations);
    if (measured === null) {
      expect(isLinearizable(earlier(operations, 1_000_000))).toBe(false);
      return;
    }
    const { deltaUs, oldest } = measured;
    expect(isLinearizable(earlier(operations, deltaUs))).toBe(true);
    if (deltaUs > 0) expect(isLinearizable(earlier(operations, deltaUs - 1))).toBe(false);
    expect(oldest?.byUs ?? 0).toBeLessThanOrEqual(deltaUs);
    if (deltaUs > 0) staleCount++;
  });
  fc.assert(property, { seed: SEED, numRuns: 1500 });
  expect(staleCount).toBeGreaterThan(100);
});

test("the versions of a stale get are the writes that were called and had ended in between", () => {
  let staleCount = 0;
  const property = fc.property(wild, (operations) => {
    const most = staleness(operations)?.mostBehind ?? null;
    const writes = operations.filter(({ kind, result }) => kind !== "get" && result !== "fail");
    const behind = operations.map((read) => {
      const write = writes.find(({ kind, value }) => kind === "set" && value === read.value);
      if (read.kind !== "get" || read.result !== "ok" || write === undefined) return 0;
      return writes.filter((other) => other.callUs > endUs(write) && endUs(other) < read.callUs).length;
    });
    if (staleness(operations) !== null) expect(most?.versions ?? 0).toBe(Math.max(0, ...behind));
    if (most !== null) staleCount++;
  });
  fc.assert(property, { seed: SEED, numRuns: 1500 });
  expect(staleCount).toBeGreaterThan(100);
});

test("a right register is not stale", () => {
  fc.assert(
    fc.property(genuine(options), (operations) => {
      expect(staleness(operations)).toEqual({ deltaUs: 0, oldest: null, mostBehind: null });
    }),
    { seed: SEED, numRuns: 500 },
  );
});

test("points below a limit are counted as by looking at each", () => {
  const points = fc.array(
    fc.record({ x: fc.integer({ min: -5, max: 5 }), y: fc.integer({ min: -5, max: 5 }) }),
  );
  fc.assert(
    fc.property(points, points, (all, limits) => {
      expect(countDominated(all, limits)).toEqual(
        limits.map((limit) => all.filter(({ x, y }) => x < limit.x && y < limit.y).length),
      );
    }),
    { seed: SEED, numRuns: 300 },
  );
});

describe("an example", () => {
  const lines = ["c1 set a 0..1", "c1 set b 2..3", "c1 set c 4..5", "c2 get b 8..9", "c2 get a 10..11"];

  test("names the worst gets", () => {
    const measured = staleness(history(...lines));
    expect(measured?.deltaUs).toBe(7000);
    expect(measured?.oldest).toMatchObject({
      byUs: 7000,
      versions: 2,
      read: { id: "c2#2" },
      replacedBy: { id: "c1#2" },
    });
    expect(measured?.mostBehind?.read.id).toBe("c2#2");
  });

  test("has no measure when a value comes from nowhere", () => {
    expect(measureStaleness(history(...lines, "c3 get x 1..2"))).toMatchObject({ condition: "thin-air" });
  });
});
