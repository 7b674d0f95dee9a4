import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { linearizable } from "../../../sim/check/invariants/linearizable.ts";
import { monotonicReads } from "../../../sim/check/sessions/monotonic-reads.ts";
import { monotonicWrites } from "../../../sim/check/sessions/monotonic-writes.ts";
import { noResurrection } from "../../../sim/check/invariants/no-resurrection.ts";
import { noThinAir } from "../../../sim/check/invariants/no-thin-air.ts";
import { readYourWrites } from "../../../sim/check/sessions/read-your-writes.ts";
import { writesFollowReads } from "../../../sim/check/sessions/writes-follow-reads.ts";
import type { History } from "../../../sim/run/history.ts";
import type { Invariant } from "../../../sim/run/invariant.ts";
import { damaged, garbage, genuine } from "../../property/check/histories.ts";
import { certificateOf, history, record } from "./history-builder.ts";

/** Once the system has settled: from 100 ms on. */
const SETTLE_MS = 100;

interface Case {
  readonly invariant: Invariant;
  /** A broken history, and the certificate. */
  readonly broken: readonly [string[], string[]][];
  readonly kept: readonly string[][];
}

const cases: readonly Case[] = [
  {
    invariant: readYourWrites,
    broken: [
      [
        ["c2 set a 0..1", "c1 set b 2..3", "c1 get a 4..5"],
        ["c2#1", "c1#1", "c1#2"],
      ],
      [
        ["c2 set a 0..1", "c1 delete 2..3", "c1 get - 4..5", "c1 get a 6..7"],
        ["c2#1", "c1#1", "c1#3"],
      ],
    ],
    kept: [
      // Somebody else's write was as late, or may be.
      ["c2 set a 0..2", "c1 set b 2..3", "c1 get a 4..5"],
      ["c2 set a 0..1?", "c1 set b 2..3", "c1 get a 4..5"],
      // Its own write was not acknowledged, or not yet over, or of another key.
      ["c2 set a 0..1", "c1 set b 2..3?", "c1 get a 4..5"],
      ["c2 set a 0..1", "c1 set b 2..4", "c1 get a 4..5"],
      ["c2 set a 0..1", "c1 set b 2..3 key=k2", "c1 get a 4..5"],
      // Another client may be behind.
      ["c2 set a 0..1", "c1 set b 2..3", "c3 get a 4..5"],
      ["c1 set b 2..3", "c1 get - 4..5", "c1 get b 6..7"],
    ],
  },
  {
    invariant: monotonicReads,
    broken: [
      [
        ["c1 set a 0..1", "c1 set b 2..3", "c2 get b 4..5", "c2 get a 6..7"],
        ["c1#1", "c1#2", "c2#1", "c2#2"],
      ],
      [
        ["c1 set a 0..1", "c1 set b 2..9?", "c2 get b 4..5", "c2 get - 5..6", "c2 get a 6..7"],
        ["c1#1", "c1#2", "c2#1", "c2#3"],
      ],
    ],
    kept: [
      ["c1 set a 0..1", "c1 set b 2..3", "c2 get a 4..5", "c2 get b 6..7"],
      ["c1 set a 0..2", "c3 set b 2..3", "c2 get b 4..5", "c2 get a 6..7"],
      ["c1 set a 0..1", "c1 set b 2..3", "c2 get b 4..5", "c3 get a 6..7"],
      ["c1 set a 0..1", "c1 set b 2..3", "c2 get b 4..6", "c2 get a 6..7"],
      ["c1 set a 0..1", "c2 get x 4..5", "c2 get a 6..7"],
    ],
  },
  {
    invariant: monotonicWrites,
    broken: [
      [
        ["c1 set a 0..1", "c1 set b 2..3", "c2 get a 100..101"],
        ["c1#1", "c1#2", "c2#1"],
      ],
      [
        ["c1 set a 0..1", "c1 delete 2..3", "c2 get a 100..101"],
        ["c1#1", "c1#2", "c2#1"],
      ],
    ],
    kept: [
      ["c1 set a 0..1", "c1 set b 2..3", "c2 get a 99..101"],
      ["c1 set a 0..1", "c1 set b 2..3", "c2 get b 100..101"],
      ["c1 set a 0..1", "c1 set b 2..3?", "c2 get a 100..101"],
      ["c1 set a 0..1?", "c1 set b 2..3", "c2 get a 100..101"],
      ["c1 set a 0..1", "c3 set b 2..3", "c2 get a 100..101"],
      ["c1 set a 0..1", "c1 set b 100..101", "c2 get a 100..101"],
    ],
  },
  {
    invariant: writesFollowReads,
    broken: [
      [
        ["c1 set a 0..9?", "c2 get a 2..3", "c2 set b 4..5", "c3 get a 100..101"],
        ["c1#1", "c2#1", "c2#2", "c3#1"],
      ],
      [
        ["c1 set a 0..9", "c2 get a 2..3", "c2 delete 4..5", "c3 get a 100..101"],
        ["c1#1", "c2#1", "c2#2", "c3#1"],
      ],
    ],
    kept: [
      ["c1 set a 0..9?", "c2 get a 2..3", "c2 set b 4..5", "c3 get b 100..101"],
      ["c1 set a 0..9?", "c2 get a 2..3", "c2 set b 4..5?", "c3 get a 100..101"],
      ["c1 set a 0..9?", "c2 get a 2..4", "c2 set b 4..5", "c3 get a 100..101"],
      ["c1 set a 0..9?", "c2 set b 2..3", "c2 get a 4..5", "c3 get a 100..101"],
      ["c1 set a 0..9?", "c2 get a 2..3", "c3 set b 4..5", "c3 get a 100..101"],
    ],
  },
  {
    invariant: noThinAir,
    broken: [
      [["c1 set a 0..1", "c2 get x 2..3"], ["c2#1"]],
      [
        ["c1 set a 0..1!", "c2 get a 2..3"],
        ["c1#1", "c2#1"],
      ],
      [
        ["c2 get a 2..3", "c1 set a 4..5"],
        ["c2#1", "c1#1"],
      ],
      [["c1 set a 0..1 key=k2", "c2 get a 2..3"], ["c2#1"]],
    ],
    kept: [
      ["c1 set a 0..1?", "c2 get a 2..3"],
      ["c2 get a 2..4", "c1 set a 4..5"],
      ["c2 get x 2..3!", "c2 get - 4..5"],
    ],
  },
  {
    invariant: noResurrection,
    broken: [
      [
        ["c1 set a 0..1", "c2 delete 2..3", "c3 get - 4..5", "c3 get a 6..7"],
        ["c1#1", "c2#1", "c3#2"],
      ],
      [
        ["c1 set a 0..1", "c2 delete 2..3", "c2 delete 6..9", "c3 get a 4..5"],
        ["c1#1", "c2#1", "c3#1"],
      ],
    ],
    kept: [
      ["c1 set a 0..2", "c2 delete 2..3", "c3 get a 4..5"],
      ["c1 set a 0..1?", "c2 delete 2..3", "c3 get a 4..5"],
      ["c1 set a 0..1", "c2 delete 2..3?", "c3 get a 4..5"],
      ["c1 set a 0..1", "c2 delete 2..4", "c3 get a 4..5"],
      ["c1 set a 0..1", "c2 delete 2..3", "c1 set b 4..5", "c3 get b 6..7"],
    ],
  },
];

describe.each(cases)("$invariant.name", ({ invariant, broken, kept }) => {
  const check = (operations: History) => invariant.check(record(operations, { settleMs: SETTLE_MS }));

  test.each(broken)("finds %s", (lines, certificate) => {
    const violations = check(history(...lines));
    expect(certificateOf(violations)).toEqual(certificate);
    expect(violations[0]?.invariant).toBe(invariant.name);
    expect(violations[0]?.summary).toMatch(/^get .*found/);
    // The certificate alone breaks it as well.
    expect(check(violations[0]?.operations ?? [])).toHaveLength(1);
  });

  test.each(kept)("is silent about %s, %s, %s ...", (...lines) => {
    expect(check(history(...lines))).toEqual([]);
  });
});

test("whatever is linearizable keeps them all", () => {
  const options = { hasTtl: true, operationsMax: 8 };
  const counts = new Map<string, number>();
  const sessions = fc.oneof(garbage(options), damaged(options), genuine(options)).chain((operations) =>
    // Few clients, so that each has several operations.
    fc
      .array(fc.nat(1), { minLength: operations.length, maxLength: operations.length })
      .map((clients) =>
        operations.map((operation, index) => ({ ...operation, client: `c${clients[index] ?? 0}` })),
      ),
  );
  fc.assert(
    fc.property(sessions, (operations) => {
      const run = record(operations, { settleMs: 0 });
      const isRight = linearizable.check(run).length === 0;
      for (const { invariant } of cases) {
        const count = invariant.check(run).length;
        if (isRight) expect(count).toBe(0);
        counts.set(invariant.name, (counts.get(invariant.name) ?? 0) + count);
      }
    }),
    { seed: 20260126, numRuns: 4000 },
  );
  for (const { invariant } of cases) expect(counts.get(invariant.name)).toBeGreaterThan(0);
});
