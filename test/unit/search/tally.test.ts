import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { Violation } from "../../../sim/run/invariant.ts";
import type { Outcome } from "../../../sim/run/outcome.ts";
import {
  emptyTally,
  mergeTallies,
  type Tally,
  tallyError,
  tallyOutcome,
  tallyRerun,
} from "../../../sim/search/tally.ts";

function violation(invariant: string, summary: string): Violation {
  return { invariant, key: null, summary, operations: [], notes: [] };
}

/** What one seed gave, in few bits. */
const result = fc.record({
  invariants: fc.array(fc.constantFrom("a", "b", "c"), { maxLength: 4 }),
  error: fc.option(fc.constantFrom("RunawayError", "TypeError"), { nil: null }),
  ok: fc.nat(100),
  probes: fc.uniqueArray(fc.constantFrom("p", "q", "r")).map((names) => names.toSorted()),
  faults: fc.array(fc.record({ kind: fc.constantFrom("crash", "loss") }), { maxLength: 3 }),
  recoveryUs: fc.option(fc.nat(5_000_000), { nil: null }),
  eventCount: fc.nat(1000),
  virtualUs: fc.nat(1_000_000_000),
  isRerun: fc.boolean(),
  isMismatch: fc.boolean(),
  features: fc
    .uniqueArray(fc.constantFrom("fault/crash", "message/store", "probe/p"))
    .map((names) => names.toSorted()),
  transitions: fc.uniqueArray(fc.nat(30)).map((hashes) => hashes.toSorted((a, b) => a - b)),
});

/** The results of seeds 1, 2, 3, ... */
const results = fc.array(result, { maxLength: 25 });

type Result = typeof result extends fc.Arbitrary<infer T> ? T : never;

function tallyOf(seed: number, { error, invariants, isRerun, isMismatch, ...rest }: Result): Tally {
  const outcome = {
    plan: { faults: rest.faults },
    behaviour: { features: rest.features, transitions: rest.transitions },
    violations: invariants.map((name) => violation(name, `${name} of ${seed}`)),
    statistics: {
      operations: { total: rest.ok, ok: rest.ok, fail: 0, indeterminate: 0 },
      eventCount: rest.eventCount,
      probes: rest.probes,
      recoveryUs: rest.recoveryUs,
      virtualMs: rest.virtualUs / 1000,
    },
  } as unknown as Outcome;
  const first = error === null ? tallyOutcome(seed, outcome) : tallyError(seed, error, `error of ${seed}`);
  const mismatch = isMismatch ? { summary: `mismatch of ${seed}`, divergence: null } : null;
  return isRerun ? mergeTallies(first, tallyRerun(seed, mismatch)) : first;
}

function mergeAll(tallies: readonly Tally[]): Tally {
  return tallies.reduce(mergeTallies, emptyTally);
}

describe("a tally", () => {
  test("does not depend on the order in which seeds come, nor on how they are grouped, to the last byte", () => {
    fc.assert(
      fc.property(results, fc.infiniteStream(fc.nat(1000)), (list, numbers) => {
        const tallies = list.map((each, index) => tallyOf(index + 1, each));
        const next = (bound: number): number => (numbers.next().value as number) % bound;
        // Batches of any size, merged in any order: two random groups become one until one is left.
        const groups = [emptyTally, ...tallies];
        while (groups.length > 1) {
          const [a] = groups.splice(next(groups.length), 1);
          const [b] = groups.splice(next(groups.length), 1);
          groups.push(mergeTallies(a as Tally, b as Tally));
        }
        expect(JSON.stringify(groups[0])).toBe(JSON.stringify(mergeAll(tallies)));
      }),
    );
  });

  test("counts seeds, not violations, and keeps the first violation of the lowest seed", () => {
    fc.assert(
      fc.property(results, (list) => {
        const tally = mergeAll(list.map((each, index) => tallyOf(index + 1, each)));
        const finished = list.map(({ error, invariants }) => (error === null ? invariants : []));
        expect(tally.seedCount).toBe(list.length);
        expect(tally.violatingSeedCount).toBe(finished.filter((names) => names.length > 0).length);
        for (const name of ["a", "b", "c"] as const) {
          const seeds = finished.flatMap((names, index) => (names.includes(name) ? [index + 1] : []));
          const entry = tally.violations.find((problem) => problem.name === name);
          expect(entry?.seedCount ?? 0).toBe(seeds.length);
          if (entry !== undefined) {
            expect(entry.seed).toBe(seeds[0]);
            expect(entry.example.summary).toBe(`${name} of ${seeds[0]}`);
          }
        }
      }),
    );
  });

  test("does not grow with the number of seeds, nor with the names of errors", () => {
    const some = mergeAll(Array.from({ length: 300 }, (_, seed) => tallyError(seed, `Error${seed}`, "x")));
    const many = mergeAll(Array.from({ length: 3000 }, (_, seed) => tallyError(seed, `Error${seed}`, "x")));
    expect(many.errors).toHaveLength(some.errors.length);
    expect(many.seedCount).toBe(3000);
  });
});
