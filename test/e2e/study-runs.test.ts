import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { cli, emptyFolder } from "./cli.ts";

const STUDY = "studies/sound-policies.yaml";
const SEED = ["--policy", "seed", "--seed", "1"];

test("a run of a study is run again from the study alone", async () => {
  const flags = [STUDY, ...SEED, "--under", "calm, partitions", "--log", "none"];
  const { code, stdout } = await cli(["replay", ...flags]);
  expect(stdout).toContain("linearizable");
  expect(code).toBe(0);
});

test("a study without its condition, or with one that it has not, is refused with what to do", async () => {
  const without = await cli(["replay", STUDY, ...SEED]);
  expect(without).toMatchObject({ code: 2, stdout: "" });
  expect(without.stderr).toBe(`${STUDY} is a study: add --under CONDITION, one of those in its report\n`);
  const unknown = await cli(["explain", STUDY, ...SEED, "--under", "calm partitions"]);
  expect(unknown).toMatchObject({ code: 2, stdout: "" });
  expect(unknown.stderr).toMatch(
    /^--under: expected one of .*, got "calm partitions"; did you mean "calm, partitions"\?\n$/,
  );
});

test("settings belong to the name of a run, and one that is alone needs none", async () => {
  const cwd = emptyFolder();
  const study = "name: s\nstory: Why.\nscenario: { cluster: { machines: 3 } }\npolicies: [abd]\n";
  writeFileSync(join(cwd, "one.yaml"), study);
  writeFileSync(join(cwd, "set.yaml"), `${study}settings: { two: { replication: 2 }, three: {} }\n`);
  const flags = ["--policy", "abd", "--seed", "1", "--log", "none"];
  const one = await cli(["replay", "one.yaml", ...flags], { cwd });
  expect(one.stdout).toContain("each key on 3");
  expect(one.code).toBe(0);
  const two = await cli(["replay", "set.yaml", "--under", "two", ...flags], { cwd });
  expect(two.stdout).toContain("each key on 2");
  const none = await cli(["replay", "set.yaml", ...flags], { cwd });
  expect(none.stderr).toContain("add --under CONDITION");
});

test("a policy that does not finish its runs is out, and that is an error", async () => {
  const cwd = emptyFolder();
  const seed = new URL("../../dist/bundle/index.js", import.meta.url).href;
  writeFileSync(
    join(cwd, "dice.mjs"),
    `import { policyNamed } from ${JSON.stringify(seed)};
const seed = policyNamed("seed");
export const policy = { ...seed, name: "dice", promises: [], create: (kit) => (Math.random(), seed.create(kit)) };
`,
  );
  writeFileSync(
    join(cwd, "s.yaml"),
    `name: s
story: Why.
scenario: { cluster: { machines: 3 }, workload: { clients: 3, operations: 4, keys: 2 } }
policies: [abd, ./dice.mjs]
measures: [messages]
bounds: ["messages < 100"]
seeds: 2
`,
  );
  const { code, stdout } = await cli(["explore", "s.yaml", "--workers", "1"], { cwd });
  expect(stdout.replaceAll(/\s+/g, " ")).toContain(
    "./dice.mjs could not finish 2 runs (all), first of seed 1: ",
  );
  expect(stdout).toContain("abd is the cheapest that meets all bounds");
  expect(stdout.replaceAll(/\s+/g, " ")).toContain("./dice.mjs is out: it could not finish 2 runs (all).");
  expect(code).toBe(1);
});
