import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { describe, expect, test } from "vitest";
import { cli, emptyFolder, linesOf, scenarioFolder } from "./cli.ts";

/** The same text without what depends on the machine: rates and times that were taken. */
function withoutTimings(text: string): string {
  return text
    .replaceAll(/^(.*?\d) +[\d,]+ {2}(expected|clean|FAILED)/gm, "$1 $2")
    .replaceAll(/ in [\d.hms ]+ \(.*\)/g, "");
}

describe("a campaign", () => {
  test("gives the same with one worker and with two, down to the files", async () => {
    const folders = [scenarioFolder(), scenarioFolder()];
    const [one, two] = await Promise.all(
      folders.map((cwd, index) =>
        cli(["run", "partition-heal", "calm", "--seeds", "1..9", "--workers", String(index + 1)], { cwd }),
      ),
    );
    expect(one?.code).toBe(0);
    expect(two?.code).toBe(0);
    expect(withoutTimings(two?.stdout ?? "")).toBe(withoutTimings(one?.stdout ?? ""));
    expect(withoutTimings(one?.stdout ?? "")).not.toMatch(/\d (s|ms) \(/);
    const [plans = [], others] = folders.map((cwd) =>
      readdirSync(join(cwd, "reports")).map((name) => [
        name,
        readFileSync(join(cwd, "reports", name), "utf8"),
      ]),
    );
    expect(plans.length).toBeGreaterThan(1);
    expect(others).toEqual(plans);
  });

  test("shows the baseline broken as expected, the sound one clean, and how to replay", async () => {
    const cwd = emptyFolder();
    const { code, stdout } = await cli(["run", "partition-heal", "--seeds", "1..4"], { cwd });
    expect(code).toBe(0);
    const [regressions = "", seeds = "", header = "", seed = "", ...rest] = linesOf(stdout);
    expect(regressions).toMatch(/^\d+ regressions replayed: all as expected$/);
    expect(seeds).toBe("seeds 1..4");
    expect(header).toMatch(/scenario +policy +seeds +virtual +operations +events\/s +verdict +violations/);
    expect(seed).toMatch(/^partition-heal +seed +4 +1 m 12 s +460 +[\d,]+ +expected +\S+ \d+/);
    expect(rest.find((line) => /^partition-heal +abd/.test(line))).toMatch(/clean$/);
    expect(linesOf(stdout).at(-1)).toMatch(
      /^OK: no unexpected violation; 8 runs, 2 m 24 s of virtual time in/,
    );

    const command = /npx cache-sim (replay \S+ --policy seed --seed \d+)/.exec(stdout)?.[1] ?? "";
    const replayed = await cli(command.split(" "), { cwd });
    expect(replayed.code).toBe(0);
    expect(replayed.stdout).toMatch(/expected: the policy does not promise this/);
  });

  test("fails on a violation that is not expected, which with --strict is every one", async () => {
    const cwd = scenarioFolder();
    const args = [
      "run",
      "partition-heal",
      "--policy",
      "seed",
      "--seeds",
      "1..3",
      "--strict",
      "--reports",
      "my/plans",
    ];
    const { code, stdout } = await cli(args, { cwd });
    expect(code).toBe(1);
    expect(stdout).toMatch(/FAILED +.*!/);
    expect(stdout).toMatch(/UNEXPECTED problem/);
    expect(readdirSync(join(cwd, "my", "plans")).length).toBeGreaterThan(0);
    expect(readdirSync(cwd)).toEqual(["my", "scenarios"]);
  });
});

describe("a campaign that is interrupted", () => {
  test("prints what it has found so far, marked partial, and exits with 130", async () => {
    const cwd = scenarioFolder();
    let isInterrupted = false;
    const { code, stdout } = await cli(["run", "calm", "ttl-expiry", "--seeds", "1..1000000"], {
      cwd,
      onOutput(child) {
        if (isInterrupted) return;
        isInterrupted = true;
        // The header is out, the workers are starting: give them time for some runs.
        setTimeout(() => child.kill("SIGINT"), 2000);
      },
    });
    expect(code).toBe(130);
    expect(stdout).toMatch(/^calm +seed +\d+ .* partial/m);
    expect(stdout).toMatch(/^PARTIAL, stopped before the end; OK: no unexpected violation; \d+ runs/m);
  });

  test.each([
    { signal: "SIGINT", exitCode: 130 },
    { signal: "SIGTERM", exitCode: 143 },
  ])("says so even while it still loads its code ($signal)", async ({ signal, exitCode }) => {
    const cwd = emptyFolder();
    // Sent in the moment in which somebody listens for the first time.
    const interrupts = `
      import { isMainThread } from "node:worker_threads";
      const { on } = process;
      if (isMainThread) process.on = function (name, listener) {
        on.call(process, name, listener);
        if (name === "${signal}") { process.on = on; process.kill(process.pid, "${signal}"); }
        return process;
      };`;
    writeFileSync(join(cwd, "interrupts.mjs"), interrupts);
    const env = { NODE_OPTIONS: `--import=${pathToFileURL(join(cwd, "interrupts.mjs")).href}` };
    for (const command of ["run calm --seeds 1..1000000", "replay calm --policy abd --seed 1", "list"]) {
      const { code, stdout, stderr } = await cli(command.split(" "), { cwd, env });
      expect({ code, stdout, stderr }).toEqual({
        code: exitCode,
        stdout: "",
        stderr: "interrupted: nothing was run\n",
      });
    }
  });

  test("ends at once on the second Ctrl-C", async () => {
    const { code } = await cli(["run", "calm", "--seeds", "1..1000000"], {
      cwd: scenarioFolder(),
      onOutput: (child) => {
        child.kill("SIGINT");
        setTimeout(() => child.kill("SIGINT"), 20);
      },
    });
    // Killed by the signal, or by then at its own end.
    expect([null, 130]).toContain(code);
  });
});
