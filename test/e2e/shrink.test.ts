import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { cli, emptyFolder, linesOf, root } from "./cli.ts";

const FAILURE = [join(root, "scenarios/isolated-writer.yaml"), "--policy", "seed", "--seed", "1"];

describe("cache-sim shrink", () => {
  test("writes a small plan that a replay shows to fail, and that shrinks no further", async () => {
    const cwd = emptyFolder();
    const { code, stdout } = await cli(["shrink", ...FAILURE, "--invariant", "operations-end"], { cwd });
    expect(code).toBe(0);
    expect(stdout).toMatch(/^The same failure as before is: operations-end under seed: /m);
    expect(stdout).toMatch(/^minimal: /m);
    const file = /^written to (\S+)$/m.exec(stdout)?.[1] ?? "";
    const replayed = await cli(["replay", file, "--strict", "--log", "none"], { cwd });
    expect(replayed.code).toBe(1);
    const again = await cli(["shrink", file, "--out", "again.plan.json"], { cwd });
    expect(readFileSync(join(cwd, "again.plan.json"), "utf8")).toBe(readFileSync(join(cwd, file), "utf8"));
    expect(again.stdout).toMatch(/ 0 kept/);
  });

  test("keeps a regression, does not replace it unasked, and a campaign replays it first", async () => {
    const cwd = emptyFolder();
    mkdirSync(join(cwd, "scenarios"));
    const scenario = "scenarios/isolated-writer.yaml";
    writeFileSync(join(cwd, scenario), readFileSync(FAILURE[0] as string, "utf8"));
    const words = ["shrink", scenario, "--policy", "seed", "--seed", "1", "--save", "one-silent-node"];
    const file = join(cwd, "scenarios/regressions/one-silent-node.json");
    expect((await cli(words, { cwd })).code).toBe(0);
    expect(existsSync(file)).toBe(true);

    const refused = await cli(words, { cwd });
    expect({ code: refused.code, lines: linesOf(refused.stderr) }).toEqual({
      code: 2,
      lines: [expect.stringMatching(/one-silent-node\.json exists: .*--force/)],
    });
    const campaign = ["run", scenario, "--policy", "abd", "--seeds", "1", "--workers", "1"];
    const calm = await cli(campaign, { cwd });
    expect(linesOf(calm.stdout)[0]).toBe("1 regression replayed: all as expected");
    expect(calm.code).toBe(0);

    writeFileSync(file, readFileSync(file, "utf8").replace('"expected": "fails"', '"expected": "passes"'));
    const broken = await cli(campaign, { cwd });
    expect(linesOf(broken.stdout).slice(0, 2)).toEqual([
      "1 regression replayed: 1 NOT AS EXPECTED",
      expect.stringMatching(/^one-silent-node breaks \S+ again$/),
    ]);
    expect(broken.stdout).toContain("npx cache-sim replay scenarios/regressions/one-silent-node.json");
    expect(broken.code).toBe(1);
  });

  test.each([
    [["calm", "--policy", "abd", "--seed", "1"], /nothing to shrink, it passes/],
    [[...FAILURE, "--invariant", "lineal"], /--invariant: expected one of the \d+ invariants, got "lineal"/],
    [[...FAILURE, "--candidates", "0"], /--candidates "0": expected a whole number from 1/],
    [[...FAILURE, "--time-budget", "0s"], /--time-budget "0s": expected more than 0/],
    [[...FAILURE, "--save", "../x"], /--save "\.\.\/x": expected a name/],
    [[...FAILURE, "--expect", "fails"], /add --save NAME/],
  ])("%j is refused with one line", async (args, message) => {
    const { code, stdout, stderr } = await cli(["shrink", ...args], { cwd: emptyFolder() });
    expect({ code, stdout }).toEqual({ code: 2, stdout: "" });
    expect(linesOf(stderr)).toEqual([expect.stringMatching(message)]);
  });

  test("says that a budget was used up, and that a file could not be written", async () => {
    const cwd = emptyFolder();
    writeFileSync(join(cwd, "file"), "");
    const args = ["shrink", ...FAILURE, "--candidates", "3", "--out", "file/small.plan.json"];
    const { code, stdout, stderr } = await cli(args, { cwd });
    expect(code).toBe(2);
    expect(stdout).toMatch(/NOT MINIMAL: the budget of candidates is used up/);
    expect(linesOf(stderr)).toEqual([expect.stringMatching(/^cannot write file\/small\.plan\.json: /)]);
  });
});
