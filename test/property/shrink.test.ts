import { beforeAll, describe, expect, test } from "vitest";
import { fc } from "@fast-check/vitest";
import { invariants } from "../../sim/check/index.ts";
import { loadPlan } from "../../sim/run/load/load-plan.ts";
import type { Plan } from "../../sim/run/plan.ts";
import { run } from "../../sim/run/run.ts";
import { fingerprintOf, fingerprintText } from "../../sim/search/fingerprint.ts";
import { type Harness, namesOf, optionsFor, planOf } from "../../sim/search/harness.ts";
import { planText } from "../../sim/search/plan-text.ts";
import { minimize } from "../../sim/search/shrink/minimize.ts";
import { planSize } from "../../sim/search/shrink/plan-size.ts";
import { shrink, type Shrunk } from "../../sim/search/shrink.ts";
import { systems } from "../../sim/systems/index.ts";
import { loadedScenario } from "../support/scenario-files.ts";

const harness: Harness = { systems, invariants };

/** Failures of different kinds: of a clock, of a partition, of silence, and of no fault at all. */
const FAILURES = [
  ["calm", 1, "linearizable"],
  ["partition-heal", 1, "replicas-converge"],
  ["clock-jump-back", 1, "no-expired-hit"],
  ["isolated-writer", 1, "operations-end"],
] as const;

async function shrunk(plan: Plan, invariant: string): Promise<Shrunk> {
  const shrinking = await shrink(plan, {
    harness,
    isMeant: (violation) => violation.invariant === invariant,
  });
  if (shrinking.kind !== "shrunk") throw new Error(`${shrinking.kind}: ${plan.scenario}`);
  return shrinking;
}

describe.each(FAILURES)("the failure of %s, seed %i, that breaks %s", (scenario, seed, invariant) => {
  const plan = planOf(harness, { scenario: loadedScenario(scenario), policy: "seed" }, seed);
  let result: Promise<Shrunk>;
  beforeAll(() => void (result = shrunk(plan, invariant)));

  test("has at most 6 operations and faults, and nothing is larger than before", async () => {
    const { plan: small, ended } = await result;
    const [before, after] = [planSize(plan), planSize(small)];
    expect(ended).toBe("minimal");
    expect(after.operations + after.faults).toBeLessThanOrEqual(6);
    const grown = Object.entries(before).filter(
      ([part, size]) => size !== null && (after[part as keyof typeof after] ?? 0) > size,
    );
    expect(grown).toEqual([]);
    expect(small.deadlineMs).toBe(plan.deadlineMs);
    expect(after.choices).toBeLessThanOrEqual(6);
  });

  test("is still the same when it is read from its file", async () => {
    const { plan: small, fingerprint } = await result;
    const loaded = loadPlan(planText(small), "small.plan.json", namesOf(harness));
    if (!loaded.ok) throw new Error(JSON.stringify(loaded.problems));
    const { violations, record } = await run(loaded.value, optionsFor(harness, loaded.value));
    expect(violations.map((each) => fingerprintText(fingerprintOf("seed", each, record.history)))).toContain(
      fingerprintText(fingerprint),
    );
  });

  test("shrinks to the same plan again, and that plan no further", async () => {
    const { plan: small, fingerprint } = await result;
    expect(planText((await shrunk(plan, invariant)).plan)).toBe(planText(small));
    const again = await shrunk(small, invariant);
    expect(planText(again.plan)).toBe(planText(small));
    expect(again.fingerprint).toEqual(fingerprint);
    expect(again.counts.kept).toBe(0);
  });
});

describe("minimize", () => {
  test("keeps what is needed, and nothing that could be left out", async () => {
    const needs = fc.uniqueArray(fc.nat(60), { maxLength: 6 });
    await fc.assert(
      fc.asyncProperty(fc.integer({ min: 61, max: 90 }), needs, async (length, needed) => {
        const items = Array.from({ length }, (_, index) => index);
        let testCount = 0;
        const kept = await minimize(items, async (part) => {
          testCount++;
          return needed.every((item) => part.includes(item));
        });
        expect(kept).toEqual(needed.toSorted((a, b) => a - b));
        expect(testCount).toBeLessThan(length * 4);
      }),
    );
  });

  test("leaves a list in which no single item can go, whatever is asked of it", async () => {
    const subset = fc.uniqueArray(fc.nat(9), { minLength: 1, maxLength: 4 });
    await fc.assert(
      fc.asyncProperty(fc.array(subset, { minLength: 1, maxLength: 4 }), async (alternatives) => {
        const passes = (part: readonly number[]): boolean =>
          alternatives.some((needed) => needed.every((item) => part.includes(item)));
        const kept = await minimize([0, 1, 2, 3, 4, 5, 6, 7, 8, 9], async (part) => passes(part));
        expect(passes(kept)).toBe(true);
        expect(kept.filter((item) => passes(kept.filter((other) => other !== item)))).toEqual([]);
      }),
    );
  });
});
