import { stripVTControlCharacters } from "node:util";
import { describe, expect, test } from "vitest";
import { campaignSummary, renderFindings } from "../../../sim/report/campaign/findings.ts";
import { campaignLegend, createCampaignTable } from "../../../sim/report/campaign/table.ts";
import type { Page } from "../../../sim/report/page.ts";
import { createStyle, plainStyle } from "../../../sim/report/style.ts";
import { type Finding, rowFindings } from "../../../sim/search/findings.ts";
import type { CampaignRow } from "../../../sim/search/ledger.ts";
import { emptyTally, type Problem } from "../../../sim/search/tally.ts";
import type { Violation } from "../../../sim/run/invariant.ts";

function problem(name: string, seedCount: number, summary = "It broke."): Problem<Violation> {
  return {
    name,
    seedCount,
    seed: 17,
    example: { invariant: name, key: null, summary, operations: [], notes: [] },
  };
}

function row(policy: string, violations: readonly Problem<Violation>[], isComplete = true): CampaignRow {
  const tally = {
    ...emptyTally,
    seedCount: 200,
    violatingSeedCount: 180,
    operations: { total: 24_000, ok: 20_000, fail: 1000, indeterminate: 3000 },
    eventCount: 500_000,
    virtualUs: 6_000_000_000,
    violations,
  };
  return { scenario: "partition-heal", policy, replication: 3, tally, isComplete };
}

const isExpected = (policy: string): boolean => policy === "seed";
const broken = row("seed", [problem("linearizable", 180), problem("replicas-converge", 2)]);
const sound = row("abd", []);
const guilty = row("abd", [problem("linearizable", 1)]);

const page = (width: number): Page => ({ width, style: plainStyle });
const shape = { scenarios: ["partition-heal"], policies: ["seed", "abd"], seedCount: 200 };

function tableText(rows: readonly CampaignRow[], width: number): string[] {
  const table = createCampaignTable(shape, page(width));
  return [
    ...table.header(),
    ...rows.flatMap((each) => table.row(each, { busyMs: 2000 }, rowFindings(each, isExpected))),
  ];
}

describe("the table of a campaign", () => {
  test.each([60, 80, 120, 200])("says everything and fits into %i columns", (width) => {
    const lines = tableText([broken, sound, guilty], width);
    for (const line of lines) expect(line.length).toBeLessThanOrEqual(width);
    const text = lines.join(" ").replaceAll(/\s+/g, " ");
    for (const said of ["partition-heal", "seed", "200", "1 h 40 m", "24,000", "250,000"]) {
      expect(text).toContain(said);
    }
    expect(text).toContain("linearizable 180, replicas-converge 2");
    expect(text).toContain("linearizable 1!");
    expect(text.match(/expected|clean|FAILED/g)).toEqual(["expected", "clean", "FAILED"]);
  });

  test("is one line a row where there is room, and columns stand under each other", () => {
    const lines = tableText([broken, sound], 200);
    expect(lines).toHaveLength(3);
    const starts = lines.map((line) => line.search(/seed\b|abd|policy/));
    expect(new Set(starts).size).toBe(1);
    const ends = lines.map((line) => line.search(/24,000|operations/) + (line.includes("24,000") ? 6 : 10));
    expect(new Set(ends).size).toBe(1);
  });

  test("marks a row that was stopped, unless it has failed already", () => {
    expect(tableText([row("abd", [], false)], 200)[1]).toContain("partial");
    expect(tableText([row("abd", [problem("linearizable", 1)], false)], 200)[1]).toContain("FAILED");
    expect(campaignLegend(true, page(80)).join("\n")).toContain("partial");
    expect(campaignLegend(false, page(80)).join("\n")).not.toContain("partial");
  });

  test("has the same text in colours", () => {
    const coloured = createCampaignTable(shape, { width: 120, style: createStyle(true) });
    const plain = createCampaignTable(shape, page(120));
    const args = [guilty, { busyMs: 1 }, rowFindings(guilty, isExpected)] as const;
    expect(coloured.row(...args).join("\n")).toContain("\u001b[");
    expect(coloured.row(...args).map(stripVTControlCharacters)).toEqual(plain.row(...args));
  });

  test("shows names from strangers as they are written", () => {
    const evil = { ...sound, scenario: "a\u001b[2Jb" };
    const [line = ""] = createCampaignTable(shape, page(200)).row(evil, { busyMs: 1 }, []);
    expect(line).toContain("a\\x1b[2Jb");
  });

  test("has a legend that fits", () => {
    for (const width of [60, 80, 200]) {
      for (const line of campaignLegend(true, page(width))) expect(line.length).toBeLessThanOrEqual(width);
    }
  });
});

describe("the findings of a campaign", () => {
  const command = ({ scenario, policy, seed }: Finding): string => `replay ${scenario} ${policy} ${seed}`;

  test("each end with the command that replays them, the unexpected ones last and in full", () => {
    const summary = "word ".repeat(40).trim();
    const unexpected = row("abd", [problem("linearizable", 1, summary)]);
    const findings = [unexpected, broken].flatMap((each) => rowFindings(each, isExpected));
    const lines = renderFindings(findings, command, page(60));
    expect(lines.filter((line) => line.startsWith("  replay partition-heal"))).toHaveLength(3);
    expect(lines.at(-1)).toBe("  replay partition-heal abd 17");
    expect(lines.join("\n")).toMatch(/2 expected violations[^]*180 of 200 seeds[^]*1 UNEXPECTED problem\n/);
    expect(lines.join(" ").match(/\bword\b/g)).toHaveLength(40);
    for (const line of lines) expect(line.length).toBeLessThanOrEqual(72);
  });

  test("are nothing when nothing was found", () => {
    expect(renderFindings([], command, page(80))).toEqual([]);
  });
});

describe("the summary of a campaign", () => {
  const unexpected = (row: CampaignRow) => rowFindings(row, isExpected).filter((each) => !each.isExpected);

  const report = {
    seeds: { first: 1, last: 200 },
    isComplete: true,
    stoppedBy: null,
    rows: [broken, guilty],
    timings: { workers: 2, elapsedMs: 4000, rows: [{ busyMs: 1 }, { busyMs: 1 }] },
  };

  test("is one line that says how it ended", () => {
    const line = campaignSummary(report, { news: unexpected(guilty), known: [], keptPlans: [] }, page(80));
    expect(line).toBe(
      "FAILED: 1 unexpected problem; 400 runs, 3 h 20 m of virtual time in 4.0 s (2 workers, 250,000 events/s)",
    );
    expect(campaignSummary(report, { news: unexpected(broken), known: [], keptPlans: [] }, page(80))).toMatch(
      /^OK: no unexpected/,
    );
  });

  test("is no good one when a plan that was kept fails, whatever the seeds", () => {
    const keptPlans = [{ from: "corpus", file: "corpus/a.plan.json", summary: "It broke." }] as const;
    expect(campaignSummary(report, { news: [], known: [], keptPlans }, page(80))).toMatch(
      /^FAILED: 1 kept plan failed; 400 runs/,
    );
  });

  test("says when it is not the whole truth", () => {
    expect(
      campaignSummary(
        { ...report, isComplete: false, stoppedBy: "signal" as const },
        { news: [], known: [], keptPlans: [] },
        page(80),
      ),
    ).toMatch(/^PARTIAL/);
  });
});
