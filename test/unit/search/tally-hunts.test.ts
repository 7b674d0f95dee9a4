import { describe, expect, test } from "vitest";
import { bugs } from "../../../scenarios/bugs/index.ts";
import type { Hunt } from "../../../sim/search/bugs/hunt.ts";
import { type BugReport, huntAll, rangeOf } from "../../../sim/search/bugs/hunt-all.ts";
import { isFound, spreadOf, tallyHunts } from "../../../sim/search/bugs/tally-hunts.ts";
import { loadedBugScenario } from "../../support/bug-scenario.ts";

const [bug] = bugs;
if (bug === undefined) throw new Error("the bank is empty");

function found(seedsRun: number, broken: readonly string[] = ["linearizable"]): Hunt {
  const detection = { seed: seedsRun, broken, operations: 10 * seedsRun, faults: 2 };
  const seeds = { first: 1, last: 9 };
  return { seeds, seedsRun, elapsedMs: 100 * seedsRun, detection, falseAlarms: [], isComplete: true };
}

const notFound: Hunt = { ...found(9), detection: null };

describe("a tally of hunts", () => {
  test("has the middle and nine of ten, by the nearest rank", () => {
    expect(spreadOf([5, 1, 3])).toEqual({ median: 3, p90: 5 });
    expect(spreadOf([1, 2, 3, 4, 5, 6, 7, 8, 9, 10])).toEqual({ median: 5, p90: 9 });
  });

  test("counts what was not found as infinitely late", () => {
    const tally = tallyHunts({ bug, hunts: [found(1), notFound, found(3)] });
    expect(tally).toMatchObject({ ranges: 3, found: 2, seeds: { median: 3, p90: Number.POSITIVE_INFINITY } });
    expect(isFound(tally)).toBe(false);
  });

  test("tells what was expected from what was not", () => {
    const tally = tallyHunts({ bug, hunts: [found(1), found(2, ["regular"])] });
    expect(tally.unexpected).toBe(1);
    expect(tally.brokenBy).toEqual([
      ["linearizable", 1],
      ["regular", 1],
    ]);
    expect(isFound(tally)).toBe(true);
  });

  test("is not good with a false alarm", () => {
    const falseAlarms = [{ seed: 1, broken: ["regular"], operations: 1, faults: 0 }];
    expect(isFound(tallyHunts({ bug, hunts: [{ ...found(1), falseAlarms }] }))).toBe(false);
  });
});

describe("hunting all", () => {
  const scenarioOf = loadedBugScenario;
  const some = bugs.slice(0, 3);

  test("tells of each defect in order, whichever hunt ends first", async () => {
    const told: string[] = [];
    const waiting: (() => void)[] = [];
    const hunters = {
      workerCount: 4,
      hunt: () => new Promise<Hunt>((resolve) => waiting.push(() => resolve(found(1)))),
      stop() {},
      close: async () => {},
    };
    const all = huntAll({
      bugs: some,
      scenarioOf,
      ranges: 2,
      seedsMax: 9,
      hunters,
      onBug: ({ bug: { name } }) => told.push(name),
    });
    for (let last = waiting.pop(); last !== undefined; last = waiting.pop()) {
      last();
      await new Promise((resolve) => setImmediate(resolve));
    }
    const reports = await all;
    expect(told).toEqual(some.map(({ name }) => name));
    expect(reports.map(({ hunts }) => hunts.length)).toEqual([2, 2, 2]);
  });

  test("gives what is complete when it is stopped", async () => {
    const controller = new AbortController();
    const seen: BugReport[] = [];
    let stops = 0;
    const reports = await huntAll({
      bugs: some,
      scenarioOf,
      ranges: 2,
      seedsMax: 9,
      hunters: {
        workerCount: 1,
        async hunt() {
          if (seen.length === 1) controller.abort();
          return { ...found(1), isComplete: !controller.signal.aborted };
        },
        stop: () => void stops++,
        close: async () => {},
      },
      signal: controller.signal,
      onBug: (report) => seen.push(report),
    });
    expect(stops).toBe(1);
    expect(reports.map(({ hunts }) => hunts.length)).toEqual([2, 0, 0]);
  });

  test("has ranges that do not meet", () => {
    expect(rangeOf(0, 2000)).toEqual({ first: 1, last: 2000 });
    expect(rangeOf(1, 1_000_000).first).toBeGreaterThan(rangeOf(0, 1_000_000).last);
  });
});
