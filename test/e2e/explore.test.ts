import { existsSync, mkdirSync, readdirSync, readFileSync, symlinkSync, writeFileSync } from "node:fs";
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

  test.runIf(existsSync("/dev/full"))(
    "says which file it could not write, writes the others, and shows the study all the same",
    async () => {
      const cwd = folderWith(SMALL);
      mkdirSync(join(cwd, "out"));
      symlinkSync("/dev/full", join(cwd, "out", "small.json"));
      const flags = ["--seeds", "2", "--pages", "0", "--out", "out"];
      const { code, stdout, stderr } = await cli(["explore", "small.yaml", ...flags], { cwd });
      expect(code).toBe(2);
      expect(stdout).toContain("availability");
      expect(stdout).not.toContain("reports:");
      expect(linesOf(stderr)).toEqual(["cannot write out/small.json: the disk is full"]);
      expect(readdirSync(join(cwd, "out")).sort()).toEqual([
        "small.csv",
        "small.html",
        "small.json",
        "small.md",
      ]);
    },
  );

  test.each([
    [
      "seeds: 7",
      "baseline: quorum",
      /^small\.yaml:10:11 baseline: expected one of the policies of the study/,
    ],
    ["read-p50,", "reed-p50,", /^small\.yaml:9:12 measures\[0\]: .*did you mean "read-p50"\?$/],
    [
      "keys: 3",
      "like: twitter/cluster99",
      /^small\.yaml:5:.* expected a cluster from .*, got "twitter\/cluster99"; did you mean "twitter\/cluster9"\?$/,
    ],
  ])("says in one line what is wrong: %s -> %s", async (from, to, problem) => {
    const cwd = folderWith(SMALL.replace(from, to));
    const { code, stdout, stderr } = await cli(["explore", "small.yaml"], { cwd });
    expect({ code, stdout }).toEqual({ code: 2, stdout: "" });
    expect(linesOf(stderr)).toEqual([expect.stringMatching(problem)]);
  });

  test("lets clients act after a recorded trace, whose rows that say nothing are counted", async () => {
    const rows = Array.from({ length: 90 }, (_, i) => `${i},${i % 3 === 0 ? "set" : "get"},k${i % 5}`);
    const trace = "trace: { file: requests.csv, columns: { time: at, operation: op, key: key } }";
    const cwd = folderWith(SMALL.replace("keys: 3", trace));
    writeFileSync(join(cwd, "requests.csv"), ["at,op,key", ...rows, "91,get"].join("\n"));
    const { code, stdout, stderr } = await cli(["explore", "small.yaml", "--seeds", "2"], { cwd });
    expect(linesOf(stderr)).toEqual([
      "requests.csv: 1 of 91 rows skipped, such as requests.csv:92: 2 fields, and no key among them",
    ]);
    expect({ code, hasTable: stdout.includes("availability") }).toEqual({ code: 0, hasTable: true });
    const plan = await cli(["plan", "small.yaml", "--under", "all", "--policy", "abd", "--seed", "1"], {
      cwd,
    });
    expect(JSON.parse(plan.stdout)).toMatchObject({
      operations: expect.arrayContaining([expect.objectContaining({ key: "k4" })]),
    });
  });

  test("ends when the intervals are narrow enough, and else says how far it got", async () => {
    const cwd = folderWith(SMALL.replace("[read-p50, availability, messages]", "[messages]"));
    const wide = await cli(["explore", "small.yaml", "--seeds", "1000", "--precision", "40%"], { cwd });
    expect(wide).toMatchObject({ code: 0 });
    expect(wide.stdout).toContain("All intervals are within 40% of their values after 25 seeds.");
    const narrow = await cli(["explore", "small.yaml", "--seeds", "5", "--precision", "0.1%"], { cwd });
    expect(narrow.stdout.replaceAll("\n", " ")).toMatch(
      /The precision of 0\.1% was not reached with 5 seeds: the widest interval, that of messages of \w+ \(all\), is within [\d.]+%\. Allow more seeds/,
    );
  });
});

describe("cache-sim validate", () => {
  test("shows no progress where there is no terminal, and names its tables", async () => {
    const { code, stdout, stderr } = await cli(["validate", "placement"]);
    expect({ code, stderr }).toEqual({ code: 0, stderr: "" });
    expect(stdout).toMatch(/published numbers agree, 0 differ/);
    const unknown = await cli(["validate", "placemnt"]);
    expect(unknown).toMatchObject({ code: 2, stdout: "" });
    expect(unknown.stderr).toMatch(/did you mean "placement"\?\n$/);
  });
});
