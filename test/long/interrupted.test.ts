import { spawnSync } from "node:child_process";
import { existsSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { bin, cli, emptyFolder, type Ended, execute, linesOf, scenarioFolder } from "../e2e/cli.ts";

/** What is left of a campaign that could not go on, or could not keep what it found. */

/** Whether a process may have a disk of its own here, which no other process sees. */
function canMount(): boolean {
  return spawnSync("unshare", ["-rm", "sh", "-c", "mount -t tmpfs tmpfs /mnt"]).status === 0;
}

/** Runs the command with a small disk as its folder `disk`; what is on it at the end is in `kept`. */
function onDisk(cwd: string, options: string, words: readonly string[]): Promise<Ended> {
  const script = `mkdir -p disk kept && mount -t tmpfs -o ${options} tmpfs disk && { "$@"; code=$?; cp -a disk/. kept; exit $code; }`;
  const command = [process.execPath, bin, ...words];
  return execute("unshare", ["-rm", "sh", "-c", script, "sh", ...command], { cwd });
}

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

  test.runIf(canMount())("is full after some files, or read-only: none is there by half", async () => {
    const cwd = scenarioFolder();
    const flags =
      "--html --reports disk/plans --corpus disk/corpus --output json=disk/out.json --output junit=disk/out.xml";
    const full = await onDisk(cwd, "size=40k", [...broken, ...flags.split(" ")]);
    expect(full.code).toBe(1);
    expect(full.stdout).toMatch(/^FAILED: /m);
    const refused = linesOf(full.stderr);
    expect(refused.length).toBeGreaterThan(1);
    for (const line of refused) expect(line).toMatch(/^cannot write disk\/.*: the disk is full$/);
    const files = readdirSync(join(cwd, "kept"), { recursive: true, encoding: "utf8" });
    expect(files.filter((file) => file.includes(".tmp"))).toEqual([]);
    const plans = files.filter((file) => file.endsWith(".json"));
    expect(plans.length).toBeGreaterThan(0);
    for (const file of plans) JSON.parse(readFileSync(join(cwd, "kept", file), "utf8"));

    const readOnly = await onDisk(cwd, "ro", [
      ...broken,
      ..."--output tap=disk/out.tap --reports disk".split(" "),
    ]);
    expect(readOnly.code).toBe(1);
    expect(linesOf(readOnly.stderr)).toEqual([
      expect.stringMatching(
        /^cannot write disk: the disk is read-only; the commands above work without them/,
      ),
      "cannot write disk/out.tap: the disk is read-only",
    ]);
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
