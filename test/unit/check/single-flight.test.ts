import { expect, test } from "vitest";
import { singleFlight } from "../../../sim/check/invariants/single-flight.ts";
import type { Load, Violation } from "../../../sim/run/invariant.ts";
import { certificateOf, history, record } from "./history-builder.ts";

/** The loads of the operations named, in milliseconds. */
function violationsWith(
  loads: Readonly<Record<string, readonly [number, number]>>,
  ...lines: readonly string[]
): readonly Violation[] {
  const operations = history(...lines);
  const intervals = Object.entries(loads).map(([operation, [from, until]]): Load => {
    const { machine = "n1", key = "k" } = operations.find(({ id }) => id === operation) ?? {};
    return { operation, machine, key, fromUs: from * 1000, untilUs: until * 1000 };
  });
  return singleFlight.check(record(operations, { loads: intervals }));
}

const BOTH = ["c1 getOrLoad a 0..30", "c2 getOrLoad b 5..40"];
const OVERLAPPING: Readonly<Record<string, readonly [number, number]>> = {
  "c1#1": [2, 20],
  "c2#1": [10, 30],
};

test("two loads of one key at a time on one machine", () => {
  const violations = violationsWith(OVERLAPPING, ...BOTH);
  expect(certificateOf(violations)).toEqual(["c1#1", "c2#1"]);
  expect(violations[0]?.summary).toBe(
    'n1 called a second loader for "k" at 10 ms, while that of c1#1 was under way from 2 ms to 20 ms',
  );
});

test("one after the other, on two machines, or of two keys, they are right", () => {
  expect(violationsWith({ "c1#1": [2, 10], "c2#1": [10, 30] }, ...BOTH)).toEqual([]);
  expect(violationsWith(OVERLAPPING, "c1 getOrLoad a 0..30", "c2 getOrLoad b 5..40 on=n2")).toEqual([]);
  expect(violationsWith(OVERLAPPING, "c1 getOrLoad a 0..30", "c2 getOrLoad b 5..40 key=k2")).toEqual([]);
});

test("whoever may have met a newer version need not share", () => {
  for (const change of [
    "c3 set x 3..4",
    "c3 delete 9..50",
    "c3 touch 3..4 ttl=9",
    "c3 getOrLoad x 0..9 on=n2",
  ]) {
    expect(violationsWith(OVERLAPPING, ...BOTH, change)).toEqual([]);
  }
  for (const change of [
    "c3 set x 11..12",
    "c3 get - 3..4",
    "c3 delete 3..4!",
    "c3 touch 3..4 ttl=9 found=-",
  ]) {
    expect(violationsWith(OVERLAPPING, ...BOTH, change)).toHaveLength(1);
  }
});

test("a load for a caller who may not have read the key says nothing", () => {
  for (const other of ["c2 getOrLoad b 5..40 loaded=unstored", "c2 getOrLoad b 5..40?"]) {
    expect(violationsWith(OVERLAPPING, "c1 getOrLoad a 0..30", other)).toEqual([]);
  }
});
