import { createHash } from "node:crypto";
import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { gunzipSync } from "node:zlib";
import { describe, expect, test } from "vitest";
import { cli, emptyFolder, linesOf } from "./cli.ts";

const seeded = ["scenarios/partition-heal.yaml", "--policy", "seed", "--seed", "17"];

function traceHash(text: string): string | undefined {
  return /^trace hash +([0-9a-f]{64})$/m.exec(text)?.[1];
}

describe("a replay", () => {
  test("prints the same in two processes: hash, certificate, log", async () => {
    const [first, second] = await Promise.all([cli(["replay", ...seeded]), cli(["replay", ...seeded])]);
    expect(first.stderr).toBe("");
    expect(first.code).toBe(0);
    expect(second.stdout).toBe(first.stdout);
    expect(traceHash(first.stdout)).toBeDefined();
    expect(first.stdout).toMatch(/^faults +[\d.]+ to +[\d.]+ ms {2}partition/m);
    expect(first.stdout).toMatch(/^ {2}operation +machine +ms +what +result$/m);
    expect(first.stdout).toMatch(/^ {2}c\d#\d+ +n\d +[\d.]+ to +[\d.]+ +(get|set|delete) k\d/m);
    expect(first.stdout).toMatch(/^Event log around the violation/m);
  });

  test("of the plan is the replay of the seed, and of an edited plan it is another run", async () => {
    const cwd = emptyFolder();
    const plan = await cli(["plan", ...seeded]);
    expect(plan.code).toBe(0);
    writeFileSync(join(cwd, "my.plan.json"), plan.stdout);
    const lines = plan.stdout.split("\n");
    const firstOperation = lines.findIndex((line) => line.includes('"c1#1"'));
    writeFileSync(join(cwd, "edited.plan.json"), lines.toSpliced(firstOperation, 1).join("\n"));
    const [fromSeed, fromPlan, fromEdited] = await Promise.all([
      cli(["replay", ...seeded, "--log", "none"]),
      cli(["replay", "my.plan.json", "--log", "none"], { cwd }),
      cli(["replay", "edited.plan.json", "--log", "none"], { cwd }),
    ]);
    expect(fromPlan.stdout).toBe(fromSeed.stdout);
    expect(fromEdited.stderr).toBe("");
    expect(traceHash(fromEdited.stdout)).toBeDefined();
    expect(traceHash(fromEdited.stdout)).not.toBe(traceHash(fromSeed.stdout));
    expect(readdirSync(cwd)).toEqual(["edited.plan.json", "my.plan.json"]);
  });

  test("writes the trace whose hash it prints", async () => {
    const cwd = emptyFolder();
    const args = ["replay", "partition-heal", "--policy", "abd", "--seed", "2", "--trace", "out/t.jsonl.gz"];
    const { code, stdout } = await cli(args, { cwd });
    expect(code).toBe(0);
    expect(stdout).toMatch(/^no violation$/m);
    const text = gunzipSync(readFileSync(join(cwd, "out", "t.jsonl.gz"))).toString("utf8");
    const [header = "", ...events] = linesOf(text);
    expect(JSON.parse(header)).toMatchObject({
      format: "cache-sim/trace",
      version: 1,
      node: process.version,
      plan: { seed: 2 },
    });
    const hash = createHash("sha256").update(events.map((line) => `${line}\n`).join(""));
    expect(hash.digest("hex")).toBe(traceHash(stdout));
  });

  test("of a plan whose policy is a file that is gone says which plan and which file", async () => {
    const cwd = emptyFolder();
    const { stdout } = await cli(["plan", ...seeded]);
    writeFileSync(join(cwd, "my.plan.json"), stdout.replace('"policy": "seed"', '"policy": "./gone.ts"'));
    const { code, stderr } = await cli(["replay", "my.plan.json"], { cwd });
    expect({ code, lines: linesOf(stderr) }).toEqual({
      code: 2,
      lines: [
        expect.stringMatching(/^my\.plan\.json: its policy \.\/gone\.ts: there is no such file; paths start/),
      ],
    });
  });

  test("exits like the campaign would", async () => {
    const [strict, all] = await Promise.all([
      cli(["replay", ...seeded, "--strict", "--log", "none"]),
      cli(["replay", ...seeded, "--log", "all"]),
    ]);
    expect(strict.code).toBe(1);
    expect(strict.stdout).toContain("UNEXPECTED");
    expect(all.code).toBe(0);
    const count = Number(/all ([\d,]+) events/.exec(all.stdout)?.[1]?.replaceAll(",", ""));
    expect(linesOf(all.stdout).filter((line) => /^ *\d+\.\d{3} +#\d+ /.test(line))).toHaveLength(count);
  });

  test("cannot write the trace: says so and does not pretend", async () => {
    const cwd = emptyFolder();
    writeFileSync(join(cwd, "file"), "");
    const { code, stdout, stderr } = await cli(
      ["replay", "calm", "--policy", "abd", "--seed", "1", "--trace", "file/t"],
      { cwd },
    );
    expect(code).toBe(2);
    expect(stdout).toContain("no violation");
    expect(linesOf(stderr)).toHaveLength(1);
  });
});
