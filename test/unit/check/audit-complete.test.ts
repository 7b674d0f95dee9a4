import { describe, expect, test } from "vitest";
import { auditComplete, createAuditComplete } from "../../../sim/check/invariants/audit-complete.ts";
import type { AuditEvent } from "../../../sim/run/audit-ledger.ts";
import { record, type RecordParts } from "./history-builder.ts";

/** `start g1 10` is the start of operation g1 at 10 ms, on n1 in its first life unless it says `n2@3`. */
function audit(...lines: readonly string[]): AuditEvent[] {
  return lines.map((line) => {
    const [edge, operation, ms, life = "n1@1"] = line.split(" ") as [string, string, string, string?];
    const [machine, incarnation] = life.split("@") as [string, string];
    return {
      atUs: Number(ms) * 1000,
      machine,
      incarnation: Number(incarnation),
      type: `cache.get.${edge === "start" ? "started" : "miss"}`,
      operation,
      edge: edge as "start" | "end",
    };
  });
}

function check(lines: readonly string[], parts: RecordParts = {}, invariant = auditComplete) {
  return invariant.check(record([], { endMs: 10_000, audit: audit(...lines), ...parts }));
}

test("one start and one end for each operation is complete", () => {
  expect(check(["start g1 1", "start g2 2", "end g2 3", "end g1 4"])).toEqual([]);
});

test("each machine and each life numbers its own operations", () => {
  expect(check(["start g1 1", "end g1 2", "start g1 1 n2@1", "end g1 2 n2@1"])).toEqual([]);
  expect(check(["start g1 1", "end g1 2", "start g1 5 n1@2", "end g1 6 n1@2"])).toEqual([]);
});

describe("wrong is", () => {
  test.each([
    { name: "a start without an end", lines: ["start g1 1"], failure: "started but never ended" },
    { name: "an end without a start", lines: ["end g1 1"], failure: "ended but never started" },
    {
      name: "a second start",
      lines: ["start g1 1", "start g1 2", "end g1 3"],
      failure: "started more than once",
    },
    { name: "a second end", lines: ["start g1 1", "end g1 2", "end g1 3"], failure: "ended more than once" },
    {
      name: "an end before the start",
      lines: ["end g1 1", "start g1 2"],
      failure: "ended before they started",
    },
  ])("$name", ({ lines, failure }) => {
    const [violation, ...others] = check(lines);
    expect(others).toEqual([]);
    expect(violation).toMatchObject({ invariant: "audit-complete", key: null, operations: [] });
    expect(violation?.summary).toContain(
      `In the journal of n1, life 1, 1 operation ${failure}; the first is g1`,
    );
    expect(check(lines, { crashes: { "n1@1": 5 } })).toHaveLength(
      failure === "started but never ended" ? 0 : 1,
    );
  });

  test("once for each life and kind of failure, with the first three named", () => {
    const violations = check([
      ...Array.from({ length: 100 }, (_, index) => `start g${index} ${index}`),
      "end g0 200",
      "end g0 201",
      "start g1 300 n2@1",
    ]);
    expect(violations.map(({ summary }) => summary)).toEqual([
      "In the journal of n1, life 1, 1 operation ended more than once; the first is g0, with cache.get.miss at 201 ms",
      "In the journal of n1, life 1, 99 operations started but never ended; " +
        "the first is g1, with cache.get.started at 1 ms",
      "In the journal of n2, life 1, 1 operation started but never ended; " +
        "the first is g1, with cache.get.started at 300 ms",
    ]);
    expect(violations[1]?.notes).toHaveLength(3);
  });
});

describe("a missing end is excused", () => {
  test("when that life, and no other, ended in a crash", () => {
    expect(check(["start g1 1"], { crashes: { "n1@1": 5 } })).toEqual([]);
    expect(check(["start g1 1"], { crashes: { "n1@2": 5 } })).toHaveLength(1);
    expect(check(["start g1 1"], { crashes: { "n2@1": 5 } })).toHaveLength(1);
  });

  test("when the run ended before its deadline + the allowance", () => {
    expect(check(["start g1 9450.001"])).toEqual([]);
    expect(check(["start g1 9450"])).toHaveLength(1);
    expect(check(["start g1 9450"], {}, createAuditComplete({ allowanceMs: 51 }))).toEqual([]);
  });
});
