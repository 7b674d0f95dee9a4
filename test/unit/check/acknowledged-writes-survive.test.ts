import { describe, expect, test } from "vitest";
import { acknowledgedWritesSurvive } from "../../../sim/check/invariants/acknowledged-writes-survive.ts";
import { certificateOf, history, record } from "./history-builder.ts";

const SETTLE_MS = 1000;

function violationsOf(...lines: readonly string[]) {
  return acknowledgedWritesSurvive.check(record(history(...lines), { settleMs: SETTLE_MS }));
}

/** The certificate of the only violation; empty when nothing is lost. */
function check(...lines: readonly string[]): readonly string[] {
  const violations = violationsOf(...lines);
  return violations.length === 0 ? [] : certificateOf(violations);
}

test("a write that is read, or was replaced, survived", () => {
  expect(check("c1 set a 0..1", "c2 get a 1000..1001")).toEqual([]);
  expect(check("c1 set a 0..1", "c1 set b 2..3", "c2 get b 1000..1001")).toEqual([]);
});

test("a final read that finds nothing shows the loss", () => {
  const violations = violationsOf("c1 set a 0..1", "c2 get - 1000..1001");
  expect(certificateOf(violations)).toEqual(["c1#1", "c2#1"]);
  expect(violations[0]).toMatchObject({
    invariant: "acknowledged-writes-survive",
    key: "k",
    summary:
      '"a", which set c1#1 wrote to "k" and n1 acknowledged at 1 ms, is lost: ' +
      "get c2#1 on n1 (1000 ms to 1001 ms) found nothing",
  });
});

test("a final read that finds an older value shows the loss", () => {
  const lines = [
    "c1 set a 0..1",
    "c1 set b 2..3",
    "c1 set c 4..5",
    "c2 get a 1000..1001",
    "c2 get a 1002..1003",
  ];
  expect(check(...lines)).toEqual(["c1#1", "c1#3", "c2#1"]);
});

test("of concurrent writes either may survive", () => {
  expect(check("c1 set a 0..2", "c2 set b 2..3", "c3 get a 1000..1001")).toEqual([]);
  expect(check("c1 set a 0..1.999", "c2 set b 2..3", "c3 get a 1000..1001")).not.toEqual([]);
});

test("reads before the system must have settled prove nothing", () => {
  expect(check("c1 set a 0..1", "c2 get - 999.999..1001")).toEqual([]);
});

test("a write that is not acknowledged may be lost, and may take effect late", () => {
  expect(check("c1 set a 0..1?", "c2 get - 1000..1001")).toEqual([]);
  expect(check("c1 set a 0..1!", "c2 get - 1000..1001")).toEqual([]);
  expect(check("c1 set a 0..1?", "c1 set b 2..3", "c2 get a 1000..1001")).toEqual([]);
});

test("a write after settling must survive too, once it has ended", () => {
  expect(check("c1 set a 1100..1200", "c2 get - 1150..1250")).toEqual([]);
  expect(check("c1 set a 1100..1200", "c2 get - 1201..1250")).toEqual(["c1#1", "c2#1"]);
});

test("reads without an answer are another check's business", () => {
  expect(check("c1 set a 0..1", "c2 get - 1000..1001?", "c2 get - 1002..1003!")).toEqual([]);
});

describe("a delete excuses", () => {
  test("unless it certainly came before the write or after the read", () => {
    expect(check("c1 set a 2..3", "c2 delete 4..5", "c3 get - 1000..1001")).toEqual([]);
    expect(check("c1 set a 2..3", "c2 delete 0..2", "c3 get - 1000..1001")).toEqual([]);
    expect(check("c1 set a 2..3", "c2 delete 0..1", "c3 get - 1000..1001")).toEqual(["c1#1", "c3#1"]);
    expect(check("c1 set a 2..3", "c2 delete 1002..1003", "c3 get - 1000..1001")).toEqual(["c1#1", "c3#1"]);
  });

  test("even if it is indeterminate and was called long before, but not if it failed", () => {
    expect(check("c2 delete 0..1?", "c1 set a 2..3", "c3 get - 1000..1001")).toEqual([]);
    expect(check("c2 delete 4..5!", "c1 set a 2..3", "c3 get - 1000..1001")).toEqual(["c1#1", "c3#1"]);
  });
});

describe("an expiry excuses", () => {
  test("from call + ttl on", () => {
    expect(check("c1 set a 0..1 ttl=1001", "c3 get - 1000..1001")).toEqual([]);
    expect(check("c1 set a 0..1 ttl=1001.001", "c3 get - 1000..1001")).toEqual(["c1#1", "c3#1"]);
  });

  test("of a write that may have replaced the lost one, but not of one that it replaced", () => {
    expect(check("c1 set a 0..9", "c2 set b 0..9 ttl=50", "c3 get - 1000..1001")).toEqual([]);
    expect(check("c2 set b 0..1? ttl=50", "c1 set a 2..3", "c3 get - 1000..1001")).toEqual([]);
    expect(check("c2 set b 0..1 ttl=50", "c1 set a 2..3", "c3 get - 1000..1001")).toEqual(["c1#1", "c3#1"]);
  });
});

test("one violation a key, in the order of the keys' first operations", () => {
  const lines = ["k2", "k1"].flatMap((key, index) => [
    `c1 set a${key} ${index}..${index} key=${key}`,
    `c2 get - 1000..1001 key=${key}`,
    `c2 get - 1002..1003 key=${key}`,
  ]);
  expect(violationsOf(...lines).map(({ key }) => key)).toEqual(["k2", "k1"]);
});
