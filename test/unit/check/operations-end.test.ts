import { describe, expect, test } from "vitest";
import { createOperationsEnd, operationsEnd } from "../../../sim/check/invariants/operations-end.ts";
import { history, record, type RecordParts } from "./history-builder.ts";

function check(lines: readonly string[], parts: RecordParts = {}, invariant = operationsEnd) {
  return invariant.check(record(history(...lines), { settleMs: 5000, endMs: 10_000, ...parts }));
}

describe("before the system must have settled", () => {
  test("any answer in time will do", () => {
    const lines = ["c1 set a 0..500", "c2 get - 0..500?", "c3 get - 0..500!", "c4 get - 0..550 error=late"];
    expect(check(lines)).toEqual([]);
  });

  test("the system's own answer that a deadline passed is an answer", () => {
    expect(check(["c1 set a 0..500? error=deadline"])).toEqual([]);
  });

  test("an operation that its client gave up on, an open one and a late one are wrong", () => {
    const violations = check([
      "c1 get - 0..550? error=deadline",
      "c2 get - 1..",
      "c3 get - 2..600",
      "c4 get - 3..553? error=deadline on=n2",
    ]);
    expect(violations.map(({ summary, operations }) => [summary, operations.map(({ id }) => id)])).toEqual([
      [
        'n1 left 2 operations without an answer; the first was get c1#1 on n1 (0 ms to 550 ms) of "k", due by 500 ms',
        ["c1#1", "c2#1"],
      ],
      [
        "n1 left 1 operation without an answer by the deadline; " +
          'the first was get c3#1 on n1 (2 ms to 600 ms) of "k", due by 502 ms',
        ["c3#1"],
      ],
      [
        'n2 left 1 operation without an answer; the first was get c4#1 on n2 (3 ms to 553 ms) of "k", due by 503 ms',
        ["c4#1"],
      ],
    ]);
  });

  test("the allowance can be changed", () => {
    const lines = ["c1 get - 0..530!", "c2 get - 0..550? error=deadline"];
    expect(check(lines, {}, createOperationsEnd({ allowanceMs: 10 }))).toHaveLength(2);
    expect(check(lines, {}, createOperationsEnd({ allowanceMs: 100 }))).toHaveLength(1);
  });

  test("hundreds of failures of a kind are one violation that shows the first three", () => {
    const lines = Array.from({ length: 300 }, (_, index) => `c${index} get - ${index}..`);
    const [violation, ...others] = check(lines);
    expect(others).toEqual([]);
    expect(violation?.summary).toContain("n1 left 300 operations without an answer");
    expect(violation?.operations.map(({ id }) => id)).toEqual(["c0#1", "c1#1", "c2#1"]);
    expect(violation?.notes).toEqual(["The first 3 of 300 are shown."]);
    expect(check(lines.slice(0, 3))[0]?.notes).toEqual([]);
  });
});

describe("once the system must have settled", () => {
  test("operations must succeed", () => {
    expect(check(["c1 set a 5000..5001", "c2 get a 5002..5003"])).toEqual([]);
    const violations = check(["c1 set a 4999..5001?", "c2 set b 5000..5001?", "c3 get - 5000..5001!"]);
    expect(violations.map(({ summary }) => summary)).toEqual([
      "n1 left 1 operation indeterminate (unavailable) after the system had to be settled; " +
        'the first was set c2#1 on n1 (5000 ms to 5001 ms) of "k", due by 5500 ms',
      "n1 left 1 operation failed (unavailable) after the system had to be settled; " +
        'the first was get c3#1 on n1 (5000 ms to 5001 ms) of "k", due by 5500 ms',
    ]);
  });

  test("a machine must be up", () => {
    expect(check(["c1 get - 10..10! on=none error=refused"])).toEqual([]);
    const violations = check(["c1 get - 6000..6000! on=none error=refused"]);
    expect(violations[0]?.summary).toMatch(/^No machine was up for 1 operation: get c1#1/);
  });
});

describe("excused", () => {
  test("operations whose machine crashed while they ran", () => {
    const lines = ["c1 get - 100..650? error=deadline", "c2 get - 100..300? error=crashed"];
    expect(check(lines, { crashes: { "n1@1": 300 } })).toEqual([]);
    expect(check(lines, { crashes: { "n1@1": 100, "n1@2": 9000 } })).toEqual([]);
    expect(check(lines, { crashes: { "n1@1": 99 } })).toHaveLength(1);
    expect(check(lines, { crashes: { "n1@1": 99, "n1@2": 651 } })).toHaveLength(1);
    expect(check(lines, { crashes: { "n2@1": 300 } })).toHaveLength(1);
  });

  test("but not operations that had ended before the crash", () => {
    expect(check(["c1 get - 6000..6010!"], { crashes: { "n1@1": 6011 } })).toHaveLength(1);
  });

  test("also after settling", () => {
    expect(check(["c1 get - 6000..6100? error=crashed"], { crashes: { "n1@1": 6100 } })).toEqual([]);
  });

  test("open operations whose time was not up when the run ended", () => {
    expect(check(["c1 get - 9451.."])).toEqual([]);
    expect(check(["c1 get - 9450.."])).toHaveLength(1);
  });

  test("operations whose machine had less time for itself than the deadline gives", () => {
    const without = (lostMs: number) => ({
      ownTimeUs: (_machine: string, fromUs: number, untilUs: number) => untilUs - fromUs - lostMs * 1000,
    });
    const unanswered = ["c1 get - 100..650? error=deadline"];
    expect(check(unanswered, without(50))).toEqual([]);
    expect(check(unanswered, without(49.999))).toHaveLength(1);
    const open = ["c1 get - 100.."];
    expect(check(open, without(9400))).toEqual([]);
    expect(check(open, without(9399))).toHaveLength(1);
    const late = ["c1 get - 100..800!"];
    expect(check(late, without(150))).toEqual([]);
    expect(check(late, without(149))).toHaveLength(1);
    // Only time is excused, not what was answered in time.
    expect(check(["c1 get - 6000..6010!"], without(10))).toHaveLength(1);
  });

  test("operations for half of whose time the network had one message under way", () => {
    const during = (fromMs: number, untilMs: number) => ({
      longJourneys: [
        { fromUs: 1_000_000, untilUs: 1_500_000 },
        { fromUs: fromMs * 1000, untilUs: untilMs * 1000 },
      ],
    });
    const failed = ["c1 get - 6000..6500!"];
    expect(check(failed, during(6250, 7000))).toEqual([]);
    expect(check(failed, during(5000, 6250))).toEqual([]);
    expect(check(failed, during(6251, 7000))).toHaveLength(1);
    expect(check(failed, during(5000, 6249))).toHaveLength(1);
    expect(check(failed)).toHaveLength(1);
    // Nothing excuses no answer at all.
    expect(check(["c1 get - 6000..6550? error=deadline"], during(5000, 7000))).toHaveLength(1);
  });

  test("where no machine was up there is no such time", () => {
    const ownTimeUs = () => {
      throw new Error("there is no machine to ask");
    };
    expect(check(["c1 get - 100..100! on=none error=refused"], { ownTimeUs })).toEqual([]);
  });
});
