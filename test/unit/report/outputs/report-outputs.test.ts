import { join } from "node:path";
import { format } from "prettier";
import { describe, expect, test } from "vitest";
import { githubAnnotations } from "../../../../sim/report/outputs/github.ts";
import { junitXml } from "../../../../sim/report/outputs/junit.ts";
import { MergeError, mergeReports } from "../../../../sim/report/outputs/merge-reports.ts";
import { reportDocument, reportJson } from "../../../../sim/report/outputs/report-document.ts";
import { type ReportDocument, reportJsonSchema } from "../../../../sim/report/outputs/report-schema.ts";
import { tapText } from "../../../../sim/report/outputs/tap.ts";
import { runCampaign } from "../../../../sim/search/campaign.ts";
import { seedsOf, type Shard } from "../../../../sim/search/shard.ts";
import { harnessModule, invariants, systems, toyScenario } from "../../search/toy-harness.ts";

const SCHEMA = join(import.meta.dirname, "../../../../docs/schemas/report.schema.json");
const seeds = { first: 1, last: 8 };
const scenario = toyScenario("one");
const jobs = ["throwing", "promising"].map((policy) => ({ scenario, policy, file: "one, two:.yaml" }));

async function reportOf(shard: Shard | null): Promise<ReportDocument> {
  const report = await runCampaign({
    jobs,
    seeds: shard === null ? seeds : seedsOf(shard, seeds),
    wholeSeeds: seeds,
    workers: 0,
    systemsModule: harnessModule,
  });
  return reportDocument({
    report,
    jobs,
    harness: { systems, invariants },
    toolVersion: "1.2.3",
    seeds,
    shard,
    isStrict: false,
    failuresMax: null,
    regressions: [],
  });
}

function withoutTimings(report: ReportDocument): string {
  const timings = { workers: 0, elapsedMs: 0, rows: [] };
  return reportJson({ ...report, timings });
}

const whole = await reportOf(null);
const shards: { file: string; report: ReportDocument }[] = [];
// One after the other: during a run nothing else may go on in its thread.
for (const number of [1, 2, 3]) {
  shards.push({ file: `${number}.json`, report: await reportOf({ number, count: 3 }) });
}

describe("the reports of all shards", () => {
  test("make the report of one machine, to the last byte, in whatever order they come", () => {
    expect(withoutTimings(mergeReports(shards))).toBe(withoutTimings(whole));
    expect(withoutTimings(mergeReports(shards.toReversed()))).toBe(withoutTimings(whole));
  });

  test("are refused when one is missing, there twice, or of another campaign", () => {
    const [one, two, three] = shards as [(typeof shards)[0], (typeof shards)[0], (typeof shards)[0]];
    const other = { ...two, report: { ...two.report, tool: { ...two.report.tool, version: "9" } } };
    const mistakes: [(typeof shards)[0][], RegExp][] = [
      [[one, three], /shard 2 of 3 missing/],
      [[one, two, { ...two, file: "again" }], /again: shard 2 again, which is 2\.json/],
      [[one, other, three], /2\.json: not of the campaign of 1\.json: the versions/],
      [[{ file: "whole", report: whole }], /whole: the report of a whole campaign/],
    ];
    for (const [named, message] of mistakes) {
      expect(() => mergeReports(named)).toThrow(MergeError);
      expect(() => mergeReports(named)).toThrow(message);
    }
  });
});

test("the published schema is that of the code", async () => {
  const text = await format(JSON.stringify(reportJsonSchema()), { parser: "json", printWidth: 110 });
  await expect(text).toMatchFileSnapshot(SCHEMA);
});

describe("what is made of a report", () => {
  test("JUnit tells failures, errors and what is kept", () => {
    const xml = junitXml(whole);
    expect(xml).toMatch(/<testcase classname="one\.throwing" name="RangeError">\s+<error type="RangeError"/);
    expect(xml).toMatch(/<testcase classname="one\.promising" name="few-sets">\s+<failure type="few-sets"/);
    const counted = (tag: string): number => xml.split(`<${tag} `).length - 1;
    expect(xml).toContain(
      `tests="${counted("testcase")}" failures="${counted("failure")}" errors="${counted("error")}"`,
    );
  });

  test("control characters and markup of a message are harmless", () => {
    const findings = whole.findings.map((each) => ({ ...each, summary: 'a\u0000<b>"&\n::error::c' }));
    const evil = { ...whole, findings };
    expect(junitXml(evil)).toContain("&lt;b&gt;&quot;&amp;");
    expect(junitXml(evil)).not.toContain("\u0000");
    const lines = githubAnnotations(evil).trimEnd().split("\n");
    const unexpected = findings.filter(({ isExpected }) => !isExpected);
    expect(unexpected.length).toBeGreaterThan(0);
    expect(lines).toHaveLength(unexpected.length);
    for (const line of lines) expect(line).toMatch(/^::error file=one%2C two%3A\.yaml,title=/);
    expect(tapText(evil)).not.toMatch(/^::error/m);
  });

  test("TAP has a point a row", () => {
    expect(tapText(whole)).toMatch(
      /^TAP version 14\n1\.\.2\nnot ok 1 - one throwing: 8 seeds\n {2}---\n[^]*\n {2}\.\.\.\nnot ok 2 /,
    );
  });
});
