import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { bin, cli, emptyFolder, execute, linesOf } from "./cli.ts";

const log = (...lines: string[]) =>
  lines.map((line) => `INFO  jepsen.util - ${line.replaceAll(" ", "\t")}\n`).join("");

const RIGHT = log("0 :invoke :write 1", "0 :ok :write 1", "1 :invoke :read nil", "1 :ok :read 1");
const WRONG = log("0 :invoke :write 1", "0 :ok :write 1", "1 :invoke :read nil", "1 :ok :read nil");
/** Needs the search, since a value is written twice. */
const TWICE = RIGHT + log("0 :invoke :write 1", "0 :ok :write 1");

describe("cache-sim check", () => {
  test("says what is right, how it knows, and what it guessed", async () => {
    const cwd = emptyFolder();
    writeFileSync(join(cwd, "h.log"), RIGHT);
    const { code, stdout, stderr } = await cli(["check", "h.log"], { cwd });
    expect(stderr).toBe("");
    expect(code).toBe(0);
    expect(stdout).toContain("h.log  linearizable");
    expect(stdout).toMatch(/format +jepsen \(guessed\)/);
    expect(stdout).toMatch(/model +register \(guessed\)/);
    expect(stdout).toContain("by zones");
  });

  test("shows what proves a violation, and ends with 1", async () => {
    const cwd = emptyFolder();
    writeFileSync(join(cwd, "h.log"), WRONG);
    const { code, stdout } = await cli(["check", "h.log", "--model", "cas-register", "--format", "jepsen"], {
      cwd,
    });
    expect(code).toBe(1);
    expect(stdout).toContain("h.log  violation");
    expect(stdout).not.toContain("guessed");
    expect(stdout).toMatch(/1 +0 +write 1 +ok 1/);
    expect(stdout).toMatch(/3 +1 +read +ok\n/);
    expect((await cli(["check", "h.log", "--nil", "unknown"], { cwd })).code).toBe(0);
  });

  test("gives up with 3 when the budget is used up", async () => {
    const cwd = emptyFolder();
    writeFileSync(join(cwd, "h.log"), TWICE);
    const { code, stdout } = await cli(["check", "h.log", "--steps", "1"], { cwd });
    expect(code).toBe(3);
    expect(stdout).toContain("h.log  unknown");
    expect((await cli(["check", "h.log"], { cwd })).code).toBe(0);
  });

  test("reads the standard input, and prints JSON", async () => {
    const cwd = emptyFolder();
    writeFileSync(join(cwd, "h.log"), WRONG);
    const pipe = `"${process.execPath}" "${bin}" check - --json < h.log`;
    const { code, stdout } = await execute("sh", ["-c", pipe], { cwd });
    expect(code).toBe(1);
    expect(JSON.parse(stdout)).toMatchObject({
      files: [
        {
          file: "standard input",
          format: "jepsen",
          model: "register",
          verdict: "violation",
          findings: [{ key: null }],
        },
      ],
    });
  });

  test("checks a folder as its table of verdicts says, and lists what is not so", async () => {
    const cwd = emptyFolder();
    mkdirSync(join(cwd, "all"));
    writeFileSync(join(cwd, "all", "right.log"), RIGHT);
    writeFileSync(join(cwd, "all", "wrong.log"), WRONG);
    const table = (wrong: boolean) => `file\tlinearizable\nright.log\ttrue\nwrong.log\t${wrong}\n`;
    writeFileSync(join(cwd, "all", "verdicts.tsv"), table(false));
    const asTold = await cli(["check", "all"], { cwd });
    expect(asTold.code).toBe(0);
    expect(asTold.stdout).toContain("2 histories: 1 linearizable, 1 violation, 0 unknown\nall as the table");
    writeFileSync(join(cwd, "all", "verdicts.tsv"), table(true));
    const otherwise = await cli(["check", "all"], { cwd });
    expect(otherwise.code).toBe(1);
    expect(otherwise.stdout).toContain("  all/wrong.log: violation, expected linearizable");
  });

  test.each([
    [["check"], /FILE/],
    [["check", "nowhere.log"], /^nowhere\.log: no such file: expected a history/],
    [["check", "bad.log"], /^bad\.log:1:1: process 0 returns from read, which it has not called/],
    [["check", "bad.log", "--model", "regster"], /^--model: .*did you mean "register"/],
    [["check", "bad.log", "--format", "enn"], /^--format: .*did you mean "edn"/],
    [["check", "queue.log"], /^queue\.log:1:1: no model knows .*enqueue, frobnicate.*--model/],
    [
      ["check", "queue.log", "--model", "queue"],
      /^queue\.log:2:1: the model queue has no operation "frobnicate"/,
    ],
    [["check", "table"], /^table\/verdicts\.tsv:1:1: expected the header/],
    [["check", "empty"], /^empty: no history in this folder/],
  ])("%s: one clear line, exit code 2", async (args, line) => {
    const cwd = emptyFolder();
    writeFileSync(join(cwd, "bad.log"), log("0 :ok :read 1"));
    writeFileSync(join(cwd, "queue.log"), log("0 :invoke :enqueue 1", "1 :invoke :frobnicate 2"));
    mkdirSync(join(cwd, "table"));
    writeFileSync(join(cwd, "table", "verdicts.tsv"), "history verdict\n");
    mkdirSync(join(cwd, "empty"));
    const { code, stderr } = await cli(args, { cwd });
    expect(linesOf(stderr)).toEqual([expect.stringMatching(line)]);
    expect(code).toBe(2);
  });

  test("has a page of help in 80 columns", async () => {
    const { code, stdout } = await cli(["check", "--help"]);
    expect(code).toBe(0);
    for (const line of linesOf(stdout)) expect(line.length).toBeLessThanOrEqual(80);
    for (const said of ["FORMATS", "MODELS", "EXIT CODES", "verdicts.tsv"]) expect(stdout).toContain(said);
  });
});
