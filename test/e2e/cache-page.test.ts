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

/** The page as a program: where it says what a line gives, that is checked. */
function programOf(page: string): string {
  const blocks = [...page.matchAll(/^```ts\n([\s\S]*?)^```$/gm)].map((match) => match[1] ?? "");
  let checks = 0;
  const program = blocks
    .join("\n")
    .replaceAll(/^(.+?);( \/\/ =>) (.+)$/gm, (_line, expression: string, _arrow, expected: string) => {
      checks++;
      return `assert.deepEqual(${expression}, ${expected}, ${JSON.stringify(expression)});`;
    })
    .replace('"cache-sim"', JSON.stringify(new URL("../../dist/src/index.js", import.meta.url).href));
  return `${program}\nconsole.log(${checks});`;
}

test("the page on the cache is a program that does what it says", async () => {
  const page = readFileSync(join(root, "docs/cache.md"), "utf8");
  const file = join(folder, "page.mjs");
  writeFileSync(file, programOf(page));
  const { stdout } = await promisify(execFile)(process.execPath, [file]);
  expect(Number(stdout)).toBe(page.match(/; \/\/ => /g)?.length);
  expect(Number(stdout)).toBeGreaterThan(30);
});
