import { execFile } from "node:child_process";
import { readdirSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { describe, expect, test } from "vitest";
import { invariants } from "../../sim/check/index.ts";
import type { Plan } from "../../sim/run/plan.ts";
import { systems } from "../../sim/systems/index.ts";
import { replay } from "../../sim/trace/replay.ts";

const here = (path: string) => fileURLToPath(new URL(path, import.meta.url));
const golden: Record<string, string> = JSON.parse(readFileSync(here("golden-hashes.json"), "utf8"));
const files = readdirSync(here("plans")).toSorted();

function replayFile(file: string) {
  const plan = JSON.parse(readFileSync(here(`plans/${file}`), "utf8")) as Plan;
  const system = systems.find(({ name }) => name === plan.system);
  if (system === undefined) throw new Error(`${file} names the unknown system "${plan.system}"`);
  return replay(plan, { system, invariants });
}

// A hash that changed means that some run behaves differently. If that was the purpose of a change, write the
// hashes anew with `npm run golden` and give the reason in the commit.
describe("golden plans", () => {
  test("each have a hash", () => {
    expect(Object.keys(golden)).toEqual(files);
    expect(files.length).toBeGreaterThanOrEqual(12);
  });

  test.each(files)("%s has the same hash as ever", async (file) => {
    expect((await replayFile(file)).traceHash).toBe(golden[file]);
  });

  test("have the same hashes in another process, built", async () => {
    const { stdout } = await promisify(execFile)(process.execPath, [here("print-hashes.js")]);
    expect(JSON.parse(stdout)).toEqual(golden);
  }, 60_000);

  test("are compared between Node versions plan by plan, with both hashes of each that differs", async () => {
    const { compareHashes } = (await import(
      new URL("../../.ci/compare-hashes.js", import.meta.url).href
    )) as {
      compareHashes: (where: string, golden: object, printed: object) => string[];
    };
    expect(compareHashes("v24.0.0", golden, { ...golden })).toEqual([]);
    expect(
      compareHashes("v24.0.0", { same: "1", other: "2", missing: "3" }, { same: "1", other: "4", new: "5" }),
    ).toEqual([
      "v24.0.0: other: 4, expected 2",
      "v24.0.0: missing: no hash, expected 3",
      "v24.0.0: new: 5, expected none",
    ]);
  });

  test("leave nothing behind: in the opposite order they have the same hashes", async () => {
    for (const file of files.toReversed()) expect((await replayFile(file)).traceHash).toBe(golden[file]);
  });
});
