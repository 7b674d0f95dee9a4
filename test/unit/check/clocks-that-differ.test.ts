import { describe, expect, test } from "vitest";
import { acknowledgedWritesSurvive } from "../../../sim/check/invariants/acknowledged-writes-survive.ts";
import { linearizable } from "../../../sim/check/invariants/linearizable.ts";
import { replicasConverge } from "../../../sim/check/invariants/replicas-converge.ts";
import type { Invariant } from "../../../sim/run/invariant.ts";
import { history, record, type RecordParts } from "./history-builder.ts";

/** The certificate by operation, in a plan whose clocks may be wrong by 5 ms: none when nothing is wrong. */
function check(invariant: Invariant, lines: readonly string[], parts: RecordParts = {}): readonly string[] {
  const violations = invariant.check(record(history(...lines), { clockSkewMs: 5, ...parts }));
  return violations.flatMap(({ operations }) => operations.map(({ id }) => id));
}

describe("where times to live are relative, a miss", () => {
  const relative = (lines: readonly string[]): number => {
    const run = record(history(...lines), { clockSkewMs: 3_600_000 });
    const cluster = { ...run.plan.cluster, ttlMode: "relative" as const };
    return linearizable.check({ ...run, plan: { ...run.plan, cluster }, expiryAllowanceUs: 10_000 }).length;
  };

  test("is right as far as messages explain it, whatever wall clocks may show", () => {
    expect(relative(["c1 set a 0..2 ttl=100", "c2 get - 88..90"])).toBe(0);
    expect(relative(["c1 set a 0..2 ttl=100", "c2 get - 88..89.999"])).toBe(1);
  });
});

describe("a miss", () => {
  const set = "c1 set a 0..2 ttl=100";

  test("is right from call + ttl on, less twice the skew", () => {
    expect(check(linearizable, [set, "c2 get - 88..90"])).toEqual([]);
    expect(check(linearizable, [set, "c2 get - 88..89.999"])).toEqual(["c1#1", "c2#1"]);
  });

  test("may be followed by a hit, and that by a miss", () => {
    const lines = [
      "c2 get a 91..92",
      "c3 get - 93..94",
      "c2 get a 95..96",
      "c3 get - 97..98",
      "c2 get a 99..100",
    ];
    expect(check(linearizable, [set, ...lines])).toEqual([]);
    expect(check(linearizable, [set, ...lines], { clockSkewMs: 0 })).not.toEqual([]);
  });

  test("is wrong, however old the value, once another one has replaced it", () => {
    const lines = [set, "c2 get a 91..92", "c3 set b 93..94", "c4 get - 95..96"];
    expect(check(linearizable, lines)).toEqual(["c3#1", "c4#1"]);
    expect(check(linearizable, [...lines.slice(0, 3), "c4 get a 95..96"])).toEqual(["c1#1", "c3#1", "c4#1"]);
  });

  test("is right at once when the allowance is longer than the time to live, but not before the set", () => {
    expect(check(linearizable, ["c1 set a 20..30 ttl=8", "c2 get - 21..21"])).toEqual([]);
    const lines = ["c3 set b 0..1", "c1 set a 20..30 ttl=8", "c2 get - 10..19"];
    expect(check(linearizable, lines)).toEqual(["c3#1", "c2#1"]);
  });

  test("is not explained by a value that was not there yet", () => {
    // b was there from 10 to 50, so a, however soon it may expire, can only come after.
    const lines = ["c3 set b 0..10", "c1 set a 5..70 ttl=8", "c2 get b 50..51", "c4 get - 30..40"];
    expect(check(linearizable, lines)).toContain("c4#1");
    expect(check(linearizable, [...lines.slice(0, 3), "c4 get - 52..53"])).toEqual([]);
  });
});

test("an acknowledged write is not lost that may have expired for some machine", () => {
  const lines = (endMs: number) => ["c1 set a 0..1 ttl=1000", `c2 get - 980..${endMs}`];
  expect(check(acknowledgedWritesSurvive, lines(990), { settleMs: 900 })).toEqual([]);
  expect(check(acknowledgedWritesSurvive, lines(989), { settleMs: 900 })).toEqual(["c1#1", "c2#1"]);
});

test("replicas agree when a value may have expired for some of them", () => {
  const machine = (name: string, isHolding: boolean) => ({
    machine: name,
    incarnation: 1,
    isUp: true,
    bootedAtUs: 0,
    replicas: isHolding ? [{ key: "k", fingerprint: "1", value: "a" }] : [],
  });
  const parts = (endMs: number) => ({
    endMs,
    machines: [machine("n1", true), machine("n2", false)],
    owners: () => ["n1", "n2"],
  });
  expect(check(replicasConverge, ["c1 set a 0..1 ttl=1000"], parts(990))).toEqual([]);
  expect(check(replicasConverge, ["c1 set a 0..1 ttl=1000"], parts(989))).toEqual(["c1#1"]);
});
