import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { describe, expect, test } from "vitest";
import { cli, emptyFolder, execute, linesOf, root } from "../e2e/cli.ts";

/** The text of a report without what depends on the machine. */
function reportText(file: string): string {
  const { timings, ...report } = JSON.parse(readFileSync(file, "utf8"));
  expect(timings.elapsedMs).toBeGreaterThan(0);
  return JSON.stringify(report);
}

describe("the report of a campaign", () => {
  test("is the same with one worker and two, and when the shards of it are merged", async () => {
    const cwd = emptyFolder();
    const args = ["run", "calm", "partition-heal", "--seeds", "1..9"];
    const at = (name: string): string[] => ["--output", `json=${name}.json`, "--reports", name];
    for (const workers of ["1", "2"]) {
      const { code } = await cli([...args, "--workers", workers, ...at(`whole-${workers}`)], { cwd });
      expect(code).toBe(0);
    }
    for (const index of [1, 2, 3]) {
      const shard = ["--shard", `${index}/3`, "--workers", "1", ...at(`shard-${index}`)];
      expect((await cli([...args, ...shard], { cwd })).code).toBe(0);
    }
    const merged = ["merge", "shard-3.json", "shard-1.json", "shard-2.json", "--output", "json=merged.json"];
    expect((await cli(merged, { cwd })).code).toBe(0);
    const [one = "", two, three] = ["whole-1", "whole-2", "merged"].map((name) =>
      reportText(join(cwd, `${name}.json`)),
    );
    expect(one).toContain("linearizable");
    expect(two).toBe(one);
    expect(three).toBe(one);

    const { code, stderr } = await cli(["merge", "shard-1.json", "shard-3.json"], { cwd });
    expect(code).toBe(2);
    expect(linesOf(stderr)).toEqual(["missing: shard 2/3"]);
  });

  test("ends at the same seed with --max-failures, whatever the workers", async () => {
    const cwd = emptyFolder();
    const args = ["run", "calm", "--policy", "seed", "--strict", "--seeds", "1..60", "--max-failures", "5"];
    const ended = await Promise.all(
      ["1", "2"].map((workers) =>
        cli([...args, "--workers", workers, "--output", `json=${workers}.json`, "--reports", workers], {
          cwd,
        }),
      ),
    );
    expect(ended.map(({ code }) => code)).toEqual([1, 1]);
    const [one = "", two] = ["1", "2"].map((name) => reportText(join(cwd, `${name}.json`)));
    expect(JSON.parse(one)).toMatchObject({ isComplete: false, stoppedBy: "failures" });
    expect(two).toBe(one);
  });
});

/** A system that never gives its thread back for one seed. */
const LOOPING = `
export const systems = [{
  name: "looping",
  policies: [{ name: "looping", summary: "Never ends.", promises: [] }],
  boot: (_machine, plan) => {
    while (plan.seed === 7);
    return { perform: async () => ({ result: "ok", value: null, error: null }), replicas: () => [] };
  },
  describeFrame: () => null,
  owners: () => null,
}];
export const invariants = [];
`;

const CAMPAIGN = `
import { runCampaign } from ${moduleText("search/campaign.js")};
import { readScenario } from ${moduleText("run/load/load-file.js")};
const { value: scenario } = readScenario(process.argv[2], { policies: [], invariants: [] });
const report = await runCampaign({
  jobs: [{ scenario, policy: "looping" }],
  seeds: { first: 1, last: 20 },
  workers: 1,
  runLimitMs: 1000,
  systemsModule: new URL("./systems.mjs", import.meta.url),
});
console.log(JSON.stringify(report));
`;

function moduleText(path: string): string {
  return JSON.stringify(pathToFileURL(join(root, "dist", "sim", path)).href);
}

test("a run that never ends costs its seed and nothing else", async () => {
  const cwd = emptyFolder();
  writeFileSync(join(cwd, "systems.mjs"), LOOPING);
  writeFileSync(join(cwd, "campaign.mjs"), CAMPAIGN);
  const args = [join(cwd, "campaign.mjs"), join(root, "scenarios", "calm.yaml")];
  const { stdout, stderr } = await execute(process.execPath, args, { cwd });
  expect(stderr).toBe("");
  const { isComplete, rows } = JSON.parse(stdout);
  expect(isComplete).toBe(true);
  expect(rows[0].tally).toMatchObject({
    seedCount: 20,
    errors: [{ seedCount: 1, seed: 7, example: expect.stringContaining("not ended after 1 s of real time") }],
  });
});
