import { createHash } from "node:crypto";
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, test } from "vitest";
import { cli, emptyFolder, root } from "../e2e/cli.ts";

const page = readFileSync(join(root, "docs", "looking-at-a-run.md"), "utf8");
const commands = page.split("\n").filter((line) => line.startsWith("npx cache-sim "));
const folder = mkdtempSync(join(tmpdir(), "looking-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const seeded = ["partition-heal", "--policy", "seed", "--seed", "17"];

describe("the page about looking at a run", () => {
  test("has commands for all ways to look", () => {
    expect(commands.length).toBeGreaterThanOrEqual(14);
  });

  test.each(commands)("%s works as pasted", async (command) => {
    const args = command.split(" ").slice(2);
    const { code, stdout, stderr } = await cli(args, { cwd: folder });
    expect(stderr).not.toContain("cannot");
    expect(stdout).not.toBe("");
    expect(code).toBe(command.includes("--diff") ? 1 : 0);
    const written = /(?:--html|--trace) (\S+)|--export \S+ (\S+)/.exec(command);
    const file = written?.[1] ?? written?.[2];
    if (file !== undefined) expect(statSync(join(folder, file)).size).toBeGreaterThan(1000);
  });

  test("wrote a page for each plan of the campaign", () => {
    const files = readdirSync(join(folder, "reports"));
    const plans = files.filter((file) => file.endsWith(".plan.json"));
    const pages = files.filter((file) => file.endsWith(".html"));
    expect(plans.length).toBeGreaterThan(0);
    expect(pages.map((file) => file.replace(/html$/, "plan.json"))).toEqual(plans);
  });
});

describe("a replay of a trace", () => {
  test("that was recorded by other code says where the two part, and fails", async () => {
    const cwd = emptyFolder();
    await cli(["replay", ...seeded, "--trace", "t.jsonl.gz", "--export", "jsonl", "t.jsonl"], { cwd });
    const same = await cli(["replay", "t.jsonl", "--log", "none"], { cwd });
    expect(same.stdout).toMatch(/the same trace as in t\.jsonl: 1,341 events/);
    const [header = "", ...lines] = readFileSync(join(cwd, "t.jsonl"), "utf8").trimEnd().split("\n");
    const changed = lines.map((line, at) => (at === 100 ? line.replace(/"timeUs":\d+/, '"timeUs":1') : line));
    const traceHash = createHash("sha256")
      .update(changed.map((line) => `${line}\n`).join(""))
      .digest("hex");
    const other = JSON.stringify({ ...JSON.parse(header), traceHash });
    writeFileSync(join(cwd, "other.jsonl"), `${[other, ...changed].join("\n")}\n`);
    const { code, stdout } = await cli(["replay", "other.jsonl", "--log", "none"], { cwd });
    expect(code).toBe(1);
    expect(stdout).toMatch(/NOT THE SAME TRACE as in other\.jsonl/);
    expect(stdout).toMatch(/event #100 is the first that differs/);
  });
});

describe("an event or a terminal that is not there", () => {
  test.concurrent.each([
    {
      args: ["--around", "99999"],
      message: /--around: there is no event 99999; this trace has events 0 to 1340/,
    },
    { args: ["--state", "n9@5"], message: /there is no machine "n9"; the plan has n1, n2, n3, n4, n5/ },
    { args: ["--state", "n3"], message: /--state "n3": expected a machine and an event, such as n2@1234/ },
    { args: ["--step"], message: /--step needs a terminal/ },
    { args: ["--export", "perfeto", "x"], message: /expected perfetto.*did you mean "perfetto"/ },
    { args: ["--export", "perfetto"], message: /--export perfetto writes a file/ },
  ])("$args: one line, exit code 2, nothing written", async ({ args, message }) => {
    const { code, stderr } = await cli(["replay", ...seeded, ...args], { cwd: folder });
    expect(code).toBe(2);
    expect(stderr).toMatch(message);
    expect(stderr.trim().split("\n")).toHaveLength(1);
    expect(existsSync(join(folder, "x"))).toBe(false);
  });
});
