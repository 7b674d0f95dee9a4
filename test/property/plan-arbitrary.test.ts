import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { invariants } from "../../sim/check/index.ts";
import { loadPlan } from "../../sim/run/load/load-plan.ts";
import type { Plan } from "../../sim/run/plan.ts";
import { run } from "../../sim/run/run.ts";
import { namesOf, optionsFor, planOf } from "../../sim/search/harness.ts";
import { planText } from "../../sim/search/plan-text.ts";
import { planSize } from "../../sim/search/shrink/plan-size.ts";
import { systems } from "../../sim/systems/index.ts";
import { arbitraryPlan } from "../../sim/testing/plan-arbitrary.ts";
import { cuts, without } from "../../sim/testing/cuts.ts";
import { loadedScenario } from "../support/scenario-files.ts";

const harness = { systems, invariants };
const known = namesOf(harness);

function plansOf(scenario: string, policy = "abd") {
  return arbitraryPlan({ harness, scenario: loadedScenario(scenario), policy });
}

/** The plan that a property that fails whenever `fails` says so ends at. */
function smallest(arbitrary: fc.Arbitrary<Plan>, fails: (plan: Plan) => boolean, seed: number): Plan {
  const { counterexample } = fc.check(
    fc.property(arbitrary, (plan) => !fails(plan)),
    { seed, numRuns: 50 },
  );
  if (counterexample === null) throw new Error("no plan failed");
  return counterexample[0];
}

const problemsOf = (plan: Plan) => {
  const loaded = loadPlan(planText(plan), "plan.json", known);
  return loaded.ok ? [] : loaded.problems;
};

describe.each(["partition-heal", "everything", "drain-node", "torn-journal", "zone-outage"])(
  "plans of %s",
  (scenario) => {
    test("can be loaded, and so can whatever they shrink to", () => {
      const tried: Plan[] = [];
      let asked = 0;
      // As good as any property: fails in no order that a plan would suggest.
      smallest(
        plansOf(scenario),
        (plan) => {
          tried.push(plan);
          return asked++ % 3 < 2;
        },
        7,
      );
      expect(tried.length).toBeGreaterThan(20);
      for (const plan of tried) expect(problemsOf(plan)).toEqual([]);
    });
  },
);

test("a plan shrinks to what its failure needs, and to nothing else", () => {
  const isBad = ({ operations, faults }: Plan): boolean =>
    operations.some(({ kind }) => kind === "delete") && faults.some(({ kind }) => kind === "partition");
  const { operations, faults, cluster, clients } = smallest(plansOf("everything"), isBad, 3);
  expect(operations.map(({ kind }) => kind)).toEqual(["delete"]);
  expect(faults.map(({ kind }) => kind)).toEqual(["partition"]);
  expect(clients).toHaveLength(1);
  expect(cluster.machines.length).toBeLessThanOrEqual(2);
});

test("a step never makes a plan larger", () => {
  const start = planOf(harness, { scenario: loadedScenario("crash-restart"), policy: "abd" }, 11);
  const arbitrary = plansOf("crash-restart");
  const size = planSize(start);
  for (const { value } of arbitrary.shrink(start, null)) {
    const smaller = planSize(value);
    for (const part of ["operations", "faults", "machines", "clients", "detours", "endMs"] as const) {
      expect(smaller[part]).toBeLessThanOrEqual(size[part]);
    }
  }
});

test("an example is taken as a plan, and shrinks too", () => {
  const arbitrary = plansOf("partition-heal");
  const start = planOf(harness, { scenario: loadedScenario("partition-heal"), policy: "abd" }, 1);
  expect(arbitrary.canShrinkWithoutContext(start)).toBe(true);
  expect(arbitrary.canShrinkWithoutContext({})).toBe(false);
  const { counterexample } = fc.check(
    fc.property(arbitrary, (plan) => plan.operations.length < 2),
    { examples: [[start]], numRuns: 1 },
  );
  expect(counterexample?.[0]?.operations).toHaveLength(2);
});

test("a counterexample is printed as a plan that one can save", () => {
  const { counterexample } = fc.check(
    fc.property(plansOf("calm"), () => false),
    { numRuns: 1, endOnFailure: true },
  );
  expect(loadPlan(fc.stringify(counterexample?.[0]), "printed.json", known).ok).toBe(true);
});

test("the same seed of fast-check gives the same plans, within the seeds that were asked for", () => {
  const scenario = loadedScenario("calm");
  const arbitrary = arbitraryPlan({ harness, scenario, policy: "abd", seeds: { first: 5, last: 6 } });
  const sample = (): string[] => fc.sample(arbitrary, { seed: 1, numRuns: 10 }).map(planText);
  expect(sample()).toEqual(sample());
  expect(new Set(fc.sample(arbitrary, 30).map(({ seed }) => seed))).toEqual(new Set([5, 6]));
});

test("a policy that nobody has is refused before any property is run", () => {
  expect(() => plansOf("calm", "paxos")).toThrow('no policy is called "paxos"');
});

test("what the policy seed does wrong is found, and made small", async () => {
  const invariant = "linearizable";
  const { counterexample } = await fc.check(
    fc.asyncProperty(plansOf("partition-heal", "seed"), async (drawn) => {
      const plan = { ...drawn, invariants: [invariant] };
      return (await run(plan, optionsFor(harness, plan))).violations.length === 0;
    }),
    { seed: 4, numRuns: 100 },
  );
  const size = planSize(counterexample?.[0] as Plan);
  expect(size.operations).toBeLessThanOrEqual(5);
  expect(size.faults).toBeLessThanOrEqual(1);
}, 30_000);

describe("cuts of a list", () => {
  test("leave out everything first, then halves from the end, down to single items", () => {
    const seen = [...cuts(4, null)].map((cut) => without([1, 2, 3, 4], cut).join(""));
    expect(seen).toEqual(["", "12", "34", "123", "124", "134", "234"]);
  });

  test("go on before the place of a success, and then through all that are smaller", () => {
    // Of 1 to 4, the half 3 4 was left out: 1 2 is left.
    const seen = [...cuts(2, { size: 2, end: 4 })].map((cut) => without([1, 2], cut).join(""));
    expect(seen).toEqual(["", "1", "2"]);
  });

  test("of an empty list are none", () => {
    expect([...cuts(0, null)]).toEqual([]);
  });
});
