import { describe, expect, test } from "vitest";
import { invariants } from "../../../sim/check/index.ts";
import type { Plan } from "../../../sim/run/plan.ts";
import type { Fault } from "../../../sim/world/faults/index.ts";
import { reasonOf } from "../../../sim/search/findings.ts";
import { systems } from "../../../sim/systems/index.ts";
import { cachePlan, endings, replayCache } from "../../support/cache-plan.ts";

/** Clocks that are wrong from before the set to after the last read. */
function off(...errors: readonly (readonly [machine: string, offsetMs: number])[]): Fault[] {
  return errors.map(([machine, offsetMs]) => ({
    kind: "clock-offset",
    startMs: 0,
    endMs: 3000,
    machine,
    offsetMs,
  }));
}

/** n1 sets a value at 10 ms that lives for 500 ms; n2 reads it, 10 ms each, so that reads end at the given times. */
function reads(endsMs: readonly number[], faults: readonly Fault[], changes: Partial<Plan> = {}): Plan {
  return cachePlan({
    operations: [
      { id: "set", client: "c1", atMs: 10, kind: "set", key: "k", value: "a", ttlMs: 500 },
      ...endsMs.map((ms) => ({
        id: `${ms}`,
        client: "c2",
        atMs: ms - 10,
        kind: "get" as const,
        key: "k",
      })),
    ],
    faults: [...faults],
    ...changes,
  });
}

describe("abd, told that clocks may be wrong by 100 ms, serves a value", () => {
  const told = { clockSkewMs: 100 };

  test.each([
    { name: "for the skew less than its time, by right clocks", faults: [], lastMs: 409 },
    { name: "for twice the skew less, when the writer is behind", faults: off(["n1", -100]), lastMs: 309 },
    { name: "for all of its time, when the reader is behind", faults: off(["n2", -100]), lastMs: 509 },
    { name: "for all of its time, when the writer is ahead", faults: off(["n1", 100]), lastMs: 509 },
    {
      name: "for all of its time, when the one is ahead and the other behind",
      faults: off(["n1", 50], ["n2", -50]),
      lastMs: 509,
    },
    { name: "for twice the skew less, when the reader is ahead", faults: off(["n2", 100]), lastMs: 309 },
  ])("$name", async ({ faults, lastMs }) => {
    const { outcome } = await replayCache(reads([lastMs - 40, lastMs, lastMs + 20], faults, told));
    expect(endings(outcome)).toEqual({
      set: "ok",
      [lastMs - 40]: "a",
      [lastMs]: "a",
      [lastMs + 20]: "miss",
    });
    expect(outcome.violations).toEqual([]);
  });

  test("never longer, when the clock jumps back between two reads", async () => {
    const jump: Fault = {
      kind: "clock-jump",
      startMs: 430,
      endMs: 3000,
      machine: "n2",
      jumpMs: -100,
      isCorrected: false,
    };
    const { outcome } = await replayCache(reads([400, 425, 450, 505, 520, 600], [jump], told));
    expect(endings(outcome)).toEqual({
      set: "ok",
      400: "a",
      425: "miss",
      450: "a",
      505: "a",
      520: "miss",
      600: "miss",
    });
    expect(outcome.violations).toEqual([]);
  });
});

test("seed trusts clocks as they are", async () => {
  const { outcome } = await replayCache(
    reads([450, 590], off(["n2", -100]), { policy: "seed", clockSkewMs: 100 }),
  );
  expect(endings(outcome)).toMatchObject({ 450: "a", 590: "a" });
  expect(outcome.violations.map(({ invariant }) => invariant)).toContain("no-expired-hit");
});

describe("in a plan whose clocks are wrong by more than it says", () => {
  const plan = reads([560], off(["n2", -100]), { clockSkewMs: 20 });
  const why = (of: Plan, isStrict = false) => {
    const reason = reasonOf({ systems, invariants }, of, isStrict);
    return async () =>
      (await replayCache(of)).outcome.violations.map((each) => [each.invariant, reason(each)]);
  };

  test("what depends on clocks is not owed, and the verdict says why", async () => {
    expect(await why(plan)()).toEqual([
      ["no-expired-hit", "clocks are further apart than the plan says (a band of 100 ms, clockSkewMs 20)"],
    ]);
  });

  test("--strict counts it", async () => {
    expect(await why(plan, true)()).toEqual([["no-expired-hit", null]]);
  });

  test("everything else is owed as ever", () => {
    const reason = reasonOf({ systems, invariants }, plan, false);
    const owed = invariants.filter(({ name: invariant }) => {
      return reason({ invariant, key: null, summary: "", operations: [], notes: [] }) === null;
    });
    expect(owed.map(({ name }) => name)).toEqual([
      "no-thin-air",
      "operations-end",
      "audit-complete",
      "health-follows-history",
      "statistics-add-up",
      "bounds",
      "no-unhandled-rejection",
    ]);
  });
});
