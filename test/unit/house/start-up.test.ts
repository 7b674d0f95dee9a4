import { readFileSync } from "node:fs";
import { dirname, join, relative } from "node:path";
import { fileURLToPath } from "node:url";
import { expect, test } from "vitest";

const root = fileURLToPath(new URL("../../..", import.meta.url));

/** The files and packages that are loaded with a file: all that it imports, but not what it imports later. */
function loadedWith(file: string, loaded = new Set<string>()): Set<string> {
  if (loaded.has(file)) return loaded;
  loaded.add(file);
  const imports = readFileSync(join(root, file), "utf8").matchAll(
    /^(?:import|export)(?! type\b)[^;]*? from "([^"]+)";/gm,
  );
  for (const [, name = ""] of imports) {
    if (name.startsWith(".")) loadedWith(relative(root, join(root, dirname(file), name)), loaded);
    else loaded.add(name);
  }
  return loaded;
}

test("help and usage errors wait for no schema, no cache and no world", () => {
  const loaded = [...loadedWith("sim/cli/main.ts")];
  expect(loaded).toContain("sim/cli/routes/run.ts");
  expect(loaded.filter((name) => !/^(?:sim|node:)/.test(name))).toEqual(["@stricli/core", "seedrandom"]);
  expect(loaded.filter((name) => /^sim\/(?:world\/faults|run\/scenario|check|trace)\//.test(name))).toEqual(
    [],
  );
  expect(loaded.length).toBeLessThan(70);
});
