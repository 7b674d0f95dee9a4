import { createSystemClock } from "@phyxius/clock";
import { spawn } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, expect, test } from "vitest";
import { createFileDisk, createInMemoryNetwork, openCache } from "../../src/index.ts";

const folder = mkdtempSync(join(tmpdir(), "killed-node-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** A process with a node of its own, which writes for ever and prints the number of each write that is confirmed. */
const WRITER = `
  import { createSystemClock } from "@phyxius/clock";
  import { createFileDisk, createInMemoryNetwork, openCache } from "${new URL("../../dist/src/index.js", import.meta.url).href}";
  const [folder, first] = process.argv.slice(1);
  const cache = await openCache({
    transport: createInMemoryNetwork({ nodes: ["n1"] }).join("n1"),
    clock: createSystemClock(),
    durability: "journal",
    disk: createFileDisk(folder),
    limits: { logSlackBytes: 20_000 },
  });
  for (let number = Number(first); ; number++) {
    await cache.set("k" + (number % 50), number, 100_000_000);
    process.stdout.write(number + "\\n");
  }
`;

/** Runs the writer until it has confirmed some writes, then kills it. Returns the last number that it printed. */
function writeAndDie(first: number): Promise<number> {
  const child = spawn(process.execPath, ["--input-type=module", "-e", WRITER, folder, String(first)], {
    cwd: new URL("../..", import.meta.url),
    stdio: ["ignore", "pipe", "inherit"],
  });
  let printed = "";
  child.stdout.setEncoding("utf8").on("data", (text: string) => {
    printed += text;
    if (printed.split("\n").length > 120) child.kill("SIGKILL");
  });
  return new Promise((resolve, reject) => {
    child.on("error", reject);
    child.on("close", () => resolve(Number(printed.split("\n").at(-2))));
  });
}

test("a node that is killed, again and again, has every write that it confirmed", async () => {
  let last = 0;
  for (let life = 1; life <= 3; life++) {
    last = await writeAndDie(last + 1);
    expect(last).toBeGreaterThan(100 * life);
  }
  const disk = createFileDisk(folder);
  const cache = await openCache({
    transport: createInMemoryNetwork({ nodes: ["n1"] }).join("n1"),
    clock: createSystemClock(),
    durability: "journal",
    disk,
  });
  for (let number = last - 49; number <= last; number++) {
    // The one after the last may have been confirmed without having been printed.
    expect([number, number + 50]).toContain(await cache.get(`k${number % 50}`));
  }
  expect(cache.getStateSnapshot().incarnations.get("n1")).toBe(4);
  expect(cache.getStateSnapshot().catchUp.isDone).toBe(true);
  await cache.stop();
  await disk.close();
});
