import { existsSync, mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { pathToFileURL } from "node:url";
import { gunzipSync } from "node:zlib";
import { describe, expect, test } from "vitest";
import type { PagePayload } from "../../sim/report/page/payload.ts";
import type { Plan } from "../../sim/run/plan.ts";
import { cli, emptyFolder, linesOf, root } from "../e2e/cli.ts";

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

  test("writes the page of what it found, with why it fails", async () => {
    const cwd = emptyFolder();
    const words = ["shrink", ...FAILURE, "--out", "small.plan.json", "--html", "small.html"];
    const { code, stdout } = await cli(words, { cwd });
    expect({ code, last: linesOf(stdout).at(-1) }).toEqual({ code: 0, last: "its page is small.html" });
    const base64 = /id="payload">([^<]*)</.exec(readFileSync(join(cwd, "small.html"), "utf8"))?.[1] ?? "";
    const payload = JSON.parse(gunzipSync(Buffer.from(base64, "base64")).toString()) as PagePayload;
    expect(payload.command).toBe("npx cache-sim replay small.plan.json");
    expect(payload.facts).toContainEqual([
      "shrunk from",
      expect.stringMatching(/^\d+ operations, \d+ faults?$/),
    ]);
    expect(payload.plan).toBe(readFileSync(join(cwd, "small.plan.json"), "utf8"));
    expect(payload.explanation?.story.length).toBeGreaterThan(0);
    expect(payload.explanation?.violation).not.toBeNull();
  });

  test("gives the best so far when it is interrupted, whole, and ends with 130", async () => {
    const cwd = emptyFolder();
    // With a time budget the clock is read before every attempt: the signal comes amid them.
    const interrupts = `
      const { now } = performance;
      let reads = 0;
      performance.now = () => {
        if (++reads === 40) process.kill(process.pid, "SIGINT");
        return now.call(performance);
      };`;
    writeFileSync(join(cwd, "interrupts.mjs"), interrupts);
    const env = { NODE_OPTIONS: `--import=${pathToFileURL(join(cwd, "interrupts.mjs")).href}` };
    const words = [
      "shrink",
      ...FAILURE,
      "--time-budget",
      "10m",
      "--out",
      "best.plan.json",
      "--html",
      "best.html",
    ];
    const { code, stdout } = await cli(words, { cwd, env });
    expect(code).toBe(130);
    expect(stdout).toContain("NOT MINIMAL: interrupted; this is the best so far");
    const [, before = "", after = ""] = /^operations +(\d+) +(\d+)$/m.exec(stdout) ?? [];
    expect(Number(after)).toBeLessThan(Number(before));
    expect(readdirSync(cwd).sort()).toEqual(["best.plan.json", "interrupts.mjs"]);
    const replayed = await cli(["replay", "best.plan.json", "--strict", "--log", "none"], { cwd });
    expect(replayed.code).toBe(1);
  });

  // Neither can be written to by anybody, root included.
  test.each([
    ["/dev/full", "the disk is full"],
    ["/sys/small.plan.json", "permission denied"],
    ["/dev/null/small.plan.json", "a part of the path is not a folder"],
  ])("prints the plan when %s cannot be written", async (file, why) => {
    if (!existsSync(dirname(file))) return;
    const { code, stdout, stderr } = await cli(["shrink", ...FAILURE, "--out", file], { cwd: emptyFolder() });
    expect(code).toBe(2);
    expect(linesOf(stderr)).toEqual([
      `cannot write ${file}: ${why}; the plan is printed; --out FILE writes it elsewhere`,
    ]);
    const plan = JSON.parse(stdout.slice(stdout.indexOf("\n{"))) as Plan;
    expect(plan.format).toBe("cache-sim/plan");
    expect(existsSync("/dev/full") && !statSync("/dev/full").isFile()).toBe(existsSync("/dev/full"));
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
