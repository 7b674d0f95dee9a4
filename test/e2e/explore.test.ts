import { mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { cli, linesOf } from "./cli.ts";
import { folderWith, SMALL_STUDY } from "./small-study.ts";

describe("cache-sim explore", () => {
  test("writes the same reports with one worker and with two, and pages of what breaks", async () => {
    const cwd = folderWith(SMALL_STUDY);
    const flags = ["explore", "small.yaml", "--pages", "1"];
    mkdirSync(join(cwd, "two", "small-runs"), { recursive: true });
    for (const name of ["seed-all-seed-99.html", "mine.html"])
      writeFileSync(join(cwd, "two", "small-runs", name), "");
    const [one, two] = await Promise.all([
      cli([...flags, "--workers", "1", "--out", "one"], { cwd }),
      cli([...flags, "--workers", "2", "--out", "two"], { cwd }),
    ]);
    expect(one).toMatchObject({ code: 0, stderr: "" });
    expect(two.stdout.replaceAll("two/", "one/")).toBe(one.stdout);
    const formats = ["csv", "html", "json", "md"].map((extension) => `small.${extension}`);
    for (const out of ["one", "two"]) {
      expect(readdirSync(join(cwd, out)).sort()).toEqual(["small-runs", ...formats].sort());
      // Pages of an earlier study go, and nothing else.
      const pages = readdirSync(join(cwd, out, "small-runs")).filter((name) => name !== "mine.html");
      expect(pages).toEqual([expect.stringMatching(/^seed-all-seed-\d\.html$/)]);
    }
    expect(readdirSync(join(cwd, "two", "small-runs"))).toContain("mine.html");
    for (const file of formats) {
      expect(readFileSync(join(cwd, "two", file), "utf8")).toBe(readFileSync(join(cwd, "one", file), "utf8"));
    }
  });

  test("says in one line what is wrong", async () => {
    const cwd = folderWith(SMALL_STUDY.replace("keys: 3", "like: twitter/cluster99"));
    const { code, stdout, stderr } = await cli(["explore", "small.yaml"], { cwd });
    expect({ code, stdout }).toEqual({ code: 2, stdout: "" });
    expect(linesOf(stderr)).toEqual([
      expect.stringMatching(
        /^small\.yaml:5:.* expected a cluster from .*, got "twitter\/cluster99"; did you mean "twitter\/cluster9"\?$/,
      ),
    ]);
  });
});
