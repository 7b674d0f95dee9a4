import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { PassThrough } from "node:stream";
import { run } from "@stricli/core";
import { afterAll, beforeAll, expect, test } from "vitest";
import { app } from "../../../sim/cli/app.ts";
import type { CliProcess } from "../../../sim/cli/context.ts";

/** What `cache-sim check` says of mistakes. In this process: it takes a tenth of the time. */

let folder = "";

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "check-mistakes-"));
  const line = (text: string) => `INFO  jepsen.util - ${text.replaceAll(" ", "\t")}\n`;
  writeFileSync(join(folder, "bad.log"), line("0 :ok :read 1"));
  writeFileSync(join(folder, "queue.log"), line("0 :invoke :enqueue 1") + line("1 :invoke :frobnicate 2"));
  mkdirSync(join(folder, "table"));
  writeFileSync(join(folder, "table", "verdicts.tsv"), "history verdict\n");
  mkdirSync(join(folder, "empty"));
});
afterAll(() => rmSync(folder, { recursive: true }));

async function check(args: readonly string[]) {
  const [stdout, stderr] = [new PassThrough(), new PassThrough()];
  const own = {
    stdout: { value: stdout },
    stderr: { value: stderr },
    exitCode: { value: undefined, writable: true },
  };
  const fake: CliProcess = Object.create(process, own);
  const words = args.map((word) => word.replace("@", `${folder}/`));
  await run(app, ["check", ...words], { process: fake, takeOver: () => undefined });
  const read = (stream: PassThrough): string => String(stream.read() ?? "").replaceAll(`${folder}/`, "");
  return { code: fake.exitCode, stdout: read(stdout), lines: read(stderr).trimEnd().split("\n") };
}

test.each([
  [[], /FILE/],
  [["@nowhere.log"], /^nowhere\.log: no such file: expected a history/],
  [["@bad.log"], /^bad\.log:1:1: process 0 returns from read, which it has not called/],
  [["@bad.log", "--model", "regster"], /^--model: .*did you mean "register"/],
  [["@bad.log", "--format", "enn"], /^--format: .*did you mean "edn"/],
  [["@bad.log", "--initial", "[1"], /^--initial "\[1": cut off/],
  [["@queue.log"], /^queue\.log:1:1: no model knows .*enqueue, frobnicate.*--model/],
  [["@queue.log", "--model", "queue"], /^queue\.log:2:1: the model queue has no operation "frobnicate"/],
  [["@table"], /^table\/verdicts\.tsv:1:1: expected the header/],
  [["@empty"], /^empty: no history in this folder/],
  [["-", "-"], /^- is the standard input, which can be read once/],
])("check %s: one clear line, exit code 2, no output", async (args, line) => {
  const { code, stdout, lines } = await check(args);
  expect(lines).toEqual([expect.stringMatching(line)]);
  expect(code).toBe(2);
  expect(stdout).toBe("");
});

test.each([
  ["--steps", "0"],
  ["--steps", "1.5"],
  ["--skew", "-1"],
  ["--skew", ""],
  ["--misses", "maybe"],
  ["--nil", "null"],
])("check %s %s is refused in one line", async (flag, value) => {
  const { code, lines } = await check(["@bad.log", flag, value]);
  expect(lines).toEqual([expect.stringContaining(flag)]);
  // The parser's own code, which `main` turns into 2.
  expect(code).toBeLessThan(0);
});
