import { describe, expect, test } from "vitest";
import type { Violation } from "../../../sim/run/invariant.ts";
import { groupFindings, seedsByName } from "../../../sim/search/finding-groups.ts";
import type { Finding } from "../../../sim/search/findings.ts";
import { mergeTallies, tallyError } from "../../../sim/search/tally.ts";

function finding(parts: Partial<Finding>): Finding {
  return {
    scenario: "calm",
    policy: "abd",
    kind: "violation",
    name: "linearizable",
    shape: ["get ok, a miss", "set ok"],
    seedCount: 2,
    seedsRun: 10,
    seed: 3,
    summary: "",
    violation: null,
    divergence: null,
    isExpected: false,
    ...parts,
  };
}

describe("failures with one fingerprint", () => {
  const violation = (count: number): Violation => ({
    invariant: "linearizable",
    key: "k",
    summary: "",
    operations: Array.from({ length: count }, () => ({}) as Violation["operations"][number]),
    notes: [],
  });

  test("are one finding in whatever scenarios, and the one to look at has the smallest proof", () => {
    const large = finding({ violation: violation(4) });
    const small = finding({ scenario: "stormy", violation: violation(2), seedCount: 5 });
    const [group, ...others] = groupFindings([large, small]);
    expect(others).toEqual([]);
    expect(group).toMatchObject({ finding: small, seedCount: 7 });
  });

  test.each([
    { policy: "quorum" },
    { name: "regular" },
    { shape: ["get ok, a miss"] },
    { kind: "error" as const },
  ])("are told apart by %j", (other) => {
    const groups = groupFindings([finding({}), finding(other)]);
    expect(new Set(groups.map(({ id }) => id)).size).toBe(2);
  });

  test("have an identity that depends on nothing but the fingerprint", () => {
    const one = groupFindings([finding({})])[0]?.id;
    const two = groupFindings([finding({ scenario: "other", seed: 9, seedCount: 1, summary: "n7" })])[0]?.id;
    expect(one).toMatch(/^[0-9a-f]{8}$/);
    expect(two).toBe(one);
  });

  test("add up to the seeds in which their invariant was broken", () => {
    const both = [finding({}), finding({ shape: ["another"], seedCount: 3 })];
    expect(seedsByName(both)).toMatchObject([{ name: "linearizable", seedCount: 5 }]);
  });
});

describe("errors", () => {
  test("are one problem as long as only names and numbers differ", () => {
    const messages = ['no owner of "k1" at 17', 'no owner of "k2" at 4', "the heap is empty"];
    const tallies = messages.map((message, at) => tallyError(at + 1, "RangeError", message));
    const { errors } = tallies.reduce(mergeTallies);
    expect(errors.map(({ seedCount, seed }) => [seedCount, seed])).toEqual([
      [2, 1],
      [1, 3],
    ]);
    expect(tallies.toReversed().reduce(mergeTallies).errors).toEqual(errors);
  });

  test("are cut before a report gets too long for those who read it", () => {
    const [error] = tallyError(1, "Error", "x".repeat(5_000_000)).errors;
    expect(error?.example.length).toBeLessThan(11_000);
    expect(error?.shape?.[0]?.length).toBeLessThan(1000);
  });
});
