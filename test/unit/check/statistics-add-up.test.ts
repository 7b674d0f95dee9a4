import { describe, expect, test } from "vitest";
import { statisticsAddUp } from "../../../sim/check/invariants/statistics-add-up.ts";
import type { LifeAccount, Tally } from "../../../sim/run/accounts.ts";
import { run } from "../../../sim/run/run.ts";
import { cacheSystem } from "../../../sim/systems/cache.ts";
import { cachePlan } from "../../support/cache-plan.ts";
import { history, record } from "./history-builder.ts";

function life(tallies: readonly Tally[], told: Readonly<Record<string, number>> = {}, name = "n1@1") {
  const [machine, incarnation] = name.split("@") as [string, string];
  return {
    machine,
    incarnation: Number(incarnation),
    tallies,
    told: new Map(Object.entries(told)),
    peaks: [],
  } satisfies LifeAccount;
}

function summaries(accounts: readonly LifeAccount[], ...lines: readonly string[]): readonly string[] {
  return statisticsAddUp.check(record(history(...lines), { accounts })).map(({ summary }) => summary);
}

describe("a tally and the journal", () => {
  const hits = (count: number): Tally => ({ name: "hits", count, entries: ["hit", "stale-hit"] });

  test("agree when the entries that it names add up to it", () => {
    expect(summaries([life([hits(3)], { hit: 1, "stale-hit": 2, miss: 9 })])).toEqual([]);
    expect(summaries([life([hits(0)])])).toEqual([]);
  });

  test("differ when it is more, or less, each life for itself", () => {
    expect(summaries([life([hits(2)], { hit: 3 }), life([hits(3)], { hit: 2 }, "n1@2")])).toEqual([
      "n1, in life 1, counted 2 hits, but its journal tells of 3",
      "n1, in life 2, counted 3 hits, but its journal tells of 2",
    ]);
  });
});

describe("a tally and the clients", () => {
  const hits = (count: number): Tally => ({
    name: "hits",
    count,
    answers: { kinds: ["get"], counts: ({ value }) => value !== null },
  });
  const operations = ["c1 set a 0..1", "c1 get a 2..3", "c1 get - 4..5", "c2 get a 2..3 on=n2"];

  test("agree when it is what they were answered", () => {
    expect(summaries([life([hits(1)])], ...operations)).toEqual([]);
  });

  test("agree when the lives of a machine together counted it", () => {
    expect(summaries([life([hits(1)]), life([hits(0)], {}, "n1@2")], ...operations)).toEqual([]);
    expect(summaries([life([hits(1)]), life([hits(1)], {}, "n1@2")], ...operations)).toEqual([
      "n1 counted 2 hits, but gave its clients 1",
    ]);
  });

  test("differ when it is more, or less", () => {
    expect(summaries([life([hits(0)])], ...operations)).toEqual([
      "n1 counted 0 hits, but gave its clients 1",
    ]);
    expect(summaries([life([hits(2)])], ...operations)).toEqual([
      "n1 counted 2 hits, but gave its clients 1",
    ]);
  });

  test.each([
    { name: "its client gave up", line: "c3 get - 10..560? error=deadline" },
    { name: "its machine crashed", line: "c3 get - 10..20? error=crashed" },
    { name: "the run ended", line: "c3 get - 10.." },
  ])("an operation of which nobody heard because $name may be counted or not", ({ line }) => {
    expect(summaries([life([hits(1)])], ...operations, line)).toEqual([]);
    expect(summaries([life([hits(2)])], ...operations, line)).toEqual([]);
    expect(summaries([life([hits(3)])], ...operations, line)).toHaveLength(1);
  });

  test("an answer that came in time counts, even if it was that the time was up", () => {
    const errors: Tally = {
      name: "errors",
      count: 0,
      answers: { kinds: ["get"], counts: ({ result }) => result !== "ok" },
    };
    expect(summaries([life([errors])], "c1 get - 0..500? error=deadline")).toEqual([
      "n1 counted 0 errors, but gave its clients 1",
    ]);
  });

  test("differ not over operations of another kind, or that no machine took", () => {
    expect(summaries([life([hits(1)])], ...operations, "c3 get a 6..6! on=none", "c3 set b 7..8")).toEqual(
      [],
    );
  });
});

test("a cache that forgets to count its hits is found out, by its journal and by its clients", async () => {
  const plan = cachePlan({
    operations: [
      { id: "a", client: "c1", atMs: 10, kind: "set", key: "k", value: "v" },
      { id: "b", client: "c1", atMs: 100, kind: "get", key: "k" },
    ],
  });
  const right = await run(plan, { system: cacheSystem, invariants: [statisticsAddUp] });
  expect(right.violations).toEqual([]);
  expect(right.record.accounts.map(({ tallies }) => tallies.length > 5)).toEqual([true, true, true]);

  const wrong = await run(plan, {
    system: {
      ...cacheSystem,
      boot(machine, of) {
        const node = cacheSystem.boot(machine, of);
        const tallies = (): readonly Tally[] =>
          (node.tallies?.() ?? []).map((tally) =>
            tally.name.startsWith("hits") ? { ...tally, count: 0 } : tally,
          );
        return { ...node, tallies };
      },
    },
    invariants: [statisticsAddUp],
  });
  expect(wrong.violations.map(({ summary }) => summary)).toEqual([
    "n1, in life 1, counted 0 hits, but its journal tells of 1",
    "n1 counted 0 hits near and far, but gave its clients 1",
  ]);
});
