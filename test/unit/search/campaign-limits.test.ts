import { describe, expect, test } from "vitest";
import { type CampaignOptions, runCampaign } from "../../../sim/search/campaign.ts";
import { createControl } from "../../../sim/search/control.ts";
import { seedsOfShard } from "../../../sim/search/job.ts";
import { createLedger } from "../../../sim/search/ledger.ts";
import { emptyTally } from "../../../sim/search/tally.ts";
import { createWatchdog } from "../../../sim/search/watchdog.ts";
import { harnessModule, toyScenario } from "./toy-harness.ts";

const scenarios = ["one", "two"].map(toyScenario);

function campaign(policy: string, options: Partial<CampaignOptions> = {}) {
  return runCampaign({
    jobs: scenarios.map((scenario) => ({ scenario, policy })),
    seeds: { first: 1, last: 12 },
    workers: 0,
    systemsModule: harnessModule,
    ...options,
  });
}

describe("a campaign that ends after some failures", () => {
  test("ends with the seed that is the so manieth to fail, and counts none after it", async () => {
    const report = await campaign("throwing", { failuresMax: 3 });
    expect(report).toMatchObject({ isComplete: false, stoppedBy: "failures" });
    expect(report.rows).toHaveLength(1);
    expect(report.rows[0]).toMatchObject({ isComplete: false, tally: { seedCount: 9 } });
    expect(report.rows[0]?.tally.errors[0]).toMatchObject({ seedCount: 3, seed: 3 });
  });

  test("goes on to the next row when the first has too few", async () => {
    const { rows, stoppedBy } = await campaign("throwing", { failuresMax: 5 });
    expect(rows.map(({ tally }) => tally.seedCount)).toEqual([12, 3]);
    expect(stoppedBy).toBe("failures");
  });

  test("counts what is expected only when it is strict", async () => {
    const lenient = await campaign("central", { failuresMax: 1 });
    expect(lenient).toMatchObject({ isComplete: true, stoppedBy: null });
    const strict = await campaign("central", { failuresMax: 1, isStrict: true });
    expect(strict.stoppedBy).toBe("failures");
    expect(strict.rows[0]?.tally.violatingSeedCount).toBe(1);
    expect(strict.rows[0]?.tally.violations[0]?.seed).toBe(strict.rows[0]?.tally.seedCount);
  });

  test("is complete when that seed is the last", async () => {
    const { isComplete, stoppedBy } = await campaign("throwing", { failuresMax: 8 });
    expect({ isComplete, stoppedBy }).toEqual({ isComplete: true, stoppedBy: null });
  });
});

describe("the cut of a ledger", () => {
  const parts = [
    { jobIndex: 0, first: 1, last: 3, failed: [2] },
    { jobIndex: 0, first: 4, last: 6, failed: [] },
    { jobIndex: 1, first: 1, last: 3, failed: [1, 3] },
    { jobIndex: 1, first: 4, last: 6, failed: [4, 5, 6] },
  ];

  test("is at the same seed in whatever order the parts come", () => {
    for (const start of parts.keys()) {
      for (const order of [parts, parts.toReversed()]) {
        const jobs = scenarios.map((scenario) => ({ scenario, policy: "central" }));
        const ledger = createLedger({
          jobs,
          seeds: { first: 1, last: 6 },
          failuresMax: 2,
          onRow: () => undefined,
        });
        for (const { jobIndex, first, last, failed } of [...order.slice(start), ...order.slice(0, start)]) {
          ledger.begin(jobIndex);
          const tally = { ...emptyTally, seedCount: last - first + 1 };
          ledger.add(jobIndex, { seeds: { first, last }, tally, busyMs: 1, failedSeeds: failed });
        }
        expect(ledger.cut).toEqual({ jobIndex: 1, seed: 1 });
        expect(ledger.cutOff({ jobIndex: 1, seed: 1 })).toEqual({ first: 1, last: 1 });
        expect(ledger.rows().map(([{ tally }]) => tally.seedCount)).toEqual([6, 0]);
      }
    }
  });
});

test("a time budget ends a campaign with what it has", async () => {
  const report = await campaign("central", { seeds: { first: 1, last: 1_000_000 }, timeBudgetMs: 50 });
  expect(report).toMatchObject({ isComplete: false, stoppedBy: "time" });
  expect(report.rows[0]?.tally.seedCount).toBeLessThan(1_000_000);
});

test("a time budget that is longer than any timer does not end a campaign at once", async () => {
  const report = await campaign("central", { timeBudgetMs: 2_592_000_000 });
  expect(report).toMatchObject({ isComplete: true, stoppedBy: null });
});

test("which seeds are run twice is decided by their place in the whole campaign", async () => {
  const report = await campaign("central", { slice: { first: 3, last: 9 } });
  expect(report.rows.map(({ tally }) => tally.rerunCount)).toEqual([0, 0]);
});

test("the shards of a campaign have each seed once", () => {
  for (const [last, count] of [
    [20, 3],
    [7, 7],
    [5, 8],
    [1, 1],
  ] as const) {
    const shards = Array.from({ length: count }, (_, at) =>
      seedsOfShard({ first: 1, last }, { index: at + 1, count }),
    );
    const seeds = shards.flatMap((range) =>
      range === null ? [] : Array.from({ length: range.last - range.first + 1 }, (_, at) => range.first + at),
    );
    expect(seeds).toEqual(Array.from({ length: last }, (_, at) => at + 1));
  }
});

test("a watchdog leaves alone what moves on, and slots in which nothing runs", () => {
  const control = createControl(2);
  const dog = createWatchdog(control, 2, 0);
  const [moving, idle] = [dog.watch(0), dog.watch(1)];
  for (let seed = 1; seed < 10; seed++) {
    control.show(0, { seed, doneCount: seed, violatingCount: 0 });
    dog.look();
  }
  expect([moving.aborted, idle.aborted]).toEqual([false, false]);
  expect(dog.reasonOf(0)).toBeNull();
});
