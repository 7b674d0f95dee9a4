import { spawnSync } from "node:child_process";
import { existsSync, mkdirSync, readdirSync, readFileSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { bin, cli, emptyFolder, execute, linesOf } from "../e2e/cli.ts";

/** `explore` and `validate` as commands: what is refused, what is shown meanwhile, what a full disk costs. */

const SMALL = `name: small
story: What does a majority cost?
scenario:
  cluster: { machines: 3 }
  workload: { clients: 3, operations: 10, keys: 3 }
  phases: { safety: 2s, settle: 1s, audit: 2s }
policies: [seed, abd]
measures: [read-p50, availability, messages]
seeds: 2
`;

function folderWith(files: Readonly<Record<string, string>>): string {
  const cwd = emptyFolder();
  for (const [name, text] of Object.entries(files)) writeFileSync(join(cwd, name), text);
  return cwd;
}

describe("explore refuses, and runs nothing,", () => {
  test.each([
    ["policies: [seed, abd]", "policies: []", /^small\.yaml:7:11 policies: expected at least 1 item/],
    ["abd]", "abc]", /^small\.yaml:7:18 policies\[1\]: .*got "abc"; did you mean "abd"\?$/],
    ["abd]", "seed]", /^small\.yaml:7:18 policies\[1\]: "seed" is given twice: keep one$/],
    ["[seed, abd]", "[quorum]\ngrid: { quorum: {} }", /^small\.yaml:8:17 grid\.quorum: expected parameters/],
    [
      "[seed, abd]",
      "[quorum]\ngrid: { quorum: { read: [] } }",
      /^small\.yaml:8:25 grid\.quorum\.read: expected at least 1 item/,
    ],
    [
      "[seed, abd]",
      "[quorum]\ngrid: { quorum: { read: [4] } }",
      /^small\.yaml:8:17 grid\.quorum: read .* expected a whole number from 1 to 3/,
    ],
    ["messages]", "recovery]", /^small\.yaml:8:36 measures\[2\]: recovery: nothing to measure .* no faults/],
    ["[read-p50, availability, messages]", "[]", /^small\.yaml:8:11 measures: expected at least 1 item/],
    ["seeds: 2", "seeds: 1", /^small\.yaml:9:8 seeds: expected at least 2, got 1$/],
    ["seeds: 2", "sedes: 2", /^small\.yaml:9:1 sedes: unknown key: .*; did you mean "seeds"\?$/],
  ])("a study with a mistake: %s -> %s", async (from, to, problem) => {
    const cwd = folderWith({ "small.yaml": SMALL.replace(from, to) });
    const { code, stdout, stderr } = await cli(["explore", "small.yaml", "--out", "out"], { cwd });
    expect({ code, stdout }).toEqual({ code: 2, stdout: "" });
    expect(linesOf(stderr)).toEqual([expect.stringMatching(problem)]);
    expect(existsSync(join(cwd, "out"))).toBe(false);
  });

  test.each([
    ["", /^expected the file of a study, such as /],
    ["nowhere.yaml", /^nowhere\.yaml: no such file: expected a study; did you mean "other\.yaml"\?$/],
    [".", /^\.: a directory: expected the file of a study$/],
    ["small.yaml --seeds 1", /^--seeds "1": expected a whole number from 2 /],
    ["small.yaml --precision 0", /^--precision "0": expected a share above 0, such as 5%$/],
    ["small.yaml --workers 0", /^--workers "0": expected a whole number from 1 /],
    [
      "small.yaml other.yaml --out out",
      /^other\.yaml: small\.yaml is called "small" too: rename one, or leave out --out$/,
    ],
  ])("the words %s", async (words, problem) => {
    const cwd = folderWith({ "small.yaml": SMALL, "other.yaml": SMALL });
    const args = ["explore", ...words.split(" ").filter((word) => word !== "")];
    const { code, stdout, stderr } = await cli(args, { cwd });
    expect({ code, stdout }).toEqual({ code: 2, stdout: "" });
    expect(linesOf(stderr)).toEqual([expect.stringMatching(problem)]);
    expect(existsSync(join(cwd, "out"))).toBe(false);
  });
});

describe("explore", () => {
  test("prints two studies of the same name one after the other", async () => {
    const cwd = folderWith({ "small.yaml": SMALL, "other.yaml": SMALL });
    const { code, stdout } = await cli(["explore", "small.yaml", "other.yaml"], { cwd });
    expect(code).toBe(0);
    expect(linesOf(stdout).filter((line) => line === "small")).toHaveLength(2);
  });

  test("takes the seeds of a study with --precision for the most that may be run", async () => {
    const study = SMALL.replace("seeds: 2", "seeds: 60").replace(/measures: .*/, "measures: [messages]");
    const cwd = folderWith({ "small.yaml": study });
    const explored = async (
      precision: string,
    ): Promise<{ seeds: number; precision: { reached: number } }> => {
      const flags = ["--precision", precision, "--pages", "0", "--out", "out"];
      expect(await cli(["explore", "small.yaml", ...flags], { cwd })).toMatchObject({ code: 0, stderr: "" });
      return JSON.parse(readFileSync(join(cwd, "out", "small.json"), "utf8"));
    };
    const first = await explored("90%");
    expect(first).toMatchObject({ seeds: 25, precision: { isReached: true } });
    // A little less than what 25 seeds gave takes one more round, of twice as many.
    const second = await explored(`${(first.precision.reached * 100 - 0.01).toFixed(3)}%`);
    expect(second).toMatchObject({ seeds: 50, precision: { isReached: true } });
    const never = await explored("0.01%");
    expect(never).toMatchObject({ seeds: 60, precision: { isReached: false } });
    expect(never.precision.reached).toBeGreaterThan(0.0001);
  });

  test.runIf(existsSync("/dev/full"))("leaves nothing by half where a disk is full", async () => {
    const cwd = folderWith({ "small.yaml": SMALL });
    const flags = ["small.yaml", "--pages", "0"];
    const lost = await execute(
      "sh",
      ["-c", '"$@" > /dev/full', "sh", process.execPath, bin, "explore", ...flags],
      {
        cwd,
      },
    );
    expect(lost.code).toBe(2);
    expect(lost.stderr).toMatch(/^cannot write the output: ENOSPC/);
    const files = ["md", "csv", "json", "html"].map((extension) => `small.${extension}`);
    mkdirSync(join(cwd, "out"));
    for (const file of files) symlinkSync("/dev/full", join(cwd, "out", file));
    const { code, stderr } = await cli(["explore", ...flags, "--out", "out"], { cwd });
    expect(code).toBe(2);
    expect(linesOf(stderr)).toEqual(files.map((file) => `cannot write out/${file}: the disk is full`));
    expect(readdirSync(join(cwd, "out")).sort()).toEqual(files.toSorted());
  });
});

/** Runs the command as on a terminal: its stderr and stdout are one. */
function onTerminal(words: readonly string[], cwd: string) {
  const command = [process.execPath, bin, ...words].map((word) => `'${word}'`).join(" ");
  return execute("script", ["-qec", command, "/dev/null"], { cwd });
}

/** util-linux has it; other systems have one that takes other words. */
const hasTerminal = spawnSync("script", ["-qec", "true", "/dev/null"]).status === 0;

describe("progress", () => {
  const cases = [
    { words: ["explore", "small.yaml", "--pages", "0"], shown: "small: 4 of 4 runs" },
    { words: ["validate", "placement", "detector"], shown: "2 of 2 parts" },
  ];

  test.runIf(hasTerminal).each(cases)(
    "is shown on a terminal and taken away: $shown",
    async ({ words, shown }) => {
      const cwd = folderWith({ "small.yaml": SMALL });
      const { code, stdout } = await onTerminal(words, cwd);
      expect(code).toBe(0);
      expect(stdout).toContain(`${shown}\r\u001b[K`);
    },
  );

  test.each(cases)("is not shown elsewhere: $shown", async ({ words, shown }) => {
    const cwd = folderWith({ "small.yaml": SMALL });
    const { code, stdout, stderr } = await cli(words, { cwd });
    expect({ code, stderr }).toEqual({ code: 0, stderr: "" });
    expect(stdout).not.toContain(shown);
  });
});

test("validate counts a table that is named twice once", async () => {
  const once = await cli(["validate", "placement"]);
  const twice = await cli(["validate", "placement", "placement"]);
  expect(twice).toEqual(once);
});
