import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { cli, linesOf } from "../e2e/cli.ts";

/** Reports of two shards, of another campaign and of another version. */
const cwd = mkdtempSync(join(tmpdir(), "campaign-mistakes-"));
afterAll(() => rmSync(cwd, { recursive: true }));

beforeAll(async () => {
  for (const [file, seeds, shard] of [
    ["one.json", "1..4", "1/2"],
    ["two.json", "1..4", "2/2"],
    ["other.json", "1..6", "2/2"],
  ] as const) {
    const words = `run calm --policy abd --seeds ${seeds} --shard ${shard} --output json=${file}`;
    expect((await cli(words.split(" "), { cwd })).code).toBe(0);
  }
  const text = readFileSync(join(cwd, "one.json"), "utf8");
  writeFileSync(join(cwd, "version.json"), text.replace('"version": 1', '"version": 2'));
  writeFileSync(join(cwd, "half.json"), text.slice(0, text.length / 2));
  writeFileSync(join(cwd, "plan.json"), '{ "format": "cache-sim/plan", "version": 1 }');
});

test.each([
  ["run calm --shard 9/8", /^--shard "9\/8": expected a shard from 1\/8 to 8\/8$/],
  ["run calm --shard 0/8", /^--shard "0\/8": expected a shard from 1\/8 to 8\/8$/],
  ["run clam", /^no scenario is called "clam" .*did you mean "calm"/],
  ["run --tag clock-jmp", /^--tag clock-jmp: no scenario has it; expected one of the tags /],
  ["run calm --baseline none.json", /^none\.json: there is no such file$/],
  [
    "run calm --baseline version.json",
    /^version\.json: a report of version 2, .* reads version 1; write it anew$/,
  ],
  ["run calm --baseline half.json", /^half\.json: not JSON, or cut off: /],
  [
    "run calm --baseline plan.json",
    /^plan\.json: not the report of a campaign; `cache-sim run --output json=/,
  ],
  ["merge one.json one.json", /^one\.json: shard 1\/2, as one\.json is$/],
  ["merge one.json", /^missing: shard 2\/2$/],
  ["merge one.json other.json", /^other\.json: of another campaign than one\.json \(other scenarios, /],
  ["merge one.json two.json --baseline version.json", /^version\.json: a report of version 2/],
])("%s is refused in a line, before anything is run or written", async (command, line) => {
  const before = readdirSync(cwd);
  const { code, stdout, stderr } = await cli(command.split(" "), { cwd });
  expect({ code, stdout, lines: linesOf(stderr) }).toEqual({
    code: 2,
    stdout: "",
    lines: [expect.stringMatching(line)],
  });
  expect(readdirSync(cwd)).toEqual(before);
});
