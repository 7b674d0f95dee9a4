import { describe, expect, test } from "vitest";
import { renderRecoveries } from "../../../sim/report/campaign/recovery.ts";
import { plainStyle } from "../../../sim/report/style.ts";
import type { Outcome } from "../../../sim/run/outcome.ts";
import type { CampaignRow } from "../../../sim/search/ledger.ts";
import { mergeRecoveries, type RecoveryTally, tallyRecovery } from "../../../sim/search/recovery-tally.ts";
import { emptyTally } from "../../../sim/search/tally.ts";

/** Of a hundred runs that took the same time; those of `neverCount` have not recovered at all. */
function tally(kind: string, ms: number, neverCount = 0): RecoveryTally {
  const runOf = (recoveryUs: number | null): readonly RecoveryTally[] =>
    tallyRecovery({ plan: { faults: [{ kind }] }, statistics: { recoveryUs } } as unknown as Outcome);
  const runs = Array.from({ length: 100 }, (_, run) => runOf(run < neverCount ? null : ms * 1000));
  return runs.reduce(mergeRecoveries, [])[0] as RecoveryTally;
}

function row(policy: string, recoveries: readonly RecoveryTally[], scenario = "s"): CampaignRow {
  return { scenario, replication: 3, policy, tally: { ...emptyTally, recoveries }, isComplete: true };
}

function table(rows: readonly CampaignRow[], width = 100): string[] {
  const lines = renderRecoveries(rows, { width, style: plainStyle });
  return lines.slice(lines.findIndex((line) => line.startsWith("  fault"))).map((line) => line.trim());
}

describe("recovery times", () => {
  test("are a line for each kind of fault, with all policies, the slowest first", () => {
    const rows = [
      row("seed", [tally("crash", 7, 2), tally("loss", 7, 60), tally("pause", 3)]),
      row("abd", [tally("crash", 1), tally("loss", 5), tally("pause", 0)]),
    ];
    expect(table(rows)).toEqual([
      "fault           seed          abd",
      "loss   never / never  5 ms / 5 ms",
      "crash   7 ms / never  1 ms / 1 ms",
      "pause    3 ms / 3 ms  0 ms / 0 ms",
    ]);
  });

  test("are put together over scenarios, and missing where no run of a policy had the fault", () => {
    const rows = [
      row("seed", [tally("crash", 2)], "one"),
      row("seed", [tally("crash", 6)], "two"),
      row("abd", [tally("pause", 4)], "two"),
    ];
    expect(table(rows)).toEqual([
      "fault         seed          abd",
      "crash  2 ms / 6 ms            -",
      "pause            -  4 ms / 4 ms",
    ]);
  });

  test("of many kinds are a dozen lines, the last of which is about the others", () => {
    const kinds = Array.from({ length: 27 }, (_, index) => tally(`kind-${index}`, Math.min(index, 7)));
    const lines = table([row("abd", kinds)]);
    expect(lines).toHaveLength(12);
    expect(lines.at(-1)).toMatch(/^17 others, at most +7 ms \/ 7 ms$/);
    const eleven = table([row("abd", kinds.slice(0, 11))]);
    expect(eleven).toHaveLength(12);
    expect(eleven.join()).not.toContain("others");
  });

  test.each([40, 60, 80, 120])("of any number of policies fit into %i columns", (width) => {
    const rows = ["one", "two", "three", "four", "five", "six"].map((policy) => {
      return row(policy, [tally("rolling-restart", 7000, 50)]);
    });
    const lines = renderRecoveries(rows, { width, style: plainStyle });
    for (const line of lines) expect(line.length).toBeLessThanOrEqual(width);
    for (const { policy } of rows) expect(lines.join("\n")).toMatch(new RegExp(`\\b${policy}\\b`));
  });

  test("are not mentioned when there were no faults", () => {
    expect(renderRecoveries([row("abd", [])], { width: 80, style: plainStyle })).toEqual([]);
  });
});
