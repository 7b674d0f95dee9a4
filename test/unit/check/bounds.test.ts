import { expect, test } from "vitest";
import { bounds } from "../../../sim/check/invariants/bounds.ts";
import { createAccounts, type Gauge } from "../../../sim/run/accounts.ts";
import { run } from "../../../sim/run/run.ts";
import type { System } from "../../../sim/run/system.ts";
import { cacheSystem } from "../../../sim/systems/cache.ts";
import { cachePlan } from "../../support/cache-plan.ts";
import { record } from "./history-builder.ts";

function summariesOf(...levels: readonly number[]): readonly string[] {
  const accounts = createAccounts();
  levels.forEach((level, index) => {
    const gauges = (): Gauge[] => [{ name: "records", level, max: 10 }];
    accounts.look("n1", 1, { gauges }, index * 1000);
  });
  return bounds.check(record([], { accounts: accounts.lives() })).map(({ summary }) => summary);
}

test("what is full is not too full", () => {
  expect(summariesOf(0, 10, 9)).toEqual([]);
});

test("what was too full at any time is told, at its worst", () => {
  expect(summariesOf(0, 11, 13, 9, 12)).toEqual(["n1, in life 1, had 13 records at 2 ms; its bound is 10"]);
});

test("what is no number at all is beyond any bound", () => {
  expect(summariesOf(Number.NaN)).toHaveLength(1);
});

const plan = cachePlan({
  operations: [
    { id: "a", client: "c1", atMs: 10, kind: "set", key: "k", value: "v" },
    { id: "b", client: "c1", atMs: 20, kind: "set", key: "l", value: "w" },
    { id: "c", client: "c1", atMs: 100, kind: "get", key: "k" },
  ],
});

/** The cache, with another bound for its records. */
function withBound(recordsMax: number): System {
  return {
    ...cacheSystem,
    boot(machine, of) {
      const node = cacheSystem.boot(machine, of);
      const gauges = (): readonly Gauge[] =>
        (node.gauges?.() ?? []).map((gauge) =>
          gauge.name === "records" ? { ...gauge, max: recordsMax } : gauge,
        );
      return { ...node, gauges };
    },
  };
}

test("a run looks at every machine, and finds one that holds more than it may", async () => {
  const within = await run(plan, { system: withBound(2), invariants: [bounds] });
  expect(within.violations).toEqual([]);
  expect(
    within.record.accounts.map(({ peaks }) => peaks.find(({ name }) => name === "records")?.level),
  ).toEqual([2, 2, 2]);
  const beyond = await run(plan, { system: withBound(1), invariants: [bounds] });
  expect(beyond.violations).toHaveLength(3);
  expect(beyond.violations[0]?.summary).toMatch(
    /^n\d, in life 1, had 2 records at [\d.]+ ms; its bound is 1$/,
  );
});

test("a run looks while operations end, and not only when all is over", async () => {
  const { record: finished } = await run(plan, { system: withBound(1), invariants: [bounds] });
  const peaks = finished.accounts.flatMap((life) => life.peaks.filter(({ name }) => name === "records"));
  expect(peaks.some(({ atUs }) => atUs < 1_000_000 && atUs < finished.endUs)).toBe(true);
});

test("and at a machine that crashes, as it was at that moment", async () => {
  const crashed = await run(
    {
      ...plan,
      faults: [{ kind: "crash", startMs: 200, endMs: 400, machine: "n1" }],
    },
    { system: withBound(1), invariants: [bounds] },
  );
  expect(crashed.record.crashedAtUs.has("n1@1")).toBe(true);
  expect(crashed.violations.map(({ summary }) => summary)).toContainEqual(
    expect.stringContaining("n1, in life 1, had 2 records"),
  );
});
