import { expect, test } from "vitest";
import { cli } from "./cli.ts";

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
