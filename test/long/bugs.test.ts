import { afterAll, describe, expect, test } from "vitest";
import { bugs, invariants } from "../../scenarios/bugs/index.ts";
import { type Hunt, hunt, planOfBug } from "../../sim/search/bugs/hunt.ts";
import { rangeOf } from "../../sim/search/bugs/hunt-all.ts";
import { isFound, spreadOf, tallyHunts } from "../../sim/search/bugs/tally-hunts.ts";
import { shrink } from "../../sim/search/shrink.ts";
import { DETERMINISM } from "../../sim/search/bugs/bug.ts";
import { loadedBugScenario } from "../support/bug-scenario.ts";

/** `LONG_SEEDS=100` makes a part of it of the whole. */
const RANGES = Math.max(1, Math.round((Number(process.env["LONG_SEEDS"] ?? 500) * 20) / 500));
const SEEDS_MAX = 2000;
const QUICK_SEEDS = 100;
/** Operations plus faults of a plan that was made small. */
const SMALL = 6;
const SMALL_MAX = 15;

const medians: number[] = [];
const sizes: number[] = [];

describe.each(bugs)("$id $name", (bug) => {
  const scenario = loadedBugScenario(bug);

  test(`is found in each of ${RANGES} ranges of seeds, and nothing without it`, async () => {
    const hunts: Hunt[] = [];
    for (let index = 0; index < RANGES; index++) {
      hunts.push(await hunt({ bug, scenario, invariants, seeds: rangeOf(index, SEEDS_MAX) }));
    }
    const tally = tallyHunts({ bug, hunts });
    expect(tally).toMatchObject({ found: RANGES, falseAlarms: [] });
    expect(isFound(tally)).toBe(true);
    medians.push(tally.seeds.median);
  });

  test.runIf(!bug.expected.includes(DETERMINISM))("is shown by a small plan", async () => {
    const { detection } = await hunt({ bug, scenario, invariants, seeds: rangeOf(0, SEEDS_MAX) });
    const plan = planOfBug({ bug, scenario, invariants }, detection?.seed ?? 0);
    const shrinking = await shrink(plan, {
      harness: { systems: [bug.planted], invariants },
      isMeant: ({ invariant }) => bug.expected.includes(invariant),
    });
    if (shrinking.kind !== "shrunk") throw new Error(`${bug.name}: ${shrinking.kind}`);
    const { operations, faults } = shrinking.plan;
    const size = operations.length + faults.length;
    sizes.push(size);
    expect(size).toBeLessThanOrEqual(SMALL_MAX);
  });
});

// Of the whole bank, once all of it has been hunted: a part of it says nothing.
afterAll(() => {
  if (medians.length < bugs.length) return;
  expect(medians.filter((median) => median <= QUICK_SEEDS).length).toBeGreaterThanOrEqual(0.75 * bugs.length);
  expect(spreadOf(sizes).median).toBeLessThanOrEqual(SMALL);
});
