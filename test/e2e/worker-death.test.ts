import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { describe, expect, test } from "vitest";
import { emptyFolder, execute, root } from "./cli.ts";

/** A system that takes its thread down with it for some seeds. */
const DEADLY = `
export const systems = [{
  name: "deadly",
  policies: [{ name: "deadly", summary: "Ends its process.", promises: [] }],
  boot: (_machine, plan) => {
    if (plan.seed === 7 || plan.seed === 30) process.exit(3);
    return { perform: async () => ({ result: "ok", value: null, error: null }), replicas: () => [] };
  },
  describeFrame: () => null,
  owners: () => null,
}];
export const invariants = [];
`;

/** Uses the harness as a library, built, as worker threads need it. */
const CAMPAIGN = `
import { runCampaign } from ${moduleText("search/campaign.js")};
import { readScenario } from ${moduleText("run/load/load-file.js")};
const { value: scenario } = readScenario(process.argv[2], { policies: [], invariants: [] });
const report = await runCampaign({
  jobs: [{ scenario, policy: "deadly" }],
  seeds: { first: 1, last: 40 },
  workers: Number(process.argv[3]),
  systemsModule: new URL("./systems.mjs", import.meta.url),
});
console.log(JSON.stringify(report));
`;

function moduleText(path: string): string {
  return JSON.stringify(pathToFileURL(join(root, "dist", "sim", path)).href);
}

describe("a worker that dies", () => {
  test.each([1, 2])("costs the seed that killed it and nothing else, with %i workers", async (workers) => {
    const cwd = emptyFolder();
    writeFileSync(join(cwd, "systems.mjs"), DEADLY);
    writeFileSync(join(cwd, "campaign.mjs"), CAMPAIGN);
    const calm = join(root, "scenarios", "calm.yaml");
    const args = [join(cwd, "campaign.mjs"), calm, String(workers)];
    const { stdout, stderr } = await execute(process.execPath, args, { cwd });
    expect(stderr).toBe("");
    const report = JSON.parse(stdout);
    expect(report.isComplete).toBe(true);
    expect(report.rows[0].tally).toMatchObject({
      seedCount: 40,
      errors: [{ name: "WorkerDied", seedCount: 2, seed: 7, example: expect.stringContaining("code 3") }],
      mismatches: [],
    });
  });
});
