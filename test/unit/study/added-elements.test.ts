import { describe, expect, test } from "vitest";
import type { Operation } from "../../../sim/run/history.ts";
import { addedToOneKey } from "../../../sim/study/validation/added-elements.ts";

const SETTLE_US = 1000;

function operation(
  callUs: number,
  client: string,
  kind: Operation["kind"],
  value: string | null,
  more: Partial<Operation> = {},
): Operation {
  return {
    id: `${client}@${callUs}`,
    client,
    machine: "n1",
    kind,
    key: "set",
    value,
    ttlMs: null,
    callUs,
    returnUs: callUs + 5,
    deadlineUs: callUs + 100,
    result: "ok",
    error: null,
    ...more,
  };
}
const swap = (callUs: number, client: string, expected: string, value: string, more = {}): Operation =>
  operation(callUs, client, "compareAndSet", value, { expected, effect: "wrote", ...more });
const read = (callUs: number, client: string, value: string): Operation =>
  operation(callUs, client, "get", value);
const write = (callUs: number, client: string, value: string, more = {}): Operation =>
  operation(callUs, client, "set", value, more);

describe("elements added to a set in one key", () => {
  test("are all there when each replaces the one before", () => {
    const history = [swap(10, "a", "empty", "x"), swap(20, "b", "x", "y"), read(SETTLE_US, "z", "y")];
    expect(addedToOneKey(history, SETTLE_US)).toEqual({ acknowledged: 2, lost: 0 });
  });

  test("are lost on the side of a split that does not win", () => {
    const history = [
      swap(10, "a", "empty", "x"),
      swap(20, "a", "x", "left1"),
      swap(30, "a", "left1", "left2"),
      swap(20, "b", "x", "right"),
      read(SETTLE_US, "z", "right"),
    ];
    expect(addedToOneKey(history, SETTLE_US)).toEqual({ acknowledged: 4, lost: 2 });
  });

  test("are lost when another one read before and wrote after", () => {
    const history = [
      read(10, "a", "empty"),
      read(11, "b", "empty"),
      write(20, "a", "x"),
      write(30, "b", "y"),
      read(SETTLE_US, "z", "y"),
    ];
    expect(addedToOneKey(history, SETTLE_US)).toEqual({ acknowledged: 2, lost: 1 });
  });

  test("carry on what an unanswered write left, and count it neither as told nor as lost", () => {
    const unanswered = { result: "indeterminate", effect: undefined } as const;
    const history = [
      swap(10, "a", "empty", "x"),
      swap(20, "b", "x", "y", unanswered),
      swap(40, "c", "y", "w"),
      read(SETTLE_US, "z", "w"),
    ];
    expect(addedToOneKey(history, SETTLE_US)).toEqual({ acknowledged: 2, lost: 0 });
  });

  test("do not count when the value was found to be another, or the write certainly failed", () => {
    const history = [
      swap(10, "a", "empty", "x"),
      swap(20, "b", "empty", "y", { effect: "found", found: "x" }),
      write(30, "c", "w", { result: "fail", error: "unavailable" }),
      read(SETTLE_US, "z", "x"),
    ];
    expect(addedToOneKey(history, SETTLE_US)).toEqual({ acknowledged: 1, lost: 0 });
  });

  test("are all lost when nothing is there at the end", () => {
    expect(addedToOneKey([swap(10, "a", "empty", "x")], SETTLE_US)).toEqual({ acknowledged: 1, lost: 1 });
  });
});
