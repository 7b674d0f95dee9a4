import { readdirSync, readFileSync } from "node:fs";
import { dirname, join, relative } from "node:path";
import { fileURLToPath } from "node:url";
import { describe, expect, test } from "vitest";

const root = fileURLToPath(new URL("../../..", import.meta.url));

function sourceFiles(folder: string): string[] {
  return readdirSync(join(root, folder), { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && entry.name.endsWith(".ts"))
    .map((entry) => relative(root, join(entry.parentPath, entry.name)))
    .filter((file) => !/(^|\/)(node_modules|dist)\//.test(file))
    .toSorted();
}

/** The rooms of the house, and the rooms whose code each may import besides its own. */
const MAY_IMPORT: Readonly<Record<string, readonly string[]>> = {
  "packages/clock": [],
  "packages/atom": ["packages/clock"],
  "packages/journal": ["packages/clock"],
  "packages/effect": ["packages/clock"],
  "packages/process": ["packages/clock", "packages/journal"],
  src: ["packages"],
  "sim/kernel": ["packages"],
  "sim/world": ["packages", "sim/kernel"],
  "sim/run": ["packages", "sim/kernel", "sim/world"],
  "sim/trace": ["packages", "sim/kernel", "sim/world", "sim/run"],
  "sim/check": ["packages", "sim/kernel", "sim/world", "sim/run"],
  "sim/own": ["packages", "sim/kernel", "sim/world", "sim/run", "sim/check"],
  "sim/search": ["packages", "sim/kernel", "sim/world", "sim/run", "sim/trace", "sim/check", "sim/own"],
  "sim/study": ["packages", "sim/kernel", "sim/world", "sim/run", "sim/trace", "sim/check"],
  "sim/systems": ["packages", "src", "sim/kernel", "sim/world", "sim/run"],
  "scenarios/bugs": [
    "packages",
    "src",
    "sim/kernel",
    "sim/world",
    "sim/run",
    "sim/check",
    "sim/search",
    "sim/systems",
  ],
  "sim/report": [
    "packages",
    "sim/kernel",
    "sim/world",
    "sim/run",
    "sim/trace",
    "sim/check",
    "sim/search",
    "sim/study",
  ],
  "sim/testing": [
    "packages",
    "sim/kernel",
    "sim/world",
    "sim/run",
    "sim/trace",
    "sim/check",
    "sim/search",
    "sim/report",
  ],
  "sim/cli": ["packages", "sim"],
  "sim/index.ts": ["packages", "sim"],
  "sim/vitest.ts": ["packages", "sim"],
  "sim/fast-check.ts": ["packages", "sim"],
  "sim/system.ts": ["packages", "sim"],
};

function roomOf(file: string): string | undefined {
  return Object.keys(MAY_IMPORT).find((room) => file === room || file.startsWith(`${room}/`));
}

function importsOf(file: string): string[] {
  const text = readFileSync(join(root, file), "utf8");
  const specifiers = text.matchAll(/(?:\bfrom\s+|\bimport\s*\(?\s*)"([^"]+)"/g);
  return [...specifiers].flatMap(([, specifier]) => {
    if (specifier === undefined) return [];
    if (specifier.startsWith(".")) return [relative(root, join(root, dirname(file), specifier))];
    if (specifier.startsWith("@phyxius/")) return [`packages/${specifier.split("/")[1]}/src`];
    return [];
  });
}

const files = ["packages", "src", "sim", "scenarios"]
  .flatMap(sourceFiles)
  .filter((file) => !file.includes("/test/"));

describe("imports run one way", () => {
  test("there is code to look at", () => {
    expect(files.length).toBeGreaterThan(30);
  });

  test("every file is in a room with a rule", () => {
    expect(files.filter((file) => roomOf(file) === undefined)).toEqual([]);
  });

  test("no file imports from a room that it may not know", () => {
    const wrong = files.flatMap((file) => {
      const room = roomOf(file) ?? "";
      const allowed = [room, ...(MAY_IMPORT[room] ?? [])];
      return importsOf(file)
        .filter(
          (imported) => !allowed.some((other) => imported === other || imported.startsWith(`${other}/`)),
        )
        .map((imported) => `${file} imports ${imported}`);
    });
    expect(wrong).toEqual([]);
  });
});

describe("code that runs in a simulation", () => {
  const deterministic = files.filter((file) =>
    /^(packages|src|sim\/(kernel|world|run|check|systems))\//.test(file),
  );

  test("uses no power operator: its bits differ between Node versions", () => {
    const withoutComments = (text: string) => text.replaceAll(/\/\*[\s\S]*?\*\/|\/\/.*/g, "");
    const wrong = deterministic.filter((file) => {
      const code = withoutComments(readFileSync(join(root, file), "utf8"));
      return /[\w)\]]\s*\*\*\s*[\w(]/.test(code);
    });
    expect(wrong).toEqual([]);
  });
});

describe("file names", () => {
  test("are in kebab case and say what is inside", () => {
    const names = files.map((file) => file.split("/").at(-1) as string);
    expect(names.filter((name) => !/^[a-z0-9]+(-[a-z0-9]+)*\.ts$/.test(name))).toEqual([]);
    expect(names.filter((name) => /^(utils?|common|misc|helpers?)\.ts$/.test(name))).toEqual([]);
  });
});
