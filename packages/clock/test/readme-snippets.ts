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
