import { cpSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { describe, expect, test } from "vitest";
import { cli, emptyFolder, root } from "../e2e/cli.ts";

/** The plain policy; at its second get it does something that no run survives. */
function policyText(harm: string): string {
  const seed = pathToFileURL(join(root, "dist/src/policies/seed.js")).href;
  return `import { seed } from ${JSON.stringify(seed)};
export const policy = { ...seed, name: "mine", promises: [], create(kit) {
  const node = seed.create(kit);
  let gets = 0;
  return { ...node, get(operation) { if (++gets === 2) { ${harm} } return node.get(operation); } };
} };
`;
}

describe("a policy that no run survives", () => {
  test.each([
    { what: "loops for ever", harm: "for (;;);", name: "RunTooLong", said: /not ended after 5 s/ },
    {
      what: "takes all memory",
      harm: "const all = []; for (;;) all.push(new Array(100_000).fill(gets));",
      name: "WorkerDied",
      said: /out of memory/,
      // Otherwise it takes a while until a thread is out of memory.
      env: { NODE_OPTIONS: "--max-old-space-size=64" },
      limit: "60s",
    },
    { what: "ends the process", harm: "process.exit(3);", name: "WorkerDied", said: /with code 3/ },
  ])(
    "$what: it is told with its replay line, and the rest goes on",
    async ({ harm, name, said, env, limit }) => {
      const cwd = emptyFolder();
      mkdirSync(join(cwd, "scenarios"));
      cpSync(join(root, "scenarios/calm.yaml"), join(cwd, "scenarios/calm.yaml"));
      writeFileSync(join(cwd, "mine.mjs"), policyText(harm));
      const words =
        "run calm --policy ./mine.mjs --policy abd --seeds 1..2 --output json=out.json --run-limit";
      const { code, stdout, stderr } = await cli([...words.split(" "), limit ?? "5s"], {
        cwd,
        env: env ?? {},
      });
      expect({ code, stderr }).toEqual({ code: 1, stderr: "" });
      expect(stdout).toMatch(/^FAILED: 1 unexpected problem; 4 runs/m);
      expect(stdout).toContain("npx cache-sim replay scenarios/calm.yaml --policy ./mine.mjs --seed 1\n");
      const { isComplete, findings, rows } = JSON.parse(readFileSync(join(cwd, "out.json"), "utf8"));
      expect(isComplete).toBe(true);
      expect(findings).toMatchObject([
        { kind: "error", name, seedCount: 2, summary: expect.stringMatching(said) },
      ]);
      const [, sound] = rows;
      expect(sound).toMatchObject({ policy: "abd", tally: { seedCount: 2, errors: [], violations: [] } });
    },
  );
});

test("a policy that throws at every get costs its operations, and no run", async () => {
  const cwd = emptyFolder();
  mkdirSync(join(cwd, "scenarios"));
  cpSync(join(root, "scenarios/calm.yaml"), join(cwd, "scenarios/calm.yaml"));
  writeFileSync(join(cwd, "mine.mjs"), policyText('gets = 1; throw new Error("no gets today");'));
  const words = "run calm --policy ./mine.mjs --seeds 1..2 --output json=out.json";
  const { code } = await cli(words.split(" "), { cwd });
  expect(code).toBe(0);
  const { tally } = JSON.parse(readFileSync(join(cwd, "out.json"), "utf8")).rows[0];
  expect(tally).toMatchObject({ seedCount: 2, errors: [], mismatches: [] });
  expect(tally.operations.ok).toBeLessThan(tally.operations.total);
});
