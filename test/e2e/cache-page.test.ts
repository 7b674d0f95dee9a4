import { execFile } from "node:child_process";
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { afterAll, expect, test } from "vitest";

const root = fileURLToPath(new URL("../..", import.meta.url));
// Within the project, so that it finds the packages by their names, as the program of a reader does.
mkdirSync(join(root, "reports"), { recursive: true });
const folder = mkdtempSync(join(root, "reports/cache-page-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** What a reader pastes. */
function blocksOf(page: string): string[] {
  return [...page.matchAll(/^```ts\n([\s\S]*?)^```$/gm)].map(([, block = ""]) => block);
}

/** Where it says what a line gives, that is checked. */
function withChecks(program: string): string {
  return program.replaceAll(
    /^(.+?); \/\/ => (.+)$/gm,
    (_line, expression: string, expected: string) =>
      `assert.deepEqual(${expression}, ${expected}, ${JSON.stringify(expression)}); console.log("checked");`,
  );
}

async function execute(program: string): Promise<string> {
  const file = join(folder, "page.mjs");
  writeFileSync(file, program);
  const { stdout } = await promisify(execFile)(process.execPath, [file]);
  return stdout;
}

test("the page on the cache is a program that does what it says", async () => {
  const page = readFileSync(join(root, "docs/cache.md"), "utf8");
  const printed = await execute(withChecks(blocksOf(page).join("\n")));
  expect(printed.match(/checked/g)?.length).toBe(page.match(/; \/\/ => /g)?.length);
  expect(printed.match(/checked/g)?.length).toBeGreaterThan(30);
});

test("the README shows a cluster in ten lines that works", async () => {
  const [block = ""] = blocksOf(readFileSync(join(root, "README.md"), "utf8"));
  expect(
    block
      .trim()
      .split("\n")
      .filter((line) => line !== "").length,
  ).toBeLessThanOrEqual(10);
  expect(await execute(block)).toBe("{ name: 'Ada' } loaded\n");
});
