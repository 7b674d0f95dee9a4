import { execFile } from "node:child_process";
import { cpSync, readFileSync, symlinkSync } from "node:fs";
import { join } from "node:path";
import { promisify } from "node:util";
import { expect, test } from "vitest";
import { bin, cli, emptyFolder, linesOf, root } from "../e2e/cli.ts";

const page = readFileSync(join(root, "docs/understanding-a-failure.md"), "utf8");
const blocks = [...page.matchAll(/^( *)```(\w*)\n([\s\S]*?)^\1```$/gm)].map(
  ([, indent = "", language = "", text = ""]) => ({
    language,
    lines: linesOf(text).map((line) => line.slice(indent.length)),
  }),
);

test("the page on failures shows what its commands print", async () => {
  const cwd = emptyFolder();
  cpSync(join(root, "scenarios"), join(cwd, "scenarios"), { recursive: true });
  symlinkSync(join(root, "node_modules"), join(cwd, "node_modules"));
  const commands = blocks.flatMap(({ language, lines }) => (language === "sh" ? lines : []));
  expect(commands.length).toBeGreaterThanOrEqual(5);
  const printed = new Set<string>();
  for (const command of commands) {
    const line = command.replace("npx cache-sim", `"${process.execPath}" "${bin}"`);
    const env = { ...process.env, COLUMNS: "100", NO_COLOR: "1" };
    const { stdout } = await promisify(execFile)("sh", ["-c", line], { cwd, env });
    for (const each of linesOf(stdout)) printed.add(each.trimEnd());
  }
  expect(readFileSync(join(cwd, "gray.html"), "utf8")).toMatch(/^<!doctype html>/);
  const shown = blocks.flatMap(({ language, lines }) => (language === "" ? lines : []));
  expect(shown.length).toBeGreaterThan(20);
  expect(shown.filter((line) => line !== "..." && !printed.has(line.trimEnd()))).toEqual([]);
});

test("explain prints its explanation as data as well, and has nothing to say of a plan that passes", async () => {
  const cwd = emptyFolder();
  const file = join(root, "scenarios/regressions/copy-outlives-its-value.json");
  const { code, stdout } = await cli(["explain", file, "--json", "--runs", "2"], { cwd });
  expect(code).toBe(0);
  expect(JSON.parse(stdout)).toMatchObject({
    fingerprint: { invariant: "no-expired-hit", policy: "seed" },
    noReturn: { jump: null },
    parts: [{ isNecessary: true }, { isNecessary: true }, { isNecessary: true }],
  });
  const passing = join(root, "scenarios/regressions/value-that-expires-amid-a-read.json");
  const refused = await cli(["explain", passing], { cwd });
  expect({ code: refused.code, lines: linesOf(refused.stderr) }).toEqual({
    code: 2,
    lines: [expect.stringMatching(/nothing to explain, it passes; npx cache-sim replay \S+ shows the run$/)],
  });
});
