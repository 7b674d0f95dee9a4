import { describe, expect, test } from "vitest";
import { healthFollowsHistory } from "../../../sim/check/invariants/health-follows-history.ts";
import type { HealthLife } from "../../../sim/run/health-ledger.ts";
import { history, record } from "./history-builder.ts";

/** What n1 noted of n2: latency (or - for no answer), what it counts as then, and the mean. */
type Noted = readonly [latency: number | "-", status: string, meanMs: number | null];

function summaries(...noted: readonly Noted[]): readonly string[] {
  return summariesOf([life(noted)]);
}

function life(noted: readonly Noted[], peer = "n2", incarnation = 1): HealthLife {
  const notes = noted.map(([latency, status, meanMs], index) => {
    return {
      peer,
      latencyMs: latency === "-" ? null : latency,
      status,
      meanMs,
      atUs: (index + 1) * 1_000_000,
    };
  });
  return { machine: "n1", incarnation, notes };
}

function summariesOf(health: readonly HealthLife[]): readonly string[] {
  return healthFollowsHistory.check({ ...record(history()), health }).map(({ summary }) => summary);
}

describe("what a machine thinks of a peer", () => {
  test("follows from answers and silence", () => {
    expect(
      summaries(
        [4, "healthy", 4],
        [8, "healthy", 6],
        ["-", "degraded", 6],
        ["-", "degraded", 6],
        ["-", "degraded", 6],
        ["-", "unhealthy", 6],
        [2, "degraded", 4],
        [4, "healthy", 4],
      ),
    ).toEqual([]);
  });

  test("does not heal at the first answer", () => {
    expect(summaries(["-", "degraded", null], [4, "healthy", 4])).toEqual([
      "at 2000 ms n1, life 1, counts n2 as healthy, with a mean latency of 4 ms; its checks make it degraded, " +
        "with a mean latency of 4 ms",
    ]);
  });

  test("forgets errors when there is an answer", () => {
    expect(summaries(["-", "degraded", null], [4, "degraded", 4], [4, "degraded", 4])).toHaveLength(1);
  });

  test("has a mean that is a number", () => {
    expect(summaries([4, "healthy", Number.NaN])).toHaveLength(1);
  });

  test("begins anew in each life, and for each peer", () => {
    const silent: readonly Noted[] = [["-", "degraded", null]];
    expect(summariesOf([life(silent), life(silent, "n3"), life([[4, "healthy", 4]], "n2", 2)])).toEqual([]);
  });
});

test("says nothing where nobody kept it", () => {
  expect(healthFollowsHistory.check(record(history()))).toEqual([]);
});
