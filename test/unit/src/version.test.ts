import fc from "fast-check";
import { describe, expect, test } from "vitest";
import {
  compareMaybeVersions,
  compareVersions,
  formatVersion,
  type Version,
} from "../../../src/local/version.ts";
import { createRevisions } from "../../../src/replication/revisions.ts";

fc.configureGlobal({ seed: 20_251_122 });

const version: fc.Arbitrary<Version> = fc.record(
  {
    counter: fc.nat({ max: 3 }),
    node: fc.constantFrom("n1", "n10", "n2"),
    incarnation: fc.nat({ max: 2 }),
    revision: fc.record({
      number: fc.integer({ min: 1, max: 2 }),
      node: fc.constantFrom("n1", "n2"),
      incarnation: fc.nat({ max: 2 }),
    }),
  },
  { requiredKeys: ["counter", "node", "incarnation"] },
);

const reason = fc.constantFrom("touch" as const, "fill" as const);

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

  test("go by the counter, then by the node, then by its life, then by the revision", () => {
    const byN2 = { node: "n2", incarnation: 1 };
    const inOrder: Version[] = [
      { counter: 1, node: "n2", incarnation: 9 },
      { counter: 2, node: "n1", incarnation: 1 },
      { counter: 2, node: "n1", incarnation: 1, revision: { number: 1, node: "n1", incarnation: 7 } },
      { counter: 2, node: "n1", incarnation: 1, revision: { number: 1, ...byN2 } },
      { counter: 2, node: "n1", incarnation: 1, revision: { number: 1, node: "n2", incarnation: 2 } },
      { counter: 2, node: "n1", incarnation: 1, revision: { number: 12, node: "n1", incarnation: 1 } },
      { counter: 2, node: "n1", incarnation: 2 },
      { counter: 2, node: "n2", incarnation: 1 },
      { counter: 3, node: "n1", incarnation: 1 },
      { counter: 10, node: "n1", incarnation: 1 },
    ];
    expect([...inOrder].reverse().sort(compareVersions)).toEqual(inOrder);
  });

  test("what is loaded in the place of a value is newer than every touch of that value", () => {
    fc.assert(
      fc.property(version, fc.nat({ max: 1000 }), (seen, earlier) => {
        const [toucher, filler] = [createRevisions("n9", 1), createRevisions("n1", 1)];
        for (let each = 0; each < earlier; each++) toucher.after(seen, "touch");
        const touched = toucher.after(seen, "touch");
        expect(compareVersions(filler.after(seen, "fill"), touched)).toBeGreaterThan(0);
      }),
    );
  });

  test("a revision is newer than its write and older than every write that is", () => {
    fc.assert(
      fc.property(version, version, fc.array(reason, { maxLength: 4 }), (seen, other, reasons) => {
        const revisions = createRevisions("n1", 1);
        let revised = seen;
        for (const each of reasons) {
          const next = revisions.after(revised, each);
          expect(compareVersions(next, revised)).toBeGreaterThan(0);
          revised = next;
        }
        const write = { ...other, revision: undefined };
        const isAfter = compareVersions(write, { ...seen, revision: undefined }) > 0;
        expect(compareVersions(write, revised) > 0).toBe(isAfter);
      }),
    );
  });

  test("any version is newer than none", () => {
    const any: Version = { counter: 0, node: "", incarnation: 0 };
    expect(compareMaybeVersions(null, any)).toBeLessThan(0);
    expect(compareMaybeVersions(any, null)).toBeGreaterThan(0);
    expect(compareMaybeVersions(null, null)).toBe(0);
  });
});
