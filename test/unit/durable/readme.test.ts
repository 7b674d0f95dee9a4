import { createSystemClock } from "@phyxius/clock";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, expect, test } from "vitest";
import { createFileDisk, createInMemoryNetwork, openCache } from "../../../src/index.ts";

const folder = mkdtempSync(join(tmpdir(), "journal-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

async function run(): Promise<void> {
  // README
  const network = createInMemoryNetwork({ nodes: ["n1"] }); // or a Transport of your own
  const disk = createFileDisk(folder); // for this node alone
  const cache = await openCache({
    transport: network.join("n1"),
    clock: createSystemClock(),
    durability: "journal",
    disk,
  });
  await cache.set("greeting", "hello"); // synced when this resolves
  await cache.stop();
  await disk.close();
  // end
}

test("the README shows a node with a journal that works, and finds again what it kept", async () => {
  await run();
  await run();
  const disk = createFileDisk(folder);
  const cache = await openCache({
    transport: createInMemoryNetwork({ nodes: ["n1"] }).join("n1"),
    clock: createSystemClock(),
    durability: "journal",
    disk,
  });
  expect(await cache.lookup("greeting")).toMatchObject({ value: "hello", version: "2.n1@2" });
  await cache.stop();
  await disk.close();
});

test("the README is in step with this file", () => {
  const test = readFileSync(new URL(import.meta.url), "utf8");
  const readme = readFileSync(new URL("../../../README.md", import.meta.url), "utf8");
  const [, snippet = ""] = /^ {2}\/\/ README\n([\s\S]*?)\n {2}\/\/ end$/m.exec(test) ?? [];
  expect(snippet).not.toBe("");
  expect(readme).toContain(snippet.replaceAll(/^ {2}/gm, ""));
});
