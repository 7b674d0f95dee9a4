import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { meets } from "../../../../sim/check/measures/bounds.ts";
import { type Gate, gateOf, gatesFor } from "../../../../sim/check/measures/expectations.ts";
import type { Figure } from "../../../../sim/check/measures/figure.ts";
import { estimate } from "../../../../sim/check/measures/measure.ts";
import type { Outcome } from "../../../../sim/run/outcome.ts";
import { loadScenario } from "../../../../sim/run/load/load-scenario.ts";
import { crossedGates } from "../../../../sim/search/gates/gate-findings.ts";
import { type GateTally, mergeGates, tallyGates } from "../../../../sim/search/gates/gate-tally.ts";
import { judgeGate } from "../../../../sim/search/gates/judge-gate.ts";
import { namesOf } from "../../../../sim/search/harness.ts";
import { cacheSystem } from "../../../../sim/systems/cache.ts";

const operator = fc.constantFrom("<", "<=", "=", ">=", ">");

/** A gate whose runs say what they are told to. */
function gateWith(text: string): Gate {
  const gate = gateOf(text);
  return { ...gate, measure: { ...gate.measure, figure: (outcome) => outcome as unknown as Figure } };
}

function tally(text: string, figures: readonly Figure[]): GateTally {
  const gate = gateWith(text);
  const tallies = figures.map((figure, index) => tallyGates(index + 1, figure as unknown as Outcome, [gate]));
  return tallies.reduce<readonly GateTally[]>(mergeGates, [])[0] as GateTally;
}

const sampleRuns = fc
  .array(fc.array(fc.nat(40), { minLength: 1, maxLength: 12 }), { minLength: 1, maxLength: 8 })
  .map((runs) =>
    runs.map((values): Figure => ({ kind: "samples", values: values.toSorted((a, b) => a - b) })),
  );

describe("a bound over all runs", () => {
  test("of a quantile is met exactly when the quantile of all values together meets it", () => {
    fc.assert(
      fc.property(sampleRuns, operator, fc.nat(40), (figures, sign, limit) => {
        const text = `read-p90 ${sign} ${limit}ms`;
        const { bound, measure } = gateOf(text);
        const exact = estimate(measure, figures);
        const judged = judgeGate(tally(text, figures));
        expect(judged.verdict).toBe(meets(bound, exact) ? "met" : "crossed");
        expect(Math.abs((judged.value ?? 0) - (exact ?? 0))).toBeLessThanOrEqual((exact ?? 0) / 64 + 0.001);
      }),
    );
  });

  test("of a share counts every operation once", () => {
    const figures: Figure[] = [
      { kind: "ratio", part: 1, whole: 10 },
      { kind: "ratio", part: 998, whole: 990 + 9 },
    ];
    expect(judgeGate(tally("availability >= 99%", figures))).toMatchObject({
      verdict: "met",
      value: 999 / 1009,
    });
    const [crossed] = crossedGates([tally("availability >= 99.5%", figures)], "whole");
    expect(crossed).toMatchObject({ seedCount: 1, seed: 1 });
    expect(crossed?.example).toBe(
      "expected availability >= 99.5%, measured 99.01 % over 2 runs; the worst is seed 1 with 10 %",
    );
    expect(crossedGates([tally("availability >= 99.5%", figures)], "runs")).toEqual([]);
  });

  test("is crossed when it should have been measured and never was", () => {
    const nothing: Figure[] = [{ kind: "samples", values: [] }];
    expect(judgeGate(tally("read-p99 < 20ms", nothing)).verdict).toBe("crossed");
    expect(judgeGate(tally("stale-age-p99 < 20ms", nothing)).verdict).toBe("unmeasured");
  });
});

describe("a bound on each run", () => {
  const figures = [1200, 3100, null].map((value): Figure => ({ kind: "value", value }));
  const gate = gateWith("recovery <= 3s");
  const endless = { ...gate, measure: { ...gate.measure, isEndless: () => true } };
  const calm = { ...gate, measure: { ...gate.measure, isEndless: () => false } };
  const tallyWith = (each: Gate, figure: Figure, seed: number) =>
    tallyGates(seed, figure as unknown as Outcome, [each]);

  test("is crossed by one run, and names the worst", () => {
    const merged = figures
      .map((figure, index) => tallyWith(calm, figure, index + 1))
      .reduce<readonly GateTally[]>(mergeGates, []);
    expect(crossedGates(merged, "runs")).toEqual([
      {
        name: "recovery <= 3s",
        seedCount: 1,
        seed: 2,
        example: "expected recovery <= 3s, beyond it in 1 of 2 runs; the worst is seed 2 with 3.1 s",
      },
    ]);
  });

  test("is crossed by a run that never recovered, which is worse than any other", () => {
    const never = tallyWith(endless, { kind: "value", value: null }, 9);
    const merged = mergeGates(tallyWith(calm, { kind: "value", value: 8000 }, 3), never);
    expect(crossedGates(merged, "runs")[0]).toMatchObject({ seedCount: 2, seed: 9 });
  });

  test("stays silent about runs that meet it, or say nothing of it", () => {
    expect(crossedGates(tallyWith(calm, { kind: "value", value: 3000 }, 1), "whole")).toEqual([]);
    expect(crossedGates(tallyWith(calm, { kind: "value", value: null }, 1), "whole")).toEqual([]);
  });
});

test("tallies add up to the same, to the last byte, in whatever order they come", () => {
  fc.assert(
    fc.property(sampleRuns, fc.infiniteStream(fc.nat(1000)), (figures, numbers) => {
      const gate = gateWith("read-p90 < 20ms");
      const tallies = figures.map((figure, index) =>
        tallyGates(index + 1, figure as unknown as Outcome, [gate]),
      );
      const inOrder = tallies.reduce<readonly GateTally[]>(mergeGates, []);
      const groups: (readonly GateTally[])[] = [[], ...tallies];
      const next = (bound: number): number => (numbers.next().value as number) % bound;
      while (groups.length > 1) {
        const [a] = groups.splice(next(groups.length), 1);
        const [b] = groups.splice(next(groups.length), 1);
        groups.push(mergeGates(a ?? [], b ?? []));
      }
      expect(JSON.stringify(groups[0])).toBe(JSON.stringify(inOrder));
    }),
  );
});

describe("in a scenario's file", () => {
  const load = (text: string) =>
    loadScenario(
      `name: mine\nstory: Mine.\n${text}`,
      "mine.yaml",
      namesOf({ systems: [cacheSystem], invariants: [] }),
    );
  const problemsIn = (text: string): string[] => {
    const loaded = load(text);
    return loaded.ok ? [] : loaded.problems.map(({ position, message }) => `${position?.line}: ${message}`);
  };

  test("mistakes are told with their lines", () => {
    const problems = problemsIn(`policies: [abd]
expect:
  - read-p98 < 20ms
  - read-p99 < 20
  - recovery <= 2s
  - read-p99 < 20ms for quorum
  - read-p99 < 20ms in abd
  - quickly
`);
    expect(problems.map((problem) => problem.split(":")[0])).toEqual(["5", "6", "7", "8", "9", "10"]);
    const expected = [
      /did you mean "read-p90"/,
      /expected a number with ms or s, got "20"/,
      /recovery: nothing to measure, since the scenario has no faults/,
      /expected .*abd.*, got "quorum"/,
      /expected "for abd" \(policies\), got "in abd"/,
      /expected a bound such as/,
    ];
    for (const [index, pattern] of expected.entries()) expect(problems[index]).toMatch(pattern);
  });

  test("bounds are for all policies, for one, or for one with its parameters", () => {
    const loaded = load(`faults: [{ kind: crash }]
policies: [abd, "quorum(read=1)", quorum]
expect: [messages < 60, recovery < 2s for abd, read-p99 < 9ms for quorum, "read-p50 < 4ms for quorum(read=1)"]
`);
    if (!loaded.ok) throw new Error(JSON.stringify(loaded.problems));
    const texts = (policy: string) => gatesFor(loaded.value, policy).map(({ bound }) => bound.measure);
    expect(texts("abd")).toEqual(["messages", "recovery"]);
    expect(texts("quorum")).toEqual(["messages", "read-p99"]);
    expect(texts("quorum(read=1)")).toEqual(["messages", "read-p99", "read-p50"]);
  });
});
