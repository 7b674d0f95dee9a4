import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { execute, root } from "./cli.ts";

test("the program on the page about the world runs as it is shown, and finds nothing", async () => {
  const page = readFileSync(join(root, "docs", "world.md"), "utf8");
  const program = /^```js\n([\s\S]*?)^```$/m.exec(page)?.[1] ?? "";
  const { code, stdout, stderr } = await execute(process.execPath, ["--input-type=module", "-e", program]);
  expect(stderr).toBe("");
  expect(code).toBe(0);
  expect(stdout).toMatch(/^0 \{ total: \d+, ok: \d+/);
});
