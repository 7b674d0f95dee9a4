import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { XmlDocument, XsdValidator } from "libxml2-wasm";
import { format } from "prettier";
import { type FinalResults, Parser } from "tap-parser";
import { describe, expect, onTestFinished, test } from "vitest";
import { z } from "zod";
import { githubAnnotations } from "../../../../sim/report/campaign/annotations.ts";
import { casesOf } from "../../../../sim/report/campaign/cases.ts";
import { junitXml } from "../../../../sim/report/campaign/junit.ts";
import { markdownSummary } from "../../../../sim/report/campaign/markdown.ts";
import { renderOutput } from "../../../../sim/report/campaign/outputs.ts";
import { tapText } from "../../../../sim/report/campaign/tap.ts";
import { isFailure } from "../../../../sim/report/campaign/verdict.ts";
import { runCampaign } from "../../../../sim/search/campaign.ts";
import { groupFindings } from "../../../../sim/search/finding-groups.ts";
import { expectationOf } from "../../../../sim/search/findings.ts";
import { type Shard, seedsOfShard } from "../../../../sim/search/job.ts";
import { compareWith } from "../../../../sim/search/report/baseline.ts";
import { documentSchema } from "../../../../sim/search/report/document-schema.ts";
import { documentText } from "../../../../sim/search/report/document-text.ts";
import { type CampaignDocument, documentOf, type KeptPlan } from "../../../../sim/search/report/document.ts";
import { readDocument } from "../../../../sim/search/report/load-document.ts";
import { mergeDocuments } from "../../../../sim/search/report/merge-documents.ts";
import type { Problem } from "../../../../sim/search/tally.ts";
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
    keptPlans: [],
    invariants: invariants.map(({ name }) => name),
    isExpected: expectationOf({ systems, invariants }, false),
    systems,
  });
}

function textWithoutTimings(document: CampaignDocument): string {
  return documentText({ ...document, timings: { workers: 0, elapsedMs: 0, busyMs: [] } });
}

const xsd = XsdValidator.fromDoc(
  XmlDocument.fromString(readFileSync(join(import.meta.dirname, "../../../support/junit.xsd"), "utf8")),
);

/** As it was written before fingerprints were taken. */
function withoutShape<Example>(problem: Problem<Example>): Problem<Example> {
  const { shape: _, ...others } = problem;
  return others;
}

/** What JUnit's schema has against a report. */
function xsdProblems(xml: string): string[] {
  const document = XmlDocument.fromString(xml);
  try {
    xsd.validate(document);
    return [];
  } catch (error) {
    return [String(error)];
  } finally {
    document.dispose();
  }
}

function readTap(text: string): FinalResults {
  let results: FinalResults | null = null;
  const parser = new Parser({ strict: true }, (final) => (results = final));
  parser.end(text);
  if (results === null) throw new Error("the parser came to no end");
  return results;
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
    for (const text of [xml, junitXml(whole, comparison)]) expect(xsdProblems(text)).toEqual([]);
    expect(xsdProblems(xml.replaceAll(" classname=", " class="))).not.toEqual([]);
  });

  test("a TAP parser reads it, and counts what was found as failures, and what was known as to do", () => {
    const failed = casesOf(whole, comparison).filter(({ status }) => status === "failed");
    const fresh = readTap(tapText(whole, comparison));
    expect(failed.length).toBeGreaterThan(0);
    expect(fresh).toMatchObject({ ok: false, count: casesOf(whole, comparison).length, fail: failed.length });
    expect(fresh.failures.map(({ diag }) => diag?.replay)).toEqual(
      failed.map(() => expect.stringMatching(/^npx /)),
    );
    const known = readTap(tapText(whole, compareWith(whole, whole)));
    expect(known).toMatchObject({ ok: true, todo: failed.length });
    const partial = {
      ...whole,
      isComplete: false,
      rows: whole.rows.map((row) => ({ ...row, isComplete: false })),
    };
    expect(readTap(tapText(partial, comparison)).skip).toBeGreaterThan(0);
  });

  test("a kept plan that fails is a failure in all of them, though no seed is", () => {
    const rows = whole.rows.map((row) => ({ ...row, tally: { ...row.tally, errors: [], violations: [] } }));
    const keptPlans: KeptPlan[] = [
      {
        from: "regressions",
        file: "scenarios/regressions/a b.json",
        summary: 'passes; it "fails" ]]> usually',
      },
      { from: "corpus", file: "corpus/one, two.plan.json", summary: "# 50 % <lost>\n::error::c" },
    ];
    const clean = { ...whole, rows };
    const failing = { ...clean, keptPlans };
    const compared = compareWith(failing, null);
    expect(isFailure(clean, compared)).toBe(false);
    expect(isFailure(failing, compared)).toBe(true);
    const xml = junitXml(failing, compared);
    expect(xsdProblems(xml)).toEqual([]);
    expect(xml.split("<failure ")).toHaveLength(3);
    expect(xml).toMatch(/<testsuites name="cache-sim" tests="\d+" failures="2" errors="0"/);
    const tap = readTap(tapText(failing, compared));
    expect(tap).toMatchObject({ ok: false, fail: 2, count: casesOf(clean, compared).length + 2 });
    expect(tap.failures[0]?.diag?.replay).toBe("npx cache-sim replay 'scenarios/regressions/a b.json'");
    const annotations = githubAnnotations(failing, compared).trimEnd().split("\n");
    expect(annotations).toEqual([
      expect.stringMatching(/^::error file=scenarios\/regressions\/a b\.json,line=1,title=/),
      expect.stringMatching(/^::error file=corpus\/one%2C two\.plan\.json,.*::# 50 %25 <lost>%0A::error/),
    ]);
    for (const format of ["markdown", "html"] as const) {
      const text = renderOutput(format, failing, compared, { hasPage: () => false });
      expect(text).toContain("FAILED, 2 new problems");
      expect(text).toContain("50 % ");
      expect(text).toContain("npx cache-sim replay");
      expect(renderOutput(format, clean, compared, { hasPage: () => false })).not.toContain("Kept plans");
    }
  });

  test("kept plans go through files and shards, each once; earlier reports name only regressions", () => {
    const keptPlans: KeptPlan[] = [{ from: "corpus", file: "corpus/a.plan.json", summary: "It broke." }];
    const parts = shards.map(({ file, document }) => ({ file, document: { ...document, keptPlans } }));
    const merged = mergeDocuments(parts);
    expect(merged.keptPlans).toEqual(keptPlans);
    const file = join(mkdtempSync(join(tmpdir(), "documents-")), "report.json");
    onTestFinished(() => rmSync(dirname(file), { recursive: true }));
    writeFileSync(file, documentText(merged));
    expect(readDocument(file)).toEqual(merged);
    const { keptPlans: _, ...earlier } = JSON.parse(documentText(merged));
    writeFileSync(file, JSON.stringify({ ...earlier, regressions: { replayed: 2, wrong: ["a"] } }));
    const read = readDocument(file);
    expect(read.keptPlans).toMatchObject([{ from: "regressions", file: "scenarios/regressions/a.json" }]);
    expect(isFailure(read, compareWith(read, read))).toBe(true);
  });

  test("the JSON lists each failure once, with its command, and the same in all shards together", () => {
    const textOf = (document: CampaignDocument): string =>
      renderOutput("json", document, compareWith(document, null), { hasPage: () => false });
    const { findings } = JSON.parse(textOf(whole));
    expect(findings).toHaveLength(groupFindings(comparison.news).length);
    expect(findings[0]).toMatchObject({ id: expect.stringMatching(/^[0-9a-f]{8}$/), isKnown: false });
    expect(findings[0].replay).toContain("npx cache-sim replay");
    expect(JSON.parse(textOf(mergeDocuments(shards))).findings).toEqual(findings);
    expect(documentSchema.safeParse(JSON.parse(textOf(whole))).error).toBeUndefined();
  });

  test("a summary stays below what GitHub shows", () => {
    const rows = Array.from({ length: 3000 }, (_, at) => ({ ...whole.rows[0], scenario: `scenario ${at}` }));
    const large = { ...whole, rows } as CampaignDocument;
    expect(Buffer.byteLength(markdownSummary(large, compareWith(large, null)))).toBeLessThan(1_048_576);
  });

  test("a finding of the baseline is known in another scenario as well, and by reports without fingerprints", () => {
    const moved = { ...whole, rows: whole.rows.map((row) => ({ ...row, scenario: "another" })) };
    expect(compareWith(moved, whole).news).toEqual([]);
    const plain = whole.rows.map((row) => ({
      ...row,
      tally: {
        ...row.tally,
        errors: row.tally.errors.map(withoutShape),
        violations: row.tally.violations.map(withoutShape),
      },
    }));
    expect(compareWith(whole, { ...whole, rows: plain }).news).toEqual([]);
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
