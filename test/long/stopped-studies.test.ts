import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import type { StudyReport } from "../../sim/study/explore.ts";
import { bin, cli, emptyFolder, execute } from "../e2e/cli.ts";

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

function reportIn(folder: string): StudyReport {
  return JSON.parse(readFileSync(join(folder, "small.json"), "utf8"));
}

test("a study that is stopped by Ctrl-C, keeps the seeds that it has", async () => {
  const cwd = folderWith(SMALL);
  const words = [bin, "explore", "small.yaml", "--seeds", "100000", "--out", "out"];
  const after = ["--preserve-status", "--signal", "INT", "12"];
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
  const cwd = folderWith(SMALL);
  const words = [bin, "explore", "small.yaml", "small.yaml", "--seeds", "100000"];
  const after = ["--preserve-status", "--signal", "INT", "8"];
  const { code, stderr } = await execute("timeout", [...after, process.execPath, ...words], { cwd });
  expect(code).toBe(130);
  expect(stderr).toBe("interrupted: 1 of 2 studies were begun\n");
});

test("a validation that is stopped by Ctrl-C, says how much was done", async () => {
  const after = ["--preserve-status", "--signal", "INT", "5"];
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
