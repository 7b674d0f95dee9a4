import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { bugs } from "../../scenarios/bugs/index.ts";
import { cli, linesOf, root } from "../e2e/cli.ts";

const quick = ["bugs", "--ranges", "2", "--workers", "1"];

describe("cache-sim bugs", () => {
  test("prints a row for each defect, and what it came to", async () => {
    const { code, stdout } = await cli([...quick, "--bug", "18", "--bug", "never-exp*"]);
    const lines = linesOf(stdout);
    expect(code).toBe(0);
    expect(lines[1]).toMatch(/^ 18 {2}mean-of-nothing +2 of 2 +1 +1 .* health-follows-history$/);
    expect(lines[2]).toMatch(/^ 21 {2}never-expires +2 of 2 .* no-expired-hit/);
    expect(lines.at(-1)).toMatch(/^2 of 2 defects found in every range/);
  });

  test("gives all of it as data", async () => {
    const { code, stdout } = await cli([...quick, "--bug", "22", "--json"]);
    expect(code).toBe(0);
    expect(JSON.parse(stdout)).toMatchObject({
      version: 1,
      isComplete: true,
      bugs: [{ id: 22, isFound: true, found: 2, seeds: { median: 1 }, brokenBy: { determinism: 2 } }],
    });
  });

  test("ends with 1 when a defect is not found", async () => {
    const { code, stdout } = await cli([...quick, "--bug", "failed-but-stored", "--max-seeds", "1"]);
    expect(code).toBe(1);
    expect(stdout).toMatch(/failed-but-stored +0 of 2 +- +-/);
  });

  test("ends with 2, and shows what there is, for a defect that there is not", async () => {
    const { code, stderr } = await cli(["bugs", "--bug", "votes-at-onc"]);
    expect(code).toBe(2);
    expect(stderr).toMatch(/there is no such defect; did you mean "votes-at-once"\?/);
    for (const args of [
      ["--ranges", "0"],
      ["--max-seeds", "x"],
    ]) {
      expect(await cli(["bugs", ...args])).toMatchObject({ code: 2 });
    }
  });

  test("prints what is complete when it is interrupted", async () => {
    let isInterrupted = false;
    const { code, stdout } = await cli(
      ["bugs", "--ranges", "200", "--workers", "1", "--bug", "18", "--bug", "3"],
      {
        onOutput(child) {
          if (!isInterrupted) child.kill("SIGINT");
          isInterrupted = true;
        },
      },
    );
    expect(code).toBe(130);
    expect(stdout).toMatch(/INTERRUPTED/);
  });
});

test("the page on the bank has a row for each defect, and knows what the table says of it", () => {
  const page = readFileSync(join(root, "docs/bug-bank.md"), "utf8");
  const rows = page.split("\n").filter((line) => /^\| +\d+ \|/.test(line));
  expect(rows.map((row) => row.split("|")[2]?.trim())).toEqual(bugs.map(({ name }) => `\`${name}\``));
  for (const [index, { defect }] of bugs.entries()) expect(rows[index]).toContain(defect);
  const [snippet = ""] = /(?<=```ts\n)[\s\S]*?(?=```)/.exec(page) ?? [];
  expect(snippet).toBe(readFileSync(join(root, "scenarios/bugs/votes-at-once.ts"), "utf8"));
});
