import { expect, test } from "vitest";
import type { Operation } from "../../../sim/run/history.ts";
import type { Plan } from "../../../sim/run/plan.ts";
import { recoveryUs } from "../../../sim/run/recovery.ts";

const plan = { faults: [{ endMs: 10 }, { endMs: 4 }] } as Plan;

function history(...operations: readonly [Operation["result"], number, number][]): Operation[] {
  return operations.map(([result, callUs, returnUs]) => ({ result, callUs, returnUs }) as Operation);
}

test("what failed before the end of the last fault does not count", () => {
  expect(recoveryUs(history(["fail", 1000, 10_000], ["ok", 12_000, 13_000]), plan)).toBe(0);
  expect(recoveryUs([], plan)).toBe(0);
});

test("recovery ends with the last operation that was not ok, whenever it was called", () => {
  const calls = history(["ok", 11_000, 12_000], ["indeterminate", 9000, 14_000], ["ok", 15_000, 16_000]);
  expect(recoveryUs(calls, plan)).toBe(4000);
});

test("without a success after the last failure nothing has recovered", () => {
  expect(recoveryUs(history(["ok", 13_000, 16_000], ["fail", 12_000, 14_000]), plan)).toBeNull();
  expect(recoveryUs(history(["ok", 13_000, 16_000], ["indeterminate", 12_000, Infinity]), plan)).toBeNull();
});
