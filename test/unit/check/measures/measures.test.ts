import { describe, expect, test } from "vitest";
import { type Figure, samples } from "../../../../sim/check/measures/figure.ts";
import { measureByName, measures } from "../../../../sim/check/measures/index.ts";
import { estimate, type Measure, quantileOf } from "../../../../sim/check/measures/measure.ts";
import { observedHits } from "../../../../sim/check/measures/staleness.ts";
import { run } from "../../../../sim/run/run.ts";
import type { Outcome } from "../../../../sim/run/outcome.ts";
import type { Plan } from "../../../../sim/run/plan.ts";
import { cacheSystem } from "../../../../sim/systems/cache.ts";
import { NO_DISK_STATISTICS } from "../../../../sim/world/disk.ts";
import { cachePlan } from "../../../support/cache-plan.ts";
import { history, record, type RecordParts } from "../history-builder.ts";

const calm: Outcome["statistics"] = {
  eventCount: 0,
  virtualMs: 0,
  operations: { total: 4, ok: 4, fail: 0, indeterminate: 0 },
  network: {
    sent: 12,
    delivered: 12,
    bytes: 400,
    lost: 0,
    duplicated: 0,
    corrupted: 0,
    blocked: 0,
    overflowed: 0,
    held: 0,
    refused: 0,
  },
  arrivals: { n1: 3, n2: 6, n3: 3 },
  recoveryUs: 7000,
  probes: [],
  disk: NO_DISK_STATISTICS,
  crashCount: 0,
  ghostCount: 0,
};

interface Parts extends RecordParts {
  readonly faults?: Plan["faults"];
}

function outcome(lines: readonly string[], { faults = [], ...parts }: Parts = {}): Outcome {
  const made = record(history(...lines), parts);
  const plan = { ...made.plan, faults };
  return {
    plan,
    record: { ...made, plan },
    violations: [],
    statistics: calm,
    behaviour: { features: [], transitions: [] },
    choices: { appliedCount: 0, notApplied: [] },
    digest: "",
  };
}

function measured(name: string, ...outcomes: readonly Outcome[]): number | null {
  const measure = measureByName(name);
  if (measure === undefined) throw new Error(`no measure is called ${name}`);
  return estimate(
    measure,
    outcomes.map((each) => measure.figure(each)),
  );
}

const halves: Plan["faults"][number] = {
  kind: "partition",
  startMs: 100,
  endMs: 200,
  shape: "halves",
  left: ["n1"],
  right: ["n2", "n3"],
};

describe("measures", () => {
  test("have names of their own, and a sentence each", () => {
    expect(new Set(measures.map(({ name }) => name)).size).toBe(measures.length);
    expect(measures.filter(({ summary }) => !/^[A-Z].*\.$/.test(summary))).toEqual([]);
  });

  test("a latency is that of the answered operations of the workload", () => {
    const lines = ["c1 set a 0..10", "c1 get a 20..24", "c1 get a 30..90!", "c1 get a 600..650"];
    const calm500 = outcome(lines, { settleMs: 500 });
    expect(measured("read-p50", calm500)).toBe(4);
    expect(measured("write-p99.9", calm500)).toBe(10);
    expect(measured("read-p99", calm500, outcome(["c1 get - 0..8"]))).toBe(8);
  });

  test("availability is counted over all, by kind, in faults and by side of a partition", () => {
    const lines = [
      "c1 set a 0..10",
      "c1 get a 20..24!",
      "c1 get a 110..120!",
      "c2 get a 120..130 on=n2",
      "c3 set b 130..140? on=n3",
      "c2 get b 199..300 on=n2",
      "c2 get b 200..210! on=n2",
    ];
    const cut = outcome(lines, { faults: [halves] });
    expect(measured("availability", cut)).toBeCloseTo(3 / 7);
    expect(measured("read-availability", cut)).toBeCloseTo(2 / 5);
    expect(measured("write-availability", cut)).toBeCloseTo(1 / 2);
    expect(measured("fault-availability", cut)).toBeCloseTo(2 / 4);
    expect(measured("majority-availability", cut)).toBeCloseTo(2 / 3);
    expect(measured("minority-availability", cut)).toBe(0);
    expect(measured("minority-availability", outcome(lines))).toBeNull();
  });

  test("a hit is stale when its value had certainly been replaced", () => {
    const stale = outcome([
      "c1 set a 0..10",
      "c1 set b 20..30",
      "c1 set c 40..50",
      "c2 get c 60..70",
      "c2 get a 80..90",
      "c2 get - 90..95",
    ]);
    expect(measured("stale-hits", stale)).toBe(1 / 2);
    expect(measured("stale-age-p50", stale)).toBe(50);
    expect(measured("versions-behind-p99", stale)).toBe(2);
    expect(measured("behind-2", stale)).toBe(1 / 2);
    expect(measured("behind-3", stale)).toBe(0);
    // One hit 10 ms after the last write, and one 30 ms after it, which is the stale one.
    expect(measured("stale-after-10ms", stale)).toBe(1 / 2);
    expect(measured("stale-after-100ms", stale)).toBeNull();
    expect(measured("hit-ratio", stale)).toBeCloseTo(2 / 3);
    expect(measured("broken-keys", stale)).toBe(1000);
    expect(observedHits(stale)).toEqual([
      { callMs: 60, sinceMs: 10, isStale: false },
      { callMs: 80, sinceMs: 30, isStale: true },
    ]);
  });

  test("a hit that overlaps the write that replaces it is not stale", () => {
    const fresh = outcome(["c1 set a 0..10", "c1 set b 20..30", "c2 get a 25..40"]);
    expect(measured("stale-hits", fresh)).toBe(0);
    expect(measured("stale-age-p50", fresh)).toBeNull();
    expect(measured("stale-age-max", fresh)).toBe(0);
  });

  test("lost writes are counted over the keys that were read at the end", () => {
    const lines = [
      "c1 set a 0..10 key=k1",
      "c1 set b 20..30 key=k2",
      "c1 set c 40..50 key=k3",
      "c1 get - 600..610 key=k1",
      "c1 get b 620..630 key=k2",
    ];
    expect(measured("lost-writes", outcome(lines, { settleMs: 500 }))).toBe(1 / 2);
  });

  test("the peak is the fullest that any life of a machine was", () => {
    const life = (machine: string, level: number) => {
      const peaks = [
        { name: "hints", level: 90, max: 100, atUs: 1 },
        { name: "records", level, max: 100, atUs: 1 },
      ];
      return { machine, incarnation: 1, tallies: [], told: new Map(), peaks };
    };
    const full = outcome(["c1 set a 0..10"], { accounts: [life("n1", 3), life("n2", 7)] });
    expect(measured("records-peak", full)).toBe(7);
    expect(measured("records-peak", outcome(["c1 set a 0..10"]))).toBeNull();
  });

  test("recovery and convergence are counted from the end of the last fault", () => {
    const lines = ["c1 set a 0..10", "c1 set b 20..30", "c2 get a 260..265"];
    const healed = outcome(lines, { faults: [halves] });
    expect(measured("convergence", healed)).toBe(60);
    expect(measured("recovery", healed)).toBe(7);
    expect(measured("convergence", outcome(lines))).toBeNull();
  });

  test("an outage lasts from a crash to the first answer, if somebody was refused in between", () => {
    const lines = [
      "c1 set a 110..120! key=k1",
      "c1 set b 150..160 key=k1",
      "c2 set c 130..140 key=k2",
      "c2 get - 170..180 key=k2",
    ];
    const crashed = outcome(lines, { crashes: { "n1@1": 100 } });
    expect(measured("write-outage", crashed)).toBe(60);
    expect(measured("read-outage", crashed)).toBe(0);
    expect(measured("write-outage", outcome(lines))).toBeNull();
  });

  test("cost is counted over all operations", () => {
    expect(measured("messages", outcome([]))).toBe(3);
    expect(measured("bytes", outcome([]))).toBe(100);
    expect(measured("load-skew", outcome([]))).toBe(1.5);
  });

  test("of the cache: what arrives at the machines adds up to what was delivered", async () => {
    const plan = cachePlan({
      policy: "quorum",
      operations: [
        { id: "c1#1", client: "c1", atMs: 10, kind: "set", key: "k", value: "v" },
        { id: "c2#1", client: "c2", atMs: 100, kind: "get", key: "k" },
      ],
    });
    const real = await run(plan, { system: cacheSystem, invariants: [] });
    const { arrivals, network } = real.statistics;
    expect(network.delivered).toBeGreaterThan(4);
    expect(Object.values(arrivals).reduce((sum, count) => sum + count, 0)).toBe(network.delivered);
    // One round trip of 5 ms each way.
    expect(measured("read-p99", real)).toBe(10);
    expect(measured("write-p50", real)).toBe(10);
    expect(measured("records", real)).toBe(1);
    expect(measured("hit-ratio", real)).toBe(1);
  });
});

describe("runs together", () => {
  test("shares are those of all operations, not the mean of shares", () => {
    const measure = measures.find(({ name }) => name === "availability") as Measure;
    const figures: Figure[] = [
      { kind: "ratio", part: 1, whole: 1 },
      { kind: "ratio", part: 0, whole: 3 },
    ];
    expect(estimate(measure, figures)).toBe(1 / 4);
  });

  test("a quantile is an observed value", () => {
    expect([0, 0.25, 0.26, 0.5, 0.99, 1].map((q) => quantileOf([1, 2, 3, 4], q))).toEqual([1, 1, 2, 2, 4, 4]);
    expect(quantileOf([], 0.5)).toBeNull();
    const p75 = { ...(measureByName("read-p50") as Measure), quantile: 0.75 };
    expect(estimate(p75, [samples([4, 1]), samples([3, 2])])).toBe(3);
  });
});
