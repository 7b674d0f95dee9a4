import { readdirSync, readFileSync } from "node:fs";
import { join, relative } from "node:path";
import { fileURLToPath } from "node:url";
import { createProcessId } from "@phyxius/process";
import { describe, expect, test } from "vitest";
import { standaloneId } from "../../../packages/effect/src/ids.ts";
import { invariants } from "../../../sim/check/index.ts";
import { run } from "../../../sim/run/run.ts";
import { planOf } from "../../../sim/search/harness.ts";
import { cacheSystem } from "../../../sim/systems/cache.ts";
import { loadedScenario } from "../../support/scenario-files.ts";

const root = fileURLToPath(new URL("../../..", import.meta.url));

/**
 * State that outlives a run, with the reason why no run can see it in another. Whatever a run depends on belongs to
 * the run; what is left is written down here.
 */
const KNOWN: Readonly<Record<string, string>> = {
  "packages/effect/src/errors.ts thrownFailures": "weak: an error of one run is met by no other",
  "packages/effect/src/fiber-runtime.ts runtimes": "weak, and by the objects of a run",
  "packages/effect/src/ids.ts standaloneCount": "no run moves it: see below",
  "packages/process/src/process-id.ts counters": "weak, and by clock: each run has its own",
  "packages/process/src/process-id.ts standaloneCount": "no run moves it: see below",
  "sim/kernel/guard.ts alarm": "set while events run",
  "sim/kernel/guards.ts guards": "does the same whoever made it",
  "sim/kernel/guards.ts guardedModules": "as above",
  "sim/kernel/guards.ts modulesSeen": "as above",
  "sim/kernel/guards.ts holderCount": "back at zero after each run",
  "sim/run/turn.ts last": "only makes runs wait for each other",
  "sim/world/byte-quantity.ts UNIT_MEANT": "filled once, when it is made",
  "src/wire/checksum.ts first": "filled once, when it is made",
  "src/wire/checksum.ts last": "as above",
  "src/wire/checksum.ts second": "as above",
  "src/wire/checksum.ts third": "as above",
  "src/wire/frame-reader.ts scratch": "written before it is read, each time",
  "src/wire/frame-reader.ts utf8": "decodes whole texts only, so it keeps nothing",
  "src/wire/frame-writer.ts frameWriter":
    "hands out room that nobody had; what is in it was written by whom it was given to",
};

const FOLDERS = ["packages", "src", "sim/kernel", "sim/world", "sim/run", "sim/systems", "sim/check"];
/** A name that is bound anew, or a constant that can be filled. */
const STATE =
  /^(?:export )?(?:(?:let|var) (?<variable>\w+)|const (?<constant>\w+)(?::(?<type>[^=]+))? = (?:new (?!TextEncoder\b|RegExp\b)\w|\[\]|\{\}))/gm;

function stateOf(file: string): string[] {
  const text = readFileSync(join(root, file), "utf8");
  return [...text.matchAll(STATE)].flatMap(({ groups = {} }) => {
    const { variable, constant, type = "" } = groups;
    // Nothing can be put into these.
    if (/readonly|Readonly/.test(type) || /^NO_[A-Z]+$/.test(constant ?? "")) return [];
    return [`${file} ${variable ?? constant}`];
  });
}

describe("state that outlives a run", () => {
  test("is known, each piece with the reason why no run sees what another left in it", () => {
    const found = FOLDERS.flatMap((folder) =>
      readdirSync(join(root, folder), { recursive: true, withFileTypes: true })
        .filter((entry) => entry.isFile() && entry.name.endsWith(".ts"))
        .map((entry) => relative(root, join(entry.parentPath, entry.name)))
        .filter((file) => !/(^|\/)(node_modules|dist|test)\//.test(file))
        .flatMap(stateOf),
    );
    expect(found.filter((state) => !Object.hasOwn(KNOWN, state))).toEqual([]);
    expect(Object.keys(KNOWN).filter((state) => !found.includes(state))).toEqual([]);
  });

  test.each(["abd", "seed"])(
    "is not moved by a run under %s: the next number is the next",
    async (policy) => {
      const numberOf = (id: string): number => Number(/\d+$/.exec(id)?.[0]);
      const before = [standaloneId("fiber"), createProcessId()].map(numberOf);
      const harness = { systems: [cacheSystem], invariants };
      const plan = planOf(harness, { scenario: loadedScenario("crash-restart"), policy }, 1);
      const { statistics } = await run(plan, { system: cacheSystem, invariants });
      expect(statistics.crashCount).toBeGreaterThan(0);
      const after = [standaloneId("fiber"), createProcessId()].map(numberOf);
      expect(after).toEqual(before.map((number) => number + 1));
    },
  );
});
