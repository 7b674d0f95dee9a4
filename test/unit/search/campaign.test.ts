import { describe, expect, test } from "vitest";
import { invariants } from "../../../sim/check/index.ts";
import { type CampaignOptions, runCampaign } from "../../../sim/search/campaign.ts";
import {
  expectationOf,
  type Finding,
  findingsOf,
  rowFindings,
  verdictOf,
} from "../../../sim/search/findings.ts";
import type { Divergence } from "../../../sim/trace/divergence.ts";
import type { CampaignRow } from "../../../sim/search/ledger.ts";
import { harnessModule, systems, toyScenario } from "./toy-harness.ts";

const harness = { systems, invariants };
const one = toyScenario("one");
const two = toyScenario("two");

function campaign(policies: readonly string[], options: Partial<CampaignOptions> = {}) {
  return runCampaign({
    jobs: [one, two].flatMap((scenario) => policies.map((policy) => ({ scenario, policy }))),
    seeds: { first: 1, last: 12 },
    workers: 0,
    systemsModule: harnessModule,
    ...options,
  });
}

describe("a campaign", () => {
  test("gives one row a job, told in order, and the same report every time", async () => {
    const told: CampaignRow[] = [];
    const { timings, ...first } = await campaign(["central", "promising"], {
      onRow: (row) => told.push(row),
    });
    const { timings: _, ...second } = await campaign(["central", "promising"]);
    expect(first.rows.map(({ scenario, policy }) => `${scenario} ${policy}`)).toEqual([
      "one central",
      "one promising",
      "two central",
      "two promising",
    ]);
    expect(first.isComplete).toBe(true);
    expect(told).toEqual(first.rows);
    expect(timings.rows).toHaveLength(4);
    expect(JSON.stringify(second)).toBe(JSON.stringify(first));
    const [row] = first.rows;
    expect(row?.tally.seedCount).toBe(12);
    expect(row?.tally.virtualUs).toBe(12 * 2_000_000);
    expect(row?.tally.operations.ok).toBe(row?.tally.operations.total);
    expect(row?.tally.rerunCount).toBe(1);
    expect(row?.tally.mismatches).toEqual([]);
  });

  test("is the sum of its parts", async () => {
    const whole = await campaign(["promising"]);
    const first = await campaign(["promising"], { seeds: { first: 1, last: 5 } });
    const second = await campaign(["promising"], { seeds: { first: 6, last: 12 } });
    const counts = [first, second].map(({ rows }) => rows[0]?.tally.eventCount ?? 0);
    expect(whole.rows[0]?.tally.eventCount).toBe((counts[0] ?? 0) + (counts[1] ?? 0));
  });

  test("expects a policy to break what it does not promise, and nothing else", async () => {
    const report = await campaign(["central", "promising"]);
    const [central, promising] = report.rows.map((row) => rowFindings(row, expectationOf(harness, false)));
    expect(central?.map(({ name, isExpected }) => ({ name, isExpected }))).toEqual([
      { name: "few-sets", isExpected: true },
    ]);
    expect(verdictOf(central ?? [])).toBe("expected");
    expect(verdictOf(promising ?? [])).toBe("failed");
    expect(central?.[0]?.seed).toBe(promising?.[0]?.seed);
    const strict = findingsOf(report, expectationOf(harness, true));
    expect(strict.every(({ isExpected }) => !isExpected)).toBe(true);
  });

  test("excuses no policy from a rejection that nobody handles", () => {
    const isExpected = expectationOf(harness, false);
    expect(isExpected("central", "no-unhandled-rejection", 3)).toBe(false);
    expect(isExpected("central", "linearizable", 3)).toBe(true);
  });

  test("reports a run that throws as a result of its seed, and goes on", async () => {
    const report = await campaign(["throwing"]);
    const { tally } = report.rows[0] as CampaignRow;
    expect(tally.errors).toEqual([
      { name: "RangeError", shape: ["no owners for #"], seedCount: 4, seed: 3, example: "no owners for 3" },
    ]);
    expect(tally.seedCount).toBe(12);
    expect(verdictOf(findingsOf(report, expectationOf(harness, false)))).toBe("failed");
  });

  test("notices a system that is not the same the second time", async () => {
    const report = await campaign(["moody"], { seeds: { first: 1, last: 100 } });
    const [row] = report.rows;
    expect(row?.tally.rerunCount).toBe(3);
    expect(row?.tally.mismatches[0]).toMatchObject({ name: "nondeterminism", seedCount: 3, seed: 1 });
    const [finding] = rowFindings(row as CampaignRow, expectationOf(harness, false));
    expect(finding).toMatchObject({ kind: "nondeterminism", isExpected: false, seedsRun: 3 });
    // Its timers do nothing, so the runs differ in no event.
    expect(finding?.summary).toMatch(/the same events but .* differ from step #\d+ of the kernel on/);
    const { first, second } = (finding as Finding).divergence as Divergence;
    expect(first).toMatchObject({ kind: "step", machine: expect.stringMatching(/^n\d$/) });
    expect(second).not.toEqual(first);
  });

  test("stops when it is told to, with what it has", async () => {
    const controller = new AbortController();
    const report = await campaign(["central"], {
      seeds: { first: 1, last: 1_000_000 },
      signal: controller.signal,
      onProgress: ({ seedsDone, seedsTotal }) => {
        expect(seedsTotal).toBe(2_000_000);
        if (seedsDone > 3) controller.abort();
      },
    });
    expect(report.isComplete).toBe(false);
    expect(report.rows).toHaveLength(1);
    expect(report.rows[0]?.isComplete).toBe(false);
    expect(report.rows[0]?.tally.seedCount).toBeGreaterThan(3);
  });

  test("refuses more seeds than anyone means, and none at all", async () => {
    await expect(campaign(["central"], { seeds: { first: 1, last: 1e9 } })).rejects.toThrow(/not 1000000000/);
    await expect(campaign(["central"], { seeds: { first: 2, last: 1 } })).rejects.toThrow(RangeError);
  });

  test("says which module has no systems", async () => {
    const systemsModule = new URL("../../../sim/search/job.ts", import.meta.url);
    await expect(campaign(["central"], { systemsModule })).rejects.toThrow(
      /job\.ts exports no list "systems"/,
    );
  });
});
