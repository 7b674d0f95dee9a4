import { existsSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { cli, emptyFolder, linesOf, scenarioFolder } from "../e2e/cli.ts";

/** What is left of a campaign that could not go on, or could not keep what it found. */

describe("a campaign that is stopped from outside", () => {
  test.each([
    { signal: "SIGINT", exitCode: 130 },
    { signal: "SIGTERM", exitCode: 143 },
  ] as const)("writes what it has, marked as a part ($signal)", async ({ signal, exitCode }) => {
    const cwd = scenarioFolder();
    const outputs = ["json=out.json", "junit=out.xml", "markdown=out.md", "tap=out.tap", "html=out.html"];
    let isSent = false;
    const { code, stdout } = await cli(
      ["run", "calm", "--policy", "seed", "--policy", "abd", "--seeds", "1..1000000"].concat(
        outputs.flatMap((output) => ["--output", output]),
      ),
      {
        cwd,
        onOutput(child) {
          if (isSent) return;
          isSent = true;
          setTimeout(() => child.kill(signal), 3000);
        },
      },
    );
    expect(code).toBe(exitCode);
    expect(stdout).toMatch(/^PARTIAL, stopped before the end/m);
    const document = JSON.parse(readFileSync(join(cwd, "out.json"), "utf8"));
    expect(document).toMatchObject({ isComplete: false, stoppedBy: "signal" });
    const [row] = document.rows;
    expect(row.tally.seedCount).toBeGreaterThan(0);
    expect(row.tally.seedCount).toBeLessThan(1_000_000);
    expect(readFileSync(join(cwd, "out.xml"), "utf8")).toContain('skipped message="stopped before the end"');
    expect(readFileSync(join(cwd, "out.tap"), "utf8")).toMatch(/# SKIP/);
    for (const file of ["out.md", "out.html"])
      expect(readFileSync(join(cwd, file), "utf8")).toContain("interrupted");
    // Nothing half-written is left beside what is whole.
    expect(readdirSync(cwd).filter((name) => /tmp|part/.test(name))).toEqual([]);
  });
});

describe("a disk that cannot be written to", () => {
  const broken = ["run", "partition-heal", "--policy", "seed", "--strict", "--seeds", "1..2"];
  const sound = ["run", "calm", "--policy", "abd", "--seeds", "1..2"];

  test.runIf(existsSync("/dev/full"))("costs a full one's report, and the verdict says so", async () => {
    const cwd = scenarioFolder();
    const failed = await cli([...broken, "--output", "json=/dev/full"], { cwd });
    expect(failed.code).toBe(1);
    expect(failed.stdout).toMatch(/^FAILED: /m);
    expect(linesOf(failed.stderr)).toEqual(["cannot write /dev/full: the disk is full"]);
    // All was well, but whoever asked for the report has none.
    const clean = await cli([...sound, "--output", "junit=/dev/full"], { cwd });
    expect(clean.code).toBe(2);
    expect(clean.stdout).toMatch(/^OK: /m);
    expect(linesOf(clean.stderr)).toEqual(["cannot write /dev/full: the disk is full"]);
  });

  test("costs the files, and no other file", async () => {
    const cwd = scenarioFolder();
    writeFileSync(join(cwd, "file"), "a file, no folder");
    const args = ["--output", "json=file/out.json", "--output", "junit=out.xml", "--reports", "plans"];
    const { code, stderr } = await cli([...broken, ...args], { cwd });
    expect(code).toBe(1);
    expect(linesOf(stderr)).toHaveLength(1);
    expect(stderr).toMatch(/^cannot write file\/out\.json: /);
    expect(readFileSync(join(cwd, "file"), "utf8")).toBe("a file, no folder");
    expect(readFileSync(join(cwd, "out.xml"), "utf8")).toContain("<failure ");
    expect(readdirSync(join(cwd, "plans"))).toHaveLength(2);
  });

  test("refuses a corpus that is no folder before anything is run", async () => {
    const cwd = emptyFolder();
    writeFileSync(join(cwd, "corpus"), "a file");
    const { code, stdout, stderr } = await cli(
      ["run", "calm", "--policy", "abd", "--seeds", "1..2", "--corpus", "corpus"],
      { cwd },
    );
    expect({ code, stdout }).toEqual({ code: 2, stdout: "" });
    expect(linesOf(stderr)).toHaveLength(1);
  });
});
