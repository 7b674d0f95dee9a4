import { expect, test } from "vitest";
import { createNoExpiredHit, noExpiredHit } from "../../../sim/check/invariants/no-expired-hit.ts";
import { certificateOf, history, record, violationsOf } from "./history-builder.ts";

test("a hit up to the end of the write + ttl is right", () => {
  expect(violationsOf(noExpiredHit, "c1 set a 0..10 ttl=100", "c2 get a 110..111")).toEqual([]);
});

test("a later hit is wrong, and the first one is shown with its write", () => {
  const violations = violationsOf(
    noExpiredHit,
    "c1 set a 0..10 ttl=100",
    "c2 get a 110.001..111",
    "c2 get a 120..121",
    "c3 get - 130..131",
  );
  expect(certificateOf(violations)).toEqual(["c1#1", "c2#1"]);
  expect(violations[0]).toMatchObject({
    invariant: "no-expired-hit",
    key: "k",
    summary:
      'get c2#1 on n1 (110.001 ms to 111 ms) found "a" in "k", which had expired by 110 ms, 0.001 ms before',
    notes: ["The value was written by set c1#1 on n1 (0 ms to 10 ms) to live 100 ms."],
  });
});

test("the allowance is on top", () => {
  const generous = createNoExpiredHit({ allowanceMs: 50 });
  expect(violationsOf(generous, "c1 set a 0..10 ttl=100", "c2 get a 160..161")).toEqual([]);
  const violations = violationsOf(generous, "c1 set a 0..10 ttl=100", "c2 get a 161..162");
  expect(violations[0]?.summary).toMatch(/expired by 110 ms, 51 ms before \(50 ms later would be allowed\)$/);
});

test("a value without a ttl never expires", () => {
  expect(violationsOf(noExpiredHit, "c1 set a 0..10", "c2 get a 99999..99999")).toEqual([]);
});

test("an indeterminate write counts from the moment its client gave up", () => {
  expect(violationsOf(noExpiredHit, "c1 set a 0..10? ttl=100", "c2 get a 110..111")).toEqual([]);
  expect(violationsOf(noExpiredHit, "c1 set a 0..10? ttl=100", "c2 get a 111..112")).toHaveLength(1);
});

test("an open write, a failed write and an unknown value are other checks' business", () => {
  expect(violationsOf(noExpiredHit, "c1 set a 0.. ttl=100", "c2 get a 900..901")).toEqual([]);
  expect(violationsOf(noExpiredHit, "c1 set a 0..1! ttl=100", "c2 get a 900..901")).toEqual([]);
  expect(violationsOf(noExpiredHit, "c1 set a 0..1 ttl=100", "c2 get ghost 900..901")).toEqual([]);
});

test("one violation a key", () => {
  const lines = ["k1", "k2"].flatMap((key) => [
    `c1 set a${key} 0..1 ttl=1 key=${key}`,
    `c2 get a${key} 5..6 key=${key}`,
    `c3 get a${key} 4..6 key=${key}`,
  ]);
  const violations = violationsOf(noExpiredHit, ...lines);
  expect(violations.map(({ key, operations }) => [key, operations[1]?.client])).toEqual([
    ["k1", "c3"],
    ["k2", "c3"],
  ]);
});

test("a request that a busy machine took up when its client had given up counts from then on", () => {
  const takenAt = (ms: number, ...lines: string[]) => {
    const operations = history("c1 set a 0..10? ttl=100", ...lines);
    const taken = operations.map((each) => (each.kind === "set" ? { ...each, takenUs: ms * 1000 } : each));
    return noExpiredHit.check(record(taken));
  };
  expect(takenAt(500, "c2 get a 600..601")).toEqual([]);
  const [violation] = takenAt(500, "c2 get a 601..602");
  expect(violation?.summary).toContain("which had expired by 600 ms, 1 ms before");
  expect(violation?.notes[1]).toBe("n1 took that request up at 500 ms, when its client had given up.");
  // Taken up late, but acknowledged later still.
  expect(takenAt(5, "c2 get a 110..111")).toEqual([]);
  expect(takenAt(5, "c2 get a 111..112")[0]?.notes).toHaveLength(1);
});

test("clocks that differ are no excuse: a system that was told of them is early, never late", () => {
  const operations = history("c1 set a 0..10 ttl=100", "c2 get a 111..112");
  expect(noExpiredHit.check(record(operations, { clockSkewMs: 50 }))).toHaveLength(1);
});
