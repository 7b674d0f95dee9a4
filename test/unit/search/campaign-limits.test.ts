import { describe, expect, test } from "vitest";
import { runCampaign, type CampaignOptions } from "../../../sim/search/campaign.ts";
import { createControl } from "../../../sim/search/control.ts";
import { createCut, type Piece } from "../../../sim/search/cut.ts";
import { createWatchdog } from "../../../sim/search/watchdog.ts";
import { emptyTally } from "../../../sim/search/tally.ts";
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
  test("ends with the seed that fails as the so-manieth, and counts none after it", async () => {
    const report = await campaign("throwing", { failuresMax: 3 });
    expect(report.isComplete).toBe(false);
    expect(report.stoppedBy).toBe("failures");
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

describe("a cut", () => {
  const piece = (jobIndex: number, first: number, last: number, hasFailed: boolean): Piece => ({
    jobIndex,
    seeds: { first, last },
    tally: emptyTally,
    busyMs: 0,
    hasFailed,
  });
  const pieces = [
    piece(0, 1, 3, true),
    piece(0, 4, 6, false),
    piece(1, 1, 1, true),
    piece(1, 2, 5, true),
    piece(1, 6, 6, true),
  ];
  const name = ({ jobIndex, seeds }: Piece): string => `${jobIndex}: ${seeds.first}..${seeds.last}`;

  test("is at the same place in whatever order the pieces come", () => {
    for (let turn = 0; turn < pieces.length; turn++) {
      for (const order of [pieces, pieces.toReversed()]) {
        const added: string[] = [];
        const cut = createCut({
          seeds: { first: 1, last: 6 },
          failuresMax: 2,
          add: (each) => added.push(name(each)),
        });
        for (const each of [...order.slice(turn), ...order.slice(0, turn)]) cut.take(each);
        expect(added).toEqual(["0: 1..3", "0: 4..6", "1: 1..1"]);
        expect(cut.isReached).toBe(true);
        cut.release();
        expect(added).toHaveLength(3);
      }
    }
  });

  test("gives what waits when the campaign ends before it", () => {
    const added: string[] = [];
    const cut = createCut({
      seeds: { first: 1, last: 6 },
      failuresMax: 9,
      add: (each) => added.push(name(each)),
    });
    for (const each of pieces.slice(1)) cut.take(each);
    expect(added).toEqual([]);
    cut.release();
    expect(added.toSorted()).toEqual(pieces.slice(1).map(name));
  });
});

test("a time budget ends a campaign with what it has", async () => {
  const report = await campaign("central", { seeds: { first: 1, last: 1_000_000 }, timeBudgetMs: 50 });
  expect(report).toMatchObject({ isComplete: false, stoppedBy: "time" });
  expect(report.rows[0]?.tally.seedCount).toBeLessThan(1_000_000);
});

test("seeds are run twice by their place in the whole campaign", async () => {
  const wholeSeeds = { first: 1, last: 100 };
  const report = await campaign("central", { seeds: { first: 3, last: 20 }, wholeSeeds });
  expect(report.rows[0]?.tally.rerunCount).toBe(0);
});

describe("a watchdog", () => {
  test("ends a slot whose seed takes too long, and no other", () => {
    const control = createControl(2);
    const dog = createWatchdog(control, 100);
    const signals = [dog.watch(0), dog.watch(1)];
    const show = (slot: number, seed: number) =>
      control.show(slot, { seed, doneCount: 0, violatingCount: 0 });
    show(0, 1);
    show(1, 5);
    dog.look(0);
    show(1, 6);
    dog.look(90);
    expect(signals.map(({ aborted }) => aborted)).toEqual([false, false]);
    dog.look(101);
    expect(signals.map(({ aborted }) => aborted)).toEqual([true, false]);
  });

  test("lets an idle slot sleep, and a new task begin anew", () => {
    const control = createControl(1);
    const dog = createWatchdog(control, 100);
    const idle = dog.watch(0);
    dog.look(0);
    dog.look(1000);
    expect(idle.aborted).toBe(false);
    control.show(0, { seed: 7, doneCount: 0, violatingCount: 0 });
    dog.look(1001);
    const next = dog.watch(0);
    dog.look(1150);
    dog.look(1240);
    expect(next.aborted).toBe(false);
  });
});
