import { readFileSync } from "node:fs";
import { expect } from "vitest";

const SNIPPET = /^( *)\/\/ README\n([\s\S]*?)\n *\/\/ end$/gm;

/**
 * Documentation that runs: what stands between `// README` and `// end` in a test must stand in the README of
 * its package too, word for word but for the indentation. So a README cannot show code that does not work.
 */
export function expectSnippetsInReadme(testFileUrl: string): void {
  const test = readFileSync(new URL(testFileUrl), "utf8");
  const readme = readFileSync(new URL("../README.md", testFileUrl), "utf8");
  const snippets = [...test.matchAll(SNIPPET)].map(([, indentation = "", text = ""]) =>
    text.replaceAll(new RegExp(`^${indentation}`, "gm"), ""),
  );
  expect(snippets.length).toBeGreaterThan(0);
  for (const snippet of snippets) expect(readme).toContain(snippet);
}

/**
 * The section "Exports" of a README names what the package exports, all of it and nothing else: the names in its
 * `index.ts` and its other entry points.
 */
export function expectExportsInReadme(testFileUrl: string): void {
  const read = (path: string) => readFileSync(new URL(path, testFileUrl), "utf8");
  const lists = [...read("../src/index.ts").matchAll(/export (?:type )?\{([^}]*)\}/g)].map(
    ([, list = ""]) => list,
  );
  const names = lists.flatMap((list) => list.split(",").map((name) => name.replace("type ", "").trim()));
  const { name, exports } = JSON.parse(read("../package.json")) as { name: string; exports: object };
  const entryPoints = Object.keys(exports).map((path) => name + path.slice(1));

  const [, section = ""] = /^## Exports\n([\s\S]*?)(?=^## |(?![\s\S]))/m.exec(read("../README.md")) ?? [];
  const listed = [...section.matchAll(/`([^`]+)`/g)].map(([, text]) => text);
  const exported = [...names, ...entryPoints].filter((each) => each !== "");
  expect(new Set(listed)).toEqual(new Set(exported));
  expect(listed).toHaveLength(exported.length);
}
