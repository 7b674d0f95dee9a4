import { expect, test } from "vitest";
import { noUnhandledRejection } from "../../../sim/check/invariants/no-unhandled-rejection.ts";
import type { Rejection } from "../../../sim/run/invariant.ts";
import { record } from "./history-builder.ts";

function check(...rejections: readonly Rejection[]) {
  return noUnhandledRejection.check(record([], { rejections }));
}

test("a run without errors is right", () => {
  expect(check()).toEqual([]);
});

test("every error that nobody handled is told, equal ones once", () => {
  const violations = check(
    { machine: null, message: "unhandled rejection: Error: lost" },
    { machine: "n2", message: "uncaught: TypeError: no" },
    { machine: null, message: "unhandled rejection: Error: lost" },
  );
  expect(violations.map(({ invariant, summary }) => [invariant, summary])).toEqual([
    ["no-unhandled-rejection", "The system left 2 errors to nobody: unhandled rejection: Error: lost"],
    ["no-unhandled-rejection", "n2 left 1 error to nobody: uncaught: TypeError: no"],
  ]);
});
