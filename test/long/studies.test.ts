import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import type { StudyReport } from "../../sim/study/explore.ts";
import { bin, cli, execute, linesOf } from "../e2e/cli.ts";
import { folderWith, SMALL_STUDY } from "../e2e/small-study.ts";

function reportIn(folder: string): StudyReport {
  return JSON.parse(readFileSync(join(folder, "small.json"), "utf8"));
}

test("a study that is stopped by Ctrl-C, keeps the seeds that it has", async () => {
  const cwd = folderWith(SMALL_STUDY);
  const words = [bin, "explore", "small.yaml", "--seeds", "100000", "--out", "out"];
  // One signal, as a terminal sends it: without this flag `timeout` sends two.
  const after = ["--foreground", "--preserve-status", "--signal", "INT", "12"];
  const { code, stdout } = await execute("timeout", [...after, process.execPath, ...words], { cwd });
  expect(code).toBe(130);
  expect(stdout).toMatch(/^Interrupted: this is what \d[\d,]* seeds gave/m);
  const formats = ["csv", "html", "json", "md"].map((extension) => `small.${extension}`);
  expect(readdirSync(join(cwd, "out")).filter((file) => file !== "small-runs")).toEqual(formats);
  expect(readFileSync(join(cwd, "out", "small.md"), "utf8")).toMatch(/^- Interrupted: /m);
  const part = reportIn(join(cwd, "out"));
  expect(part).toMatchObject({ isInterrupted: true });
  // Whoever asks for just as many seeds gets the same figures.
  const asked = ["explore", "small.yaml", "--seeds", String(part.seeds), "--pages", "0", "--out", "asked"];
  expect(await cli(asked, { cwd })).toMatchObject({ code: 0, stderr: "" });
  expect(reportIn(join(cwd, "asked"))).toEqual({ ...part, isInterrupted: false });
});

test("of two studies, the one that was not begun is told of", async () => {
  const cwd = folderWith(SMALL_STUDY);
  const words = [bin, "explore", "small.yaml", "small.yaml", "--seeds", "100000"];
  const after = ["--foreground", "--preserve-status", "--signal", "INT", "8"];
  const { code, stderr } = await execute("timeout", [...after, process.execPath, ...words], { cwd });
  expect(code).toBe(130);
  expect(stderr).toContain("interrupted: 1 of 2 studies were begun\n");
});

test("a validation that is stopped by Ctrl-C, says how much was done", async () => {
  const after = ["--foreground", "--preserve-status", "--signal", "INT", "5"];
  const { code, stderr } = await execute("timeout", [
    ...after,
    process.execPath,
    bin,
    "validate",
    "--trials",
    "1000000",
  ]);
  expect(code).toBe(130);
  expect(stderr).toMatch(/^interrupted: \d+ of \d+ parts were done\n$/);
});

test("says what it could not write, and shows the study all the same", async () => {
  const cwd = folderWith(SMALL_STUDY);
  writeFileSync(join(cwd, "file"), "");
  const { code, stdout, stderr } = await cli(["explore", "small.yaml", "--seeds", "2", "--out", "file"], {
    cwd,
  });
  expect(code).toBe(2);
  expect(stdout).toContain("availability");
  expect(linesOf(stderr)).toEqual(["cannot write file: a part of the path is not a folder"]);
});

test("lets clients act after a recorded trace, whose rows that say nothing are counted", async () => {
  const rows = Array.from({ length: 90 }, (_, i) => `${i},${i % 3 === 0 ? "set" : "get"},k${i % 5}`);
  const trace = "trace: { file: requests.csv, columns: { time: at, operation: op, key: key } }";
  const cwd = folderWith(SMALL_STUDY.replace("keys: 3", trace));
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
  const cwd = folderWith(SMALL_STUDY.replace("[read-p50, availability, messages]", "[messages]"));
  const wide = await cli(["explore", "small.yaml", "--seeds", "1000", "--precision", "40%"], { cwd });
  expect(wide).toMatchObject({ code: 0 });
  expect(wide.stdout).toContain("All intervals are within 40% of their values after 25 seeds.");
  const narrow = await cli(["explore", "small.yaml", "--seeds", "5", "--precision", "0.1%"], { cwd });
  expect(narrow.stdout.replaceAll("\n", " ")).toMatch(
    /The precision of 0\.1% was not reached with 5 seeds: the widest interval, that of messages of \w+ \(all\), is within [\d.]+%\. Allow more seeds/,
  );
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
