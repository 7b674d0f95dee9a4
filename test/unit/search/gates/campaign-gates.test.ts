import { describe, expect, test } from "vitest";
import { measures } from "../../../../sim/check/measures/index.ts";
import { drawPlan } from "../../../../sim/run/draw/draw-plan.ts";
import { run } from "../../../../sim/run/run.ts";
import { githubAnnotations } from "../../../../sim/report/campaign/annotations.ts";
import { renderGates } from "../../../../sim/report/campaign/gates.ts";
import { indexPage } from "../../../../sim/report/campaign/index-page.ts";
import { junitXml } from "../../../../sim/report/campaign/junit.ts";
import { markdownSummary } from "../../../../sim/report/campaign/markdown.ts";
import { renderOutput } from "../../../../sim/report/campaign/outputs.ts";
import { isFailure } from "../../../../sim/report/campaign/verdict.ts";
import { plainStyle } from "../../../../sim/report/style.ts";
import { runCampaign } from "../../../../sim/search/campaign.ts";
import { expectationOf } from "../../../../sim/search/findings.ts";
import { seedsOfShard, type Shard } from "../../../../sim/search/job.ts";
import { compareWith } from "../../../../sim/search/report/baseline.ts";
import { documentSchema } from "../../../../sim/search/report/document-schema.ts";
import { documentText } from "../../../../sim/search/report/document-text.ts";
import {
  type CampaignDocument,
  documentFindings,
  documentOf,
} from "../../../../sim/search/report/document.ts";
import { mergeDocuments } from "../../../../sim/search/report/merge-documents.ts";
import { toySystem } from "../../../support/toy-system.ts";
import { harnessModule, invariants, systems, toyScenario } from "../toy-harness.ts";

const seeds = { first: 1, last: 9 };
const policy = toySystem.policies[0]?.name ?? "";

async function documentFor(expected: readonly string[], shard: Shard | null = null, failuresMax?: number) {
  const jobs = [{ scenario: { ...toyScenario("one"), expect: [...expected] }, policy, file: "one.yaml" }];
  const slice = (shard === null ? null : seedsOfShard(seeds, shard)) ?? seeds;
  const report = await runCampaign({
    jobs,
    seeds,
    slice,
    workers: 0,
    systemsModule: harnessModule,
    ...(failuresMax !== undefined && { failuresMax }),
  });
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

const crossedBounds = (document: CampaignDocument): string[] =>
  documentFindings(document).flatMap(({ kind, name }) => (kind === "bound" ? [name] : []));

const MET = "read-p99 >= 0ms";
const CROSSED = "read-p99 < 0ms";
const OF_RUN = "stale-age-max < 0ms";

const whole = await documentFor([MET, CROSSED, OF_RUN]);
const shards: { file: string; document: CampaignDocument }[] = [];
for (const index of [1, 2]) {
  const document = await documentFor([MET, CROSSED, OF_RUN], { index, count: 2 });
  shards.push({ file: `${index}.json`, document });
}

describe("the bounds of a campaign", () => {
  test("fail it in every output when they are crossed", () => {
    expect(crossedBounds(whole)).toEqual([CROSSED, OF_RUN]);
    const comparison = compareWith(whole, null);
    expect(isFailure(whole, comparison)).toBe(true);
    for (const text of [
      junitXml(whole, comparison),
      markdownSummary(whole, comparison),
      githubAnnotations(whole, comparison),
      indexPage(whole, comparison, { hasPage: () => false }),
    ]) {
      expect(text).toContain("read-p99 &lt; 0ms".replace("&lt;", text.includes("&lt;") ? "&lt;" : "<"));
      expect(text).toContain("the worst is seed");
      expect(text).toContain("--seed");
    }
    const lines = renderGates(whole.rows, true, { width: 120, style: plainStyle });
    expect(lines.filter((line) => line.includes("CROSSED"))).toHaveLength(2);
    expect(lines.find((line) => line.includes(MET))).toContain("met");
  });

  test("stand in reports that can be read again, of shards too", () => {
    for (const document of [whole, ...shards.map((shard) => shard.document)]) {
      const json = renderOutput("json", document, compareWith(document, null), { hasPage: () => false });
      const { data, error } = documentSchema.safeParse(JSON.parse(json));
      expect(error).toBeUndefined();
      expect(data?.findings?.map(({ name }) => name)).toEqual(crossedBounds(document));
    }
  });

  test("let it pass when they are met", async () => {
    const document = await documentFor([MET]);
    expect(crossedBounds(document)).toEqual([]);
    expect(isFailure(document, compareWith(document, null))).toBe(false);
  });

  test("are judged over all shards as on one machine, and before that only run by run", () => {
    const timeless = (document: CampaignDocument): string =>
      documentText({ ...document, timings: { workers: 0, elapsedMs: 0, busyMs: [] } });
    expect(timeless(mergeDocuments(shards))).toBe(timeless(whole));
    for (const { document } of shards) expect(crossedBounds(document)).toEqual([OF_RUN]);
  });

  test("end a campaign that allows no failure with the first run beyond one, not for what is about all runs", async () => {
    expect((await documentFor([CROSSED], null, 1)).isComplete).toBe(true);
    const stopped = await documentFor([OF_RUN], null, 1);
    expect(stopped.rows[0]?.tally.seedCount).toBe(1);
    expect(crossedBounds(stopped)).toEqual([OF_RUN]);
  });
});

test("the measures that say so have one value a run, and the others have not", async () => {
  const plan = drawPlan(toyScenario("one"), { seed: 1, policy, system: toySystem.name, invariants: [] });
  const outcome = await run(plan, { system: toySystem, invariants: [] });
  for (const { name, figure, isOfRun } of measures) {
    expect([name, figure(outcome).kind === "value"]).toEqual([name, isOfRun === true]);
  }
});
