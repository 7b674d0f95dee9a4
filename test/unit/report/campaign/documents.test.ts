import { join } from "node:path";
import { format } from "prettier";
import { describe, expect, test } from "vitest";
import { z } from "zod";
import { githubAnnotations } from "../../../../sim/report/campaign/annotations.ts";
import { junitXml } from "../../../../sim/report/campaign/junit.ts";
import { tapText } from "../../../../sim/report/campaign/tap.ts";
import { runCampaign } from "../../../../sim/search/campaign.ts";
import { expectationOf } from "../../../../sim/search/findings.ts";
import { type Shard, seedsOfShard } from "../../../../sim/search/job.ts";
import { compareWith } from "../../../../sim/search/report/baseline.ts";
import { documentSchema } from "../../../../sim/search/report/document-schema.ts";
import { documentText } from "../../../../sim/search/report/document-text.ts";
import { type CampaignDocument, documentOf } from "../../../../sim/search/report/document.ts";
import { mergeDocuments } from "../../../../sim/search/report/merge-documents.ts";
import { harnessModule, invariants, systems, toyScenario } from "../../search/toy-harness.ts";

const SCHEMA = join(import.meta.dirname, "../../../../docs/schemas/campaign.schema.json");
const seeds = { first: 1, last: 8 };
const scenario = toyScenario("one");
const jobs = ["throwing", "promising"].map((policy) => ({ scenario, policy, file: "one, two:.yaml" }));

async function documentFor(shard: Shard | null): Promise<CampaignDocument> {
  const slice = (shard === null ? null : seedsOfShard(seeds, shard)) ?? seeds;
  const report = await runCampaign({ jobs, seeds, slice, workers: 0, systemsModule: harnessModule });
  return documentOf(report, {
    jobs,
    isStrict: false,
    shard,
    regressions: { replayed: 0, wrong: [] },
    invariants: invariants.map(({ name }) => name),
    isExpected: expectationOf({ systems, invariants }, false),
    systems,
  });
}

function textWithoutTimings(document: CampaignDocument): string {
  return documentText({ ...document, timings: { workers: 0, elapsedMs: 0, busyMs: [] } });
}

const whole = await documentFor(null);
const shards: { file: string; document: CampaignDocument }[] = [];
// One after the other: during a run nothing else may go on in its thread.
for (const index of [1, 2, 3]) {
  shards.push({ file: `${index}.json`, document: await documentFor({ index, count: 3 }) });
}

describe("the reports of all shards", () => {
  test("make the report of one machine, to the last byte, in whatever order they come", () => {
    expect(textWithoutTimings(mergeDocuments(shards))).toBe(textWithoutTimings(whole));
    expect(textWithoutTimings(mergeDocuments(shards.toReversed()))).toBe(textWithoutTimings(whole));
  });

  test("are refused when one is missing, there twice, of another campaign, or of a whole one", () => {
    const [one, two, three] = shards as [(typeof shards)[0], (typeof shards)[0], (typeof shards)[0]];
    const campaign = { ...two.document.campaign, identity: "another" };
    const mistakes: [(typeof shards)[0][], RegExp][] = [
      [[one, three], /^missing: shard 2\/3$/],
      [[one, two, { ...two, file: "again" }, three], /^again: shard 2\/3, as 2\.json is$/],
      [[one, { ...two, document: { ...two.document, campaign } }, three], /^2\.json: of another campaign/],
      [[{ file: "whole", document: whole }], /^whole: not a shard/],
    ];
    for (const [named, message] of mistakes) expect(() => mergeDocuments(named)).toThrow(message);
  });
});

test("the published schema is that of the code, and a report obeys it", async () => {
  expect(documentSchema.safeParse(JSON.parse(documentText(whole))).error).toBeUndefined();
  const { $schema, ...schema } = z.toJSONSchema(documentSchema, { target: "draft-7" });
  const published = { $schema, title: "A report of cache-sim", ...schema };
  const text = await format(JSON.stringify(published), { parser: "json", printWidth: 110 });
  await expect(text).toMatchFileSnapshot(SCHEMA);
});

describe("what is made of a report", () => {
  const comparison = compareWith(whole, null);

  test("JUnit counts its cases, and has what was found", () => {
    const xml = junitXml(whole, comparison);
    const counted = (tag: string): number => xml.split(`<${tag} `).length - 1;
    expect(counted("testcase")).toBeGreaterThan(3);
    expect(counted("error") + counted("failure")).toBe(comparison.news.length);
    const [, root = ""] = /<testsuites ([^>]*)>/.exec(xml) ?? [];
    expect(root).toContain(`tests="${counted("testcase")}"`);
    expect(root).toContain(`failures="${counted("failure")}"`);
    expect(root).toContain(`errors="${counted("error")}"`);
  });

  test("control characters and markup of a message are harmless", () => {
    const rows = whole.rows.map((row) => ({
      ...row,
      tally: {
        ...row.tally,
        errors: row.tally.errors.map((each) => ({ ...each, example: 'a\u0000<b>"&\n::error::c' })),
      },
    }));
    const evil = { ...whole, rows };
    const compared = compareWith(evil, null);
    const xml = junitXml(evil, compared);
    expect(xml).toContain("&lt;b&gt;");
    expect(xml).not.toContain("\u0000");
    const lines = githubAnnotations(evil, compared).trimEnd().split("\n");
    expect(lines).toHaveLength(compared.news.length);
    for (const line of lines) expect(line).toMatch(/^::error file=one%2C two%3A\.yaml,line=1,title=/);
    expect(tapText(evil, compared)).not.toMatch(/^::error/m);
  });

  test("with a baseline only what is new fails, and what is gone is named", () => {
    const same = compareWith(whole, whole);
    expect({ news: same.news, known: same.known.length }).toEqual({
      news: [],
      known: comparison.news.length,
    });
    const rows = whole.rows.map((row) => ({ ...row, tally: { ...row.tally, errors: [], violations: [] } }));
    const mended = compareWith({ ...whole, rows }, whole);
    expect(mended.vanished).toHaveLength(comparison.news.length);
    expect(junitXml(whole, same)).not.toMatch(/<(failure|error) /);
  });
});
