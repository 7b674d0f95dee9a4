import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, expect, test } from "vitest";
import { loadScenario } from "../../sim/run/load/load-scenario.ts";
import { namesOf } from "../../sim/search/harness.ts";
import { cacheSystem } from "../../sim/systems/cache.ts";
import { cli, root } from "../e2e/cli.ts";

const page = readFileSync(join(root, "docs/ci.md"), "utf8");
const folder = mkdtempSync(join(tmpdir(), "ci-page-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const blocks = (language: string): string[] =>
  [...page.matchAll(/^```(\w*)\n([\s\S]*?)^```$/gm)].flatMap(([, found, text]) =>
    found === language ? [text ?? ""] : [],
  );

test("the scenario of the page, with what it expects, is one", () => {
  const names = namesOf({ systems: [cacheSystem], invariants: [] });
  const scenarios = blocks("yaml").filter((text) => text.includes("expect:"));
  expect(scenarios).toHaveLength(1);
  for (const text of scenarios) expect(loadScenario(text, "page.yaml", names)).toMatchObject({ ok: true });
});

test("a campaign prints what the page says of it", async () => {
  const shown = blocks("").filter((text) => text.startsWith("$ cache-sim run"));
  expect(shown).not.toHaveLength(0);
  for (const text of shown) {
    const [command = "", ...lines] = text.trimEnd().split("\n");
    const words = command.replace("$ cache-sim ", "").split(" ");
    const { stdout } = await cli([...words, "--reports", folder], { env: { COLUMNS: "120", NO_COLOR: "1" } });
    const printed = stdout.split("\n").map((line) => line.trimEnd());
    for (const line of lines) expect(printed).toContain(line);
  }
});
