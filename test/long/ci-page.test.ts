import { mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, expect, test } from "vitest";
import { EXIT } from "../../sim/cli/exit-code.ts";
import { outputFormats } from "../../sim/report/campaign/output-formats.ts";
import { loadScenario } from "../../sim/run/load/load-scenario.ts";
import { namesOf } from "../../sim/search/harness.ts";
import { cacheSystem } from "../../sim/systems/cache.ts";
import { bin, cli, emptyFolder, execute, root } from "../e2e/cli.ts";

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

/** The line in a shell, in an empty folder: of one scenario under one policy, and with few seeds. */
async function paste(line: string, cwd: string): Promise<string> {
  const command = line
    .replace("npx cache-sim", `"${process.execPath}" "${bin}"`)
    .replace(/ run --seeds (random:)?[.\d]+/, " run calm --policy abd --seeds 1..16");
  const { code, stdout, stderr } = await execute("sh", ["-c", command], { cwd });
  expect({ line, code, stderr }).toEqual({ line, code: 0, stderr: "" });
  return stdout;
}

test("its commands do what it says, in its order", async () => {
  const cwd = emptyFolder();
  const lines = blocks("").flatMap((text) => text.split("\n").filter((line) => line.startsWith("npx ")));
  expect(lines.length).toBeGreaterThan(4);
  for (const line of lines) {
    const shards = / --shard 3\/(\d+) --output json=shard-3\.json$/.exec(line);
    for (let index = 1; index <= Number(shards?.[1] ?? 1); index++) {
      const own = line
        .replace("--shard 3/", `--shard ${index}/`)
        .replace("shard-3.json", `shard-${index}.json`);
      await paste(own, cwd);
    }
  }
  const names = readdirSync(cwd, { recursive: true });
  const made = [
    ".github/workflows/cache-sim.yml",
    ".gitlab/cache-sim.yml",
    "corpus",
    "shard-8.json",
    "report.xml",
  ];
  expect(names).toEqual(expect.arrayContaining(made));
});

test("its tables have every format, and every exit code of a campaign", () => {
  const cells = [...page.matchAll(/^\| `?(\w+)`? +\|/gm)].map(([, cell]) => cell);
  // Of the others one is of `check` alone, and for the other there is nobody left to read it.
  const codes = [EXIT.ok, EXIT.violation, EXIT.usage, EXIT.internal, EXIT.sigint, EXIT.sigterm];
  expect(cells).toEqual(["format", ...outputFormats, "code", ...codes.map(String)]);
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
