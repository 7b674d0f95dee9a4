import { existsSync, readdirSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { bugs, invariants } from "../../scenarios/bugs/index.ts";
import { hunt } from "../../sim/search/bugs/hunt.ts";
import { loadedBugScenario } from "../support/bug-scenario.ts";

/**
 * For each defect a seed that shows it. Seeds from there on are hunted through, for what is asked is that the harness
 * finds the defect, not that it does so in this very run.
 */
const FIRST_SEED: Readonly<Record<string, number>> = {
  "owners-by-health": 7,
  "stored-here-first": 6,
  "failed-but-stored": 33,
  "expiry-checked-too-early": 8,
  "never-repairs": 12,
  "no-write-back": 23,
  "votes-at-once": 12,
  "forgets-deletes-early": 6,
  "lease-from-its-arrival": 3,
  "answers-of-a-former-life": 31,
};
const SEEDS_MAX = 40;

test.each(bugs)("$id $name is found, and nothing without it", async (bug) => {
  const first = FIRST_SEED[bug.name] ?? 1;
  const seeds = { first, last: first + SEEDS_MAX - 1 };
  const { detection, falseAlarms } = await hunt({
    bug,
    scenario: loadedBugScenario(bug),
    invariants,
    seeds,
  });
  expect(detection?.broken.filter((name) => bug.expected.includes(name))).not.toEqual([]);
  expect(falseAlarms).toEqual([]);
});

describe("the bank", () => {
  test("has each number and each name once", () => {
    expect(new Set(bugs.map(({ id }) => id)).size).toBe(bugs.length);
    expect(new Set(bugs.map(({ name }) => name)).size).toBe(bugs.length);
    expect(Object.keys(FIRST_SEED).filter((name) => !bugs.some((bug) => bug.name === name))).toEqual([]);
  });

  test("has each defect in a file of its name, and no scenario that is not used", () => {
    const folder = "scenarios/bugs";
    for (const { name } of bugs) expect(existsSync(`${folder}/${name}.ts`)).toBe(true);
    const own = readdirSync(folder).filter((file) => file.endsWith(".yaml"));
    const used = new Set(bugs.map(({ scenario }) => `${scenario}.yaml`));
    expect(own.filter((file) => !used.has(`bugs/${file}`))).toEqual([]);
  });

  test("expects of each what is checked, and what the sound system promises", () => {
    const unconditional = invariants.flatMap(({ name, isUnconditional }) =>
      isUnconditional === true ? [name] : [],
    );
    for (const { expected, sound, base } of bugs) {
      const promises = sound.policies.find(({ name }) => name === base)?.promises ?? [];
      for (const name of expected) expect([...promises, ...unconditional, "determinism"]).toContain(name);
    }
  });
});
