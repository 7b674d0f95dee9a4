import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { cli, emptyFolder, linesOf } from "./cli.ts";

const SMALL = `name: small
story: What does a majority cost?
scenario:
  cluster: { machines: 3 }
  workload: { clients: 3, operations: 10, keys: 3 }
  phases: { safety: 2s, settle: 1s, audit: 2s }
  faults: [{ kind: partition, lasts: 500ms..1s }]
policies: [seed, abd]
measures: [read-p50, availability, messages]
seeds: 7
`;

function folderWith(study: string): string {
  const cwd = emptyFolder();
  writeFileSync(join(cwd, "small.yaml"), study);
  return cwd;
}

describe("cache-sim explore", () => {
  test("writes the same reports with one worker and with two, and pages of what breaks", async () => {
    const cwd = folderWith(SMALL);
    const flags = ["explore", "small.yaml", "--pages", "1"];
    const [one, two] = await Promise.all([
      cli([...flags, "--workers", "1", "--out", "one"], { cwd }),
      cli([...flags, "--workers", "2", "--out", "two"], { cwd }),
    ]);
    expect(one).toMatchObject({ code: 0, stderr: "" });
    expect(two.stdout.replaceAll("two/", "one/")).toBe(one.stdout);
    const formats = ["csv", "html", "json", "md"].map((extension) => `small.${extension}`);
    for (const out of ["one", "two"]) {
      expect(readdirSync(join(cwd, out)).sort()).toEqual(["small-runs", ...formats].sort());
      expect(readdirSync(join(cwd, out, "small-runs"))).toHaveLength(1);
    }
    for (const file of formats) {
      expect(readFileSync(join(cwd, "two", file), "utf8")).toBe(readFileSync(join(cwd, "one", file), "utf8"));
    }
  });

  test("says in one line what is wrong", async () => {
    const cwd = folderWith(SMALL.replace("keys: 3", "like: twitter/cluster99"));
    const { code, stdout, stderr } = await cli(["explore", "small.yaml"], { cwd });
    expect({ code, stdout }).toEqual({ code: 2, stdout: "" });
    expect(linesOf(stderr)).toEqual([
      expect.stringMatching(
        /^small\.yaml:5:.* expected a cluster from .*, got "twitter\/cluster99"; did you mean "twitter\/cluster9"\?$/,
      ),
    ]);
  });
});
