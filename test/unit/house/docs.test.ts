import { existsSync, readdirSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { describe, expect, test } from "vitest";

const root = fileURLToPath(new URL("../../..", import.meta.url));
const decisions = readdirSync(join(root, "docs/decisions")).toSorted();

describe("decisions", () => {
  test("have a number each, which their title repeats", () => {
    const numbers = decisions.map((file) => Number(/^(\d{4})-[a-z0-9-]+\.md$/.exec(file)?.[1]));
    expect(new Set(numbers).size).toBe(decisions.length);
    const titles = decisions.map((file) => readFileSync(join(root, "docs/decisions", file), "utf8"));
    expect(titles.map((text) => Number(/^# (\d+)\. /.exec(text)?.[1]))).toEqual(numbers);
  });
});

const pages = [
  ...readdirSync(root).filter((file) => file.endsWith(".md")),
  ...readdirSync(join(root, "docs"), { recursive: true })
    .map((file) => join("docs", String(file)))
    .filter((file) => file.endsWith(".md")),
];

test.each(pages)("%s links to files that are there", (page) => {
  const links = [...readFileSync(join(root, page), "utf8").matchAll(/\]\(([^)#\s]+)[^)]*\)/g)];
  const files = links.map((link) => link[1] as string).filter((link) => !/^[a-z]+:/.test(link));
  expect(files.filter((file) => !existsSync(join(root, dirname(page), file)))).toEqual([]);
});
