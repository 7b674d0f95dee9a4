import { expect, test } from "vitest";
import { invariantByName, invariants } from "../../../sim/check/index.ts";
import { history, record } from "./history-builder.ts";

test("every invariant has its own name and says in one line what it demands", () => {
  expect(invariants.map(({ name }) => name)).toEqual([
    "linearizable",
    "regular",
    "read-your-writes",
    "monotonic-reads",
    "monotonic-writes",
    "writes-follow-reads",
    "no-thin-air",
    "no-resurrection",
    "no-expired-hit",
    "acknowledged-writes-survive",
    "replicas-converge",
    "replication-factor",
    "single-flight",
    "operations-end",
    "audit-complete",
    "health-follows-history",
    "statistics-add-up",
    "bounds",
    "no-unhandled-rejection",
  ]);
  for (const { summary } of invariants) expect(summary).toMatch(/^[A-Z].{20,120}\.$/);
});

test("an invariant is found by its name, which its violations carry", () => {
  for (const invariant of invariants) expect(invariantByName(invariant.name)).toBe(invariant);
  expect(invariantByName("unknown")).toBeUndefined();
});

test("a quiet run of a right system breaks none", () => {
  const run = record(history("c1 set a 0..1", "c2 get a 2..3", "c1 delete 4..5", "c2 get - 6..7"));
  expect(invariants.flatMap((invariant) => invariant.check(run))).toEqual([]);
});
