import fc from "fast-check";
import { describe, expect, test } from "vitest";
import {
  compareMaybeVersions,
  compareVersions,
  formatVersion,
  type Version,
} from "../../../src/local/version.ts";

fc.configureGlobal({ seed: 20_251_122 });

const version: fc.Arbitrary<Version> = fc.record(
  {
    counter: fc.nat({ max: 3 }),
    node: fc.constantFrom("n1", "n10", "n2"),
    incarnation: fc.nat({ max: 2 }),
    revision: fc.integer({ min: 1, max: 2 }),
  },
  { requiredKeys: ["counter", "node", "incarnation"] },
);

describe("versions", () => {
  test("are in one total order", () => {
    fc.assert(
      fc.property(version, version, version, (a, b, c) => {
        expect(Math.sign(compareVersions(a, b))).toBe(-Math.sign(compareVersions(b, a)) + 0);
        expect(compareVersions(a, b) === 0).toBe(formatVersion(a) === formatVersion(b));
        if (compareVersions(a, b) <= 0 && compareVersions(b, c) <= 0) {
          expect(compareVersions(a, c)).toBeLessThanOrEqual(0);
        }
      }),
    );
  });

  test("go by the counter, then by the revision, then by the node, then by its life", () => {
    const inOrder: Version[] = [
      { counter: 1, node: "n2", incarnation: 9 },
      { counter: 2, node: "n1", incarnation: 1 },
      { counter: 2, node: "n1", incarnation: 2 },
      { counter: 2, node: "n2", incarnation: 1 },
      { counter: 2, node: "n1", incarnation: 1, revision: 1 },
      { counter: 2, node: "n2", incarnation: 1, revision: 1 },
      { counter: 2, node: "n1", incarnation: 1, revision: 12 },
      { counter: 3, node: "n1", incarnation: 1 },
      { counter: 10, node: "n1", incarnation: 1 },
    ];
    expect([...inOrder].reverse().sort(compareVersions)).toEqual(inOrder);
  });

  test("any version is newer than none", () => {
    const any: Version = { counter: 0, node: "", incarnation: 0 };
    expect(compareMaybeVersions(null, any)).toBeLessThan(0);
    expect(compareMaybeVersions(any, null)).toBeGreaterThan(0);
    expect(compareMaybeVersions(null, null)).toBe(0);
  });
});
