import { describe, expect, test } from "vitest";
import { clusterOf, type Plan } from "../../../sim/run/plan.ts";
import type { Operation } from "../../../sim/run/history.ts";
import { fingerprintOf, fingerprintText } from "../../../sim/search/fingerprint.ts";
import { planOf } from "../../../sim/search/harness.ts";
import { isFair } from "../../../sim/search/shrink/fair.ts";
import { rounderNumbers } from "../../../sim/search/shrink/round-numbers.ts";
import { shrink } from "../../../sim/search/shrink.ts";
import { cachePlan } from "../../support/cache-plan.ts";
import { invariants, systems, toyScenario } from "./toy-harness.ts";

const harness = { systems, invariants };

describe("shrinking is fair", () => {
  const crash = (machine: string, startMs: number, endMs: number) =>
    ({ kind: "crash", machine, startMs, endMs }) as const;
  const one = cachePlan({ faults: [crash("n1", 100, 300)] });
  const two = cachePlan({ faults: [crash("n1", 100, 300), crash("n2", 2000, 2300)] });
  const withFaults = (plan: Plan, faults: Plan["faults"]): Plan => ({ ...plan, faults });

  test("when a fault is left out or made shorter", () => {
    expect(isFair(two, one)).toBe(true);
    expect(isFair(two, withFaults(two, [crash("n1", 100, 200), crash("n2", 2100, 2300)]))).toBe(true);
  });

  test("when the only machine that forgets does so at another time", () => {
    expect(isFair(one, withFaults(one, [crash("n1", 0, 1)]))).toBe(true);
  });

  test("but not when two that forgot one after the other come closer", () => {
    expect(isFair(two, withFaults(two, [crash("n1", 100, 300), crash("n2", 301, 302)]))).toBe(false);
  });

  test("and not when another machine forgets, or what it forgets has fewer copies", () => {
    expect(isFair(one, withFaults(one, [crash("n2", 100, 300)]))).toBe(false);
    const fewer = { ...one, cluster: { ...one.cluster, replication: 2 } };
    expect(isFair(one, fewer)).toBe(false);
    expect(isFair(withFaults(one, []), withFaults(fewer, []))).toBe(true);
  });

  test("and not when disks that kept everything are taken away", () => {
    const journal: Plan = { ...one, cluster: { ...one.cluster, durability: "journal" } };
    const kept = withFaults(journal, [{ ...crash("n1", 100, 300), keepsDisk: true }]);
    expect(clusterOf(kept).durability).toBe("journal");
    expect(isFair(kept, { ...kept, cluster: one.cluster })).toBe(false);
  });
});

describe("the fingerprint", () => {
  const operation = (changes: Partial<Operation>): Operation => ({
    id: "c1#1",
    client: "c1",
    machine: "n1",
    kind: "set",
    key: "k",
    value: "v",
    ttlMs: null,
    callUs: 0,
    returnUs: 1,
    deadlineUs: 2,
    result: "ok",
    error: null,
    ...changes,
  });
  const text = (operations: readonly Operation[], summary = ""): string =>
    fingerprintText(
      fingerprintOf("p", { invariant: "i", key: null, summary, operations, notes: [] }, operations),
    );

  test("names kinds and results, each once, and where a value comes from", () => {
    const set = operation({ value: "a", result: "indeterminate" });
    const get = operation({ kind: "get", value: "a" });
    const elsewhere = { ...set, id: "c9#9", machine: "n7", key: "other", callUs: 77 };
    expect(text([set, get])).toBe("i under p: get ok, a value of an indeterminate set + set indeterminate");
    expect(text([elsewhere, get, get])).toBe(text([set, get]));
    expect(text([get])).toBe("i under p: get ok, a value that nobody wrote");
    expect(text([operation({ kind: "get", value: null })])).toBe("i under p: get ok, a miss");
  });

  test("without operations is the sentence without its names and numbers", () => {
    expect(text([], 'n1 left 3 errors to nobody: "x" at 12.5 ms')).toBe(
      text([], 'n2 left 1 error to nobody: "yy" at 9 ms'),
    );
    expect(text([], "n1 left 3 errors")).not.toBe(text([], "n1 lost 3 errors"));
  });
});

test("rounder numbers are nearer to zero, have the same sign, and begin with the roundest", () => {
  expect(rounderNumbers(237.5).slice(0, 4)).toEqual([0, 200, 230, 235]);
  expect(rounderNumbers(-30.25)).toEqual([0, -30, -30.2]);
  expect(rounderNumbers(0)).toEqual([]);
});

describe("shrinking stops", () => {
  async function firstFailing(policy: string): Promise<Plan> {
    for (let seed = 1; seed < 50; seed++) {
      const plan = planOf(harness, { scenario: toyScenario("toys"), policy }, seed);
      if (plan.operations.filter(({ kind }) => kind === "set").length > 5) return plan;
    }
    throw new Error("no seed has many sets");
  }

  test("at its budget of candidates, and says so", async () => {
    const shrinking = await shrink(await firstFailing("promising"), { harness, candidatesMax: 2 });
    expect(shrinking).toMatchObject({ kind: "shrunk", ended: "candidates", counts: { tried: 2 } });
  });

  test("when it is told to, with the best so far", async () => {
    const control = new AbortController();
    const shrinking = await shrink(await firstFailing("promising"), {
      harness,
      signal: control.signal,
      onProgress: () => control.abort(),
    });
    expect(shrinking).toMatchObject({ kind: "shrunk", ended: "interrupted", counts: { kept: 1 } });
  });

  test("before it begins, when the system is not deterministic", async () => {
    const shrinking = await shrink(await firstFailing("moody"), { harness });
    expect(shrinking.kind).toBe("nondeterministic");
  });

  test("at six sets, one more than the invariant allows", async () => {
    const shrinking = await shrink(await firstFailing("promising"), { harness });
    if (shrinking.kind !== "shrunk") throw new Error(shrinking.kind);
    expect(shrinking.plan.operations.map(({ kind }) => kind)).toEqual(Array(6).fill("set"));
    expect(shrinking.plan.cluster.machines).toHaveLength(1);
  });

  test("at once, when the plan passes", async () => {
    const plan = { ...(await firstFailing("promising")), operations: [] };
    expect(await shrink(plan, { harness })).toEqual({ kind: "passes", broken: [] });
  });
});
