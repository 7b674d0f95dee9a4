import { cpSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { expect, test } from "vitest";
import { cli, emptyFolder, linesOf, root } from "../e2e/cli.ts";

/** The plain policy under a name of its own, as it is or promising what it cannot keep. */
function policyText(isBroken: boolean): string {
  const seed = pathToFileURL(join(root, "dist/src/policies/seed.js")).href;
  const promises = isBroken ? ["linearizable"] : [];
  return `import { seed } from ${JSON.stringify(seed)};
export const policy = { ...seed, name: "mine", promises: ${JSON.stringify(promises)} };
`;
}

function project(): string {
  const cwd = emptyFolder();
  mkdirSync(join(cwd, "scenarios"));
  cpSync(join(root, "scenarios/calm.yaml"), join(cwd, "scenarios/calm.yaml"));
  writeFileSync(join(cwd, "mine.mjs"), policyText(true));
  return cwd;
}

function night(cwd: string, seeds: string, ...flags: string[]) {
  const words = ["run", "calm", "--policy", "./mine.mjs", "--seeds", seeds, "--corpus", "corpus", ...flags];
  return cli(words, { cwd });
}

test("a corpus keeps what failed once, fails the nights that do not find it, and lets go of what passes", async () => {
  const cwd = project();
  const plans = (): string[] => readdirSync(join(cwd, "corpus")).sort();
  const first = await night(cwd, "1..6", "--output", "json=first.json");
  expect(first.code).toBe(1);
  const { findings } = JSON.parse(readFileSync(join(cwd, "first.json"), "utf8"));
  const kept = plans();
  expect(kept).toHaveLength(findings.length);
  // Other seeds find the same again: it is there already.
  await night(cwd, "7..12");
  for (const plan of kept) expect(plans()).toContain(plan);
  const ids = new Set(plans().map((plan) => readFileSync(join(cwd, "corpus", plan), "utf8")));
  expect(ids.size).toBe(plans().length);

  // Seed 2 breaks nothing; what is kept does, and every report says so.
  const quiet = await night(cwd, "2", "--output", "junit=junit.xml", "--output", "json=quiet.json");
  expect(quiet.code).toBe(1);
  expect(linesOf(quiet.stdout).at(-1)).toMatch(/^FAILED: \d+ kept plans? failed; 1 run/);
  const document = JSON.parse(readFileSync(join(cwd, "quiet.json"), "utf8"));
  expect(document.findings).toEqual([]);
  expect(document.keptPlans.map(({ file }: { file: string }) => file)).toEqual(
    plans().map((plan) => join("corpus", plan)),
  );
  const [, replay = ""] =
    /npx cache-sim (replay [^\s<]+)/.exec(readFileSync(join(cwd, "junit.xml"), "utf8")) ?? [];
  expect((await cli(replay.split(" "), { cwd })).code).toBe(1);

  // Mended: taken out, and what cannot be read is left for somebody to look at.
  writeFileSync(join(cwd, "mine.mjs"), policyText(false));
  writeFileSync(join(cwd, "corpus", "old.plan.json"), "{");
  writeFileSync(join(cwd, "corpus", "README.md"), "not a plan");
  const mended = await night(cwd, "2");
  expect(mended.code).toBe(1);
  expect(plans()).toEqual(["README.md", "old.plan.json"]);
  expect(mended.stdout).toMatch(/old\.plan\.json: cannot be read any more; replay it to see why/);
});
