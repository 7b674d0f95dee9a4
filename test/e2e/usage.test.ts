import { cpSync, mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { cli, emptyFolder, execute, linesOf, root } from "./cli.ts";

describe("help", () => {
  test("is a page of a manual: commands, examples, exit codes, in 80 columns", async () => {
    const { code, stdout, stderr } = await cli(["--help"]);
    expect(code).toBe(0);
    expect(stderr).toBe("");
    for (const said of ["run", "replay", "plan", "list", "EXAMPLES", "EXIT CODES", "130", "NO_COLOR"]) {
      expect(stdout).toContain(said);
    }
    for (const line of linesOf(stdout)) expect(line.length).toBeLessThanOrEqual(80);
    expect(stdout).not.toContain("\u001b");
  });

  test("is there for each command", async () => {
    const { code, stdout } = await cli(["run", "--help"]);
    expect(code).toBe(0);
    for (const line of linesOf(stdout)) expect(line.length).toBeLessThanOrEqual(80);
    for (const flag of ["--policy", "--seeds", "--workers", "--strict", "--reports"])
      expect(stdout).toContain(flag);
  });

  test("says its version", async () => {
    expect(await cli(["--version"])).toMatchObject({
      code: 0,
      stdout: expect.stringMatching(/^\d+\.\d+\.\d+\n$/),
    });
  });
});

/** Puts one file of each kind of mistake into a folder. */
function fillWithMistakes(folder: string): void {
  mkdirSync(join(folder, "no-scenarios"));
  const scenario = "name: mine\nstory: Mine.\n";
  const files = {
    "empty.yaml": "",
    "typo.yaml": `${scenario}network:\n  lattency: { kind: constant, delay: 2ms }\n`,
    "unit.yaml": `${scenario}workload:\n  deadline: 100\n`,
    "upside-down.yaml": `${scenario}faults:\n  - kind: crash\n    lasts: 3s..1s\n`,
    "replicas.yaml": `${scenario}cluster: { machines: 3, replication: 5 }\n`,
    "policy.yaml": `${scenario}policies: [sede]\n`,
    "two.yaml": `${scenario}cluster: { machines: 3, replication: 5 }\nfoo: 1\nbar: 2\n`,
    "other-version.plan.json": '{ "format": "cache-sim/plan", "version": 99 }\n',
    "truncated.plan.json": '{ "format": "cache-sim/plan",\n  "version": 1, "scenario": "cal',
    "empty.plan.json": "",
  };
  for (const [name, text] of Object.entries(files)) writeFileSync(join(folder, name), text);
}

/** Each command, and the lines that it must print: one for each mistake. */
const mistakes: readonly { readonly command: string; readonly lines: readonly RegExp[] }[] = [
  {
    command: "run calm --policy quorum(read=9)",
    lines: [
      /calm\.yaml with quorum\(read=9\): read \(.*\): expected .*from 1 to 3 with replication 3, got 9/,
    ],
  },
  {
    command: "replay calm --policy quorum(raed=1) --seed 1",
    lines: [/^--policy: expected one of the parameters of quorum .*got "raed"; did you mean "read"/],
  },
  {
    command:
      "run calm empty.yaml typo.yaml unit.yaml upside-down.yaml replicas.yaml policy.yaml nowhere.yaml two.yaml --policy sed",
    lines: [
      /^--policy: expected one of the policies seed, .*, got "sed"; did you mean "seed"/,
      /^empty\.yaml:1:1.*empty/,
      /^typo\.yaml:4:3 network\.lattency: .*did you mean "latency"/,
      /^unit\.yaml:4:13 workload\.deadline: .*unit.*100ms/,
      /^upside-down\.yaml:5:12 faults\[0\]\.lasts: .*did you mean "1s\.\.3s"/,
      /^replicas\.yaml:3:38 cluster\.replication: expected at most 3/,
      /^policy\.yaml:3:12 policies\[0\]: .*did you mean "seed"/,
      /^nowhere\.yaml: no such file/,
      /^two\.yaml:4:1 foo: unknown key/,
      /^two\.yaml:5:1 bar: unknown key/,
    ],
  },
  { command: "run no-scenarios", lines: [/^no-scenarios: no scenario/] },
  { command: "run partition-heel", lines: [/"partition-heel".*did you mean "partition-heal"/] },
  { command: "run --seeds 1..1000000000", lines: [/^--seeds .*at most 10,000,000 seeds, got 1,000,000,000/] },
  { command: "run --sedds 1..2", lines: [/--sedds; did you mean "--seeds"/] },
  { command: "rum", lines: [/"rum".*did you mean "run"/] },
  { command: "replay truncated.plan.json", lines: [/^truncated\.plan\.json:2:\d+: .*cut off/] },
  { command: "replay empty.plan.json", lines: [/^empty\.plan\.json:1:1: .*empty/] },
  {
    command: "replay other-version.plan.json",
    lines: [/^other-version\.plan\.json:1:42 version: expected 1, got 99/],
  },
  { command: "replay calm --seed 3", lines: [/--policy/] },
  { command: "replay calm", lines: [/^calm is a scenario, .*--policy NAME and --seed NUMBER/] },
  { command: "replay", lines: [/FILE/] },
];

describe("a mistake", () => {
  let cwd = "";

  beforeAll(() => {
    cwd = mkdtempSync(join(tmpdir(), "cache-sim-e2e-"));
    fillWithMistakes(cwd);
  });

  afterAll(() => rmSync(cwd, { recursive: true }));

  test.concurrent.each(mistakes)(
    "$command: one clear line, exit code 2, nothing run, nothing written",
    async ({ command, lines }) => {
      const before = readdirSync(cwd);
      const { code, stdout, stderr } = await cli(command.split(" "), { cwd });
      expect(linesOf(stderr)).toEqual(lines.map((line) => expect.stringMatching(line)));
      expect(stdout).toBe("");
      expect(code).toBe(2);
      expect(readdirSync(cwd)).toEqual(before);
    },
  );

  test("in the installation is said as well", async () => {
    const folder = emptyFolder();
    cpSync(join(root, "bin"), join(folder, "bin"), { recursive: true });
    const { code, stderr } = await execute(process.execPath, [join(folder, "bin", "cache-sim.js"), "list"]);
    expect(code).toBe(2);
    expect(stderr).toContain("npm run build");
  });
});

describe("the list", () => {
  test("explains scenarios, policies, faults and invariants, from any folder", async () => {
    const { code, stdout, stderr } = await cli(["list"], { cwd: emptyFolder(), env: { COLUMNS: "80" } });
    expect(stderr).toBe("");
    expect(code).toBe(0);
    for (const said of [
      "partition-heal",
      "ttl-expiry",
      "seed",
      "abd",
      "crash",
      "linearizable",
      "audit-complete",
      "statistics-add-up",
      "bounds",
    ]) {
      expect(stdout).toMatch(new RegExp(`^  ${said}  +\\S`, "m"));
    }
    for (const line of linesOf(stdout)) expect(line.length).toBeLessThanOrEqual(80);
  });

  test("shows the scenarios of the folder that one is in, and says which of them is broken", async () => {
    const cwd = emptyFolder();
    mkdirSync(join(cwd, "scenarios"));
    writeFileSync(join(cwd, "scenarios", "mine.yaml"), "name: mine\nstory: One of mine. And more.\n");
    writeFileSync(join(cwd, "scenarios", "broken.yaml"), "name: broken\n");
    const { code, stdout, stderr } = await cli(["list"], { cwd });
    expect(code).toBe(2);
    expect(stdout).toMatch(/mine {2}One of mine\.\n/);
    expect(linesOf(stderr)).toEqual([expect.stringMatching(/^scenarios\/broken\.yaml:1:1 story: missing/)]);
  });
});
