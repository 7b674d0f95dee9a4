import { chmodSync, cpSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { describe, expect, test } from "vitest";
import { parse } from "yaml";
import { bin, cli, emptyFolder, execute, linesOf, root } from "../e2e/cli.ts";

/** The jobs that `init ci` writes, run as a build server runs them: every script in a shell of its own. */

interface Step {
  readonly run?: string;
  readonly env?: Readonly<Record<string, string>>;
}

interface Workflow {
  readonly jobs: Readonly<Record<string, { readonly steps: readonly Step[] }>>;
}

interface GitLabJobs {
  readonly [name: string]: { readonly script: readonly string[] };
}

/** The plain policy, which promises nothing; broken, it promises what it cannot keep. */
function policyText(kind: "sound" | "broken"): string {
  const seed = pathToFileURL(join(root, "dist/src/policies/seed.js")).href;
  const promises = kind === "sound" ? [] : ["linearizable", "no-expired-hit"];
  return `import { seed } from ${JSON.stringify(seed)};
export const policy = { ...seed, name: "mine", promises: ${JSON.stringify(promises)} };
`;
}

/** A project with one scenario under one policy, `npx` that finds the tool, and `gh` that writes down what it is asked. */
function project(policy: "sound" | "broken"): string {
  const cwd = emptyFolder();
  mkdirSync(join(cwd, "scenarios"));
  mkdirSync(join(cwd, "bin"));
  cpSync(join(root, "scenarios/partition-heal.yaml"), join(cwd, "scenarios/partition-heal.yaml"));
  writeFileSync(join(cwd, "mine.mjs"), policyText(policy));
  const scenario = join(cwd, "scenarios/partition-heal.yaml");
  const usual = readFileSync(scenario, "utf8").replace(/^policies:.*$/m, "");
  writeFileSync(scenario, `${usual}\npolicies: [./mine.mjs]\n`);
  tool(cwd, "npx", `shift; exec "${process.execPath}" "${bin}" "$@"`);
  tool(cwd, "gh", `[ "$2" = create ] && { echo "$@"; cat; } >> "${cwd}/issues"; echo 0`);
  return cwd;
}

function tool(cwd: string, name: string, script: string): void {
  const file = join(cwd, "bin", name);
  writeFileSync(file, `#!/bin/sh\n${script}\n`);
  chmodSync(file, 0o755);
}

function shell(cwd: string, script: string, env: NodeJS.ProcessEnv) {
  const path = `${join(cwd, "bin")}:${process.env["PATH"]}`;
  return execute("bash", ["-eo", "pipefail", "-c", script], { cwd, env: { ...env, PATH: path } });
}

/** The scripts of a job that use the tool or what it wrote. */
function scriptsOf(file: string, job: string): string[] {
  const { jobs } = parse(readFileSync(file, "utf8")) as Workflow;
  return (jobs[job]?.steps ?? []).flatMap(({ run = "npm ci" }) => (run === "npm ci" ? [] : [run]));
}

describe("the workflow of a pull request", () => {
  test.each([
    { policy: "sound", code: 0 },
    { policy: "broken", code: 1 },
  ] as const)("ends as a $policy policy should, with a report of all shards", async ({ policy, code }) => {
    const cwd = project(policy);
    expect((await cli(["init", "ci", "github"], { cwd })).code).toBe(0);
    const file = join(cwd, ".github/workflows/cache-sim.yml");
    const [seeds = ""] = scriptsOf(file, "seeds");
    for (const index of [1, 2]) {
      const env = { SEEDS: "1..20", INDEX: String(index), SHARD: `${index}/2` };
      expect((await shell(cwd, seeds, env)).code).toBe(0);
    }
    const [merge = ""] = scriptsOf(file, "report");
    const merged = await shell(cwd, merge, { GITHUB_STEP_SUMMARY: join(cwd, "summary.md") });
    expect({ code: merged.code, stderr: merged.stderr }).toEqual({ code, stderr: "" });
    const names = readdirSync(join(cwd, "reports"));
    expect(names).toEqual(expect.arrayContaining(["junit.xml", "campaign.json", "index.html"]));
    const { findings } = JSON.parse(readFileSync(join(cwd, "reports/campaign.json"), "utf8"));
    const annotations = linesOf(merged.stdout).filter((line) => line.startsWith("::error "));
    expect(annotations).toHaveLength(findings.length);
    expect(findings.length > 0).toBe(code === 1);
    expect(readFileSync(join(cwd, "summary.md"), "utf8")).toContain(
      code === 1 ? "FAILED" : "nothing unexpected",
    );
    const index = readFileSync(join(cwd, "reports/index.html"), "utf8");
    const links = [...index.matchAll(/href="([^"]+\.html)"/g)].map(([, link = ""]) =>
      decodeURIComponent(link),
    );
    expect(links.length).toBeGreaterThan(0);
    expect(links.filter((link) => !names.includes(link))).toEqual([]);
  });
});

test("the nightly workflow opens an issue for each finding, and keeps a plan of it", async () => {
  const cwd = project("broken");
  expect((await cli(["init", "ci", "github"], { cwd })).code).toBe(0);
  const [campaign = "", issues = "", end = ""] = scriptsOf(
    join(cwd, ".github/workflows/cache-sim-nightly.yml"),
    "explore",
  );
  expect(campaign).toContain("random:100000");
  const env = {
    GITHUB_STEP_SUMMARY: join(cwd, "summary.md"),
    GITHUB_OUTPUT: join(cwd, "output"),
    GITHUB_SHA: "0123abc",
    GITHUB_SERVER_URL: "https://github.example",
    GITHUB_REPOSITORY: "me/mine",
    GITHUB_RUN_ID: "1",
  };
  const night = campaign.replace("random:100000", "1..20");
  expect((await shell(cwd, night, env)).code).toBe(0);
  expect(readFileSync(env.GITHUB_OUTPUT, "utf8")).toBe("code=1\n");
  const { findings } = JSON.parse(readFileSync(join(cwd, "reports/campaign.json"), "utf8"));
  expect(findings.length).toBeGreaterThan(0);
  const kept = readdirSync(join(cwd, "corpus"));
  expect(kept.length).toBeGreaterThan(0);
  expect(kept.length).toBeLessThanOrEqual(findings.length);

  const opened = await shell(cwd, issues, env);
  expect({ code: opened.code, stderr: opened.stderr }).toEqual({ code: 0, stderr: "" });
  const text = readFileSync(join(cwd, "issues"), "utf8");
  for (const { id, replay } of findings) {
    expect(text).toContain(id);
    expect(text).toContain(`    ${replay}`);
  }
  expect((await shell(cwd, end, env)).code).toBe(1);

  // The next night finds the same, and the corpus is as large as before; once it is mended, it is empty.
  expect((await shell(cwd, campaign.replace("random:100000", "21..40"), env)).code).toBe(0);
  expect(readdirSync(join(cwd, "corpus"))).toEqual(expect.arrayContaining(kept));
  writeFileSync(join(cwd, "mine.mjs"), policyText("sound"));
  writeFileSync(env.GITHUB_OUTPUT, "");
  const mended = await shell(cwd, night, env);
  expect(mended.stdout).toMatch(/taken out, which pass by now/);
  expect(readFileSync(env.GITHUB_OUTPUT, "utf8")).toBe("code=0\n");
  expect(readdirSync(join(cwd, "corpus"))).toEqual([]);
});

test("the jobs of GitLab run as they are written", async () => {
  const cwd = project("broken");
  expect((await cli(["init", "ci", "gitlab"], { cwd })).code).toBe(0);
  const jobs = parse(readFileSync(join(cwd, ".gitlab/cache-sim.yml"), "utf8")) as GitLabJobs;
  const scriptOf = (name: string): string => jobs[name]?.script.join("\n") ?? "";
  for (const index of ["1", "2"]) {
    const env = { CACHE_SIM_SEEDS: "1..20", CI_NODE_INDEX: index, CI_NODE_TOTAL: "2" };
    expect((await shell(cwd, scriptOf("cache-sim"), env)).code).toBe(0);
  }
  expect((await shell(cwd, scriptOf("cache-sim report"), {})).code).toBe(1);
  expect(readFileSync(join(cwd, "reports/junit.xml"), "utf8")).toContain("<failure ");
});
