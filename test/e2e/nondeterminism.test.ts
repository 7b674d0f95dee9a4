import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { describe, expect, test } from "vitest";
import { cli, emptyFolder, linesOf, root } from "./cli.ts";

/** Makes the cache write a counter that survives the run into the journal of n2, whenever it starts a set. */
const LEAK = `
import { systems } from ${JSON.stringify(pathToFileURL(join(root, "dist/bundle/systems.js")).href)};
const cacheSystem = systems.find(({ name }) => name === "cache");
const { boot } = cacheSystem;
let counter = 0;
cacheSystem.boot = (env, plan) => boot({
  ...env,
  journal(note) {
    const isPlanted = env.id === "n2" && note.type === "cache.set.started";
    env.journal(isPlanted ? { ...note, data: { ...note.data, leaked: counter++ } } : note);
  },
}, plan);
`;

function leakyCli(args: readonly string[], cwd: string) {
  writeFileSync(join(cwd, "leak.mjs"), LEAK);
  const leak = pathToFileURL(join(cwd, "leak.mjs")).href;
  return cli(args, { cwd, env: { NODE_OPTIONS: `--import=${leak}` } });
}

const FIRST_DIFFERENCE = [
  /^ *\d+ events in common, the last of them:$/m,
  /^ *event #\d+ is the first that differs:$/m,
  /^ *machine +n2 +n2$/m,
  /^ *kind +journal +journal$/m,
  /^ *cause +#\d+, part of c\d#\d+ +#\d+, part of c\d#\d+$/m,
  /^ *data\.leaked +\d+ +\d+$/m,
  /^ *first +\{"type":"cache\.set\.started".*"leaked":\d+/m,
  /^ *second +\{"type":"cache\.set\.started".*"leaked":\d+/m,
];

describe("a system that is not deterministic", () => {
  test("fails the campaign, which shows the first event that differs and the command to see it again", async () => {
    const cwd = emptyFolder();
    const args = ["run", "calm", "--policy", "abd", "--seeds", "1..3"];
    const { code, stdout, stderr } = await leakyCli(args, cwd);
    expect(stderr).toBe("");
    expect(code).toBe(1);
    expect(stdout).toMatch(/FAILED +nondeterminism 1!/);
    expect(stdout).toMatch(/^calm, abd: not deterministic +1 of 1 seeds, first 1$/m);
    for (const line of FIRST_DIFFERENCE) expect(stdout).toMatch(line);
    const command = /npx cache-sim (replay .*--twice)$/m.exec(stdout)?.[1] ?? "";
    const replayed = await leakyCli([...command.split(" "), "--log", "none"], cwd);
    expect(replayed.code).toBe(1);
    expect(replayed.stdout).toMatch(
      /^NOT DETERMINISTIC: two runs of the same plan have \d+ events in common/m,
    );
    for (const line of FIRST_DIFFERENCE) expect(replayed.stdout).toMatch(line);
  });
});

describe("a system that is deterministic", () => {
  test("is seen to be, event by event", async () => {
    const args = ["replay", "calm", "--policy", "abd", "--seed", "1", "--log", "none", "--twice"];
    const { code, stdout } = await cli(args, { cwd: emptyFolder() });
    expect(code).toBe(0);
    const hash = /^trace hash +([0-9a-f]{64})$/m.exec(stdout)?.[1];
    expect(linesOf(stdout).at(-1)).toMatch(/^two runs are identical: [\d,]+ events, trace hash /);
    expect(linesOf(stdout).at(-1)).toContain(hash);
  });
});
