import { execFile } from "node:child_process";
import { mkdirSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { afterAll, describe, expect, test, vi } from "vitest";
import { invariants } from "../../sim/check/index.ts";
import { loadScenario } from "../../sim/run/load/load-scenario.ts";

// Campaigns on a busy machine take their time.
vi.setConfig({ testTimeout: 180_000 });

const root = fileURLToPath(new URL("../..", import.meta.url));
const readme = readFileSync(join(root, "README.md"), "utf8");
const folder = mkdtempSync(join(tmpdir(), "readme-"));
/** For what is written to go on from: within the project, whose package it imports. */
mkdirSync(join(root, "reports"), { recursive: true });
const ownFolder = mkdtempSync(join(root, "reports", "readme-"));
afterAll(() => {
  for (const made of [folder, ownFolder]) rmSync(made, { recursive: true, force: true });
});

interface Block {
  readonly language: string;
  readonly text: string;
}

const blocks: readonly Block[] = [...readme.matchAll(/^```(\w*)\n([\s\S]*?)^```$/gm)].map((match) => ({
  language: match[1] ?? "",
  text: match[2] ?? "",
}));

const printed = new Map<string, Promise<string>>();

/** What a command of the page prints: it may be a long one, so it runs once. */
function paste(command: string): Promise<string> {
  const known = printed.get(command) ?? execute(command);
  printed.set(command, known);
  return known;
}

/** Runs a command as it is pasted, on the built command, with its files in a folder of their own. */
async function execute(command: string): Promise<string> {
  const line = command
    .replaceAll("npx cache-sim", `"${process.execPath}" "${join(root, "bin/cache-sim.js")}"`)
    .replaceAll("my.plan.json", join(folder, "my.plan.json"))
    .replace(/( run .*)$/, `$1 --reports ${join(folder, "reports")}`);
  const { stdout } = await promisify(execFile)("sh", ["-c", line], {
    cwd: /\binit\b|my-system/.test(command) ? ownFolder : root,
    env: { ...process.env, COLUMNS: "120", NO_COLOR: "1" },
    maxBuffer: 67_108_864,
  });
  return stdout;
}

describe("the README", () => {
  const commands = blocks.flatMap(({ text }) =>
    text.split("\n").filter((line) => line.startsWith("npx cache-sim ")),
  );

  test("has commands to try", () => {
    expect(commands.length).toBeGreaterThanOrEqual(5);
  });

  test.each(commands)("%s works as pasted", async (command) => {
    // An older Node says so, and what to do; it does not read TypeScript.
    if (command.includes("my-system.ts") && Reflect.get(process.features, "typescript") === undefined) {
      await expect(paste(command)).rejects.toThrow("use Node 22.18 or later");
      return;
    }
    await expect(paste(command)).resolves.toBeTypeOf("string");
  });

  test("shows the output of a real replay", async () => {
    const shown = blocks.find(({ text }) => text.includes("trace hash"))?.text ?? "";
    const output = await paste("npx cache-sim replay scenarios/partition-heal.yaml --policy seed --seed 17");
    const real = output.split("\n");
    const lines = shown.split("\n").filter((line) => line !== "" && line !== "...");
    expect(lines.length).toBeGreaterThan(10);
    expect(lines.filter((line) => !real.some((each) => each.startsWith(line)))).toEqual([]);
  });

  test("shows the output of a real campaign, but for its speed", async () => {
    const shown = blocks
      .filter(({ text }) => text.startsWith("scenario ") || text.startsWith("seed: linearizable"))
      .flatMap(({ text }) => text.split("\n"))
      .filter((line) => line !== "" && line !== "...");
    const timeless = (line: string) =>
      line
        .replace(/[\d,]+(?=\s+(?:expected|clean))/, "#")
        .replace(/ in [\d.]+ s \(.*/, "")
        .replaceAll(/\s+/g, " ");
    const command = /`(npx cache-sim run [^`\n]+)`/.exec(readme)?.[1] ?? "";
    const real = new Set((await paste(command)).split("\n").map(timeless));
    expect(shown.length).toBeGreaterThan(8);
    expect(shown.map(timeless).filter((line) => !real.has(line))).toEqual([]);
  });

  test("shows a scenario that loads", () => {
    const yaml = blocks.find(({ language }) => language === "yaml")?.text ?? "";
    const known = { policies: ["seed", "abd"], invariants: invariants.map(({ name }) => name) };
    expect(loadScenario(yaml, "README.md", known)).toMatchObject({ ok: true });
  });
});
