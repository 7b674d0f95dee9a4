import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { bin, emptyFolder, execute } from "../e2e/cli.ts";

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

test("a study that is stopped by Ctrl-C, keeps the seeds that it has", async () => {
  const cwd = folderWith(SMALL);
  const words = [bin, "explore", "small.yaml", "--seeds", "100000", "--out", "out"];
  const after = ["--preserve-status", "--signal", "INT", "12"];
  const { code, stdout } = await execute("timeout", [...after, process.execPath, ...words], { cwd });
  expect(code).toBe(130);
  expect(stdout).toMatch(/^Interrupted: this is what \d[\d,]* seeds gave/m);
  expect(JSON.parse(readFileSync(join(cwd, "out", "small.json"), "utf8"))).toMatchObject({
    isInterrupted: true,
  });
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
