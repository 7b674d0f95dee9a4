import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { bin, cli, emptyFolder, execute, linesOf, scenarioFolder } from "../e2e/cli.ts";

test("a campaign is readable in a narrow window", async () => {
  const options = { cwd: scenarioFolder(), env: { COLUMNS: "60" } };
  const { stdout } = await cli(["run", "ttl-expiry", "--seeds", "1..5"], options);
  const lines = linesOf(stdout).filter((line) => !/^ {2}npx |seeds, first|^OK:/.test(line));
  expect(lines.length).toBeGreaterThan(10);
  for (const line of lines) expect(line.length).toBeLessThanOrEqual(60);
});

test("a campaign has colours only where they are wanted", async () => {
  const args = ["run", "calm", "--policy", "abd", "--seeds", "1"];
  const cwd = scenarioFolder();
  const [forced, without] = await Promise.all([
    cli(args, { cwd, env: { FORCE_COLOR: "1" } }),
    cli(args, { cwd, env: { NO_COLOR: "1" } }),
  ]);
  expect(forced.stdout).toContain("\u001b[");
  expect(without.stdout).not.toContain("\u001b[");
});

test("a campaign keeps its report on the screen when the plans cannot be written", async () => {
  const cwd = scenarioFolder();
  writeFileSync(join(cwd, "file"), "");
  const args = ["run", "partition-heal", "--policy", "seed", "--seeds", "1..2", "--reports", "file/below"];
  const { code, stdout, stderr } = await cli(args, { cwd });
  expect(code).toBe(0);
  expect(stdout).toMatch(/OK: no unexpected violation/);
  expect(linesOf(stderr)).toEqual([
    expect.stringMatching(/^cannot write file\/below: a part of the path is not a folder/),
  ]);
});

test("a campaign refuses a file as its folder for plans, before it runs anything", async () => {
  const cwd = scenarioFolder();
  writeFileSync(join(cwd, "file"), "");
  const { code, stdout, stderr } = await cli(["run", "calm", "--seeds", "1", "--reports", "file"], { cwd });
  expect(code).toBe(2);
  expect(stdout).toBe("");
  expect(linesOf(stderr)).toEqual(["--reports file: expected a folder, and this is a file"]);
});

test("a campaign ends quietly when nobody reads any more", async () => {
  const command = `"$0" "$1" run calm --policy abd --seeds 1..3 | head -n 1`;
  const options = { cwd: scenarioFolder() };
  const { stdout, stderr } = await execute("sh", ["-c", command, process.execPath, bin], options);
  expect(linesOf(stdout)).toHaveLength(1);
  expect(stderr).toBe("");
});

const seeded = ["scenarios/partition-heal.yaml", "--policy", "seed", "--seed", "17"];

test("a replay says which of the choices set by hand were of no use", async () => {
  const cwd = emptyFolder();
  const { stdout: plan } = await cli(["plan", "calm", "--policy", "abd", "--seed", "1"]);
  const choices = {
    "net/n1>n2/delay c1#1 0": 0.9,
    "net/n2>n1/delay c1#1 0": 0.9,
    "net/n1>n2/dealy c1#1 0": 0.9,
  };
  const edited = { ...JSON.parse(plan), choices };
  writeFileSync(join(cwd, "my.plan.json"), JSON.stringify(edited));
  const { code, stdout } = await cli(["replay", "my.plan.json", "--log", "none"], { cwd });
  expect(code).toBe(0);
  expect(stdout).toMatch(/^choices +3 made by hand$/m);
  expect(stdout).toMatch(/^2 of 3 hand-set choices applied; not applied:\n {2}"net\/n1>n2\/dealy c1#1 0"$/m);
});

test.each([
  [["--state", "n9@3"], /there is no machine "n9"; the plan has n1, n2, n3, n4, n5/],
  [["--state", "n1@9999999"], /--state: there is no event 9999999; this trace has events 0 to \d+/],
  [["--around", "9999999"], /--around: there is no event 9999999; this trace has events 0 to \d+/],
  [["--step"], /--step needs a terminal/],
])("a replay with %j is refused with one line", async (flags, message) => {
  const { code, stdout, stderr } = await cli(["replay", ...seeded, ...flags]);
  expect({ code, stdout, lines: linesOf(stderr) }).toEqual({
    code: 2,
    stdout: "",
    lines: [expect.stringMatching(message)],
  });
});
