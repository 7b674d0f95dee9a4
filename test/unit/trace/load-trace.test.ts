import { gunzipSync, gzipSync } from "node:zlib";
import { beforeAll, describe, expect, test } from "vitest";
import { traceLines } from "../../../sim/report/trace-lines.ts";
import { renderProblem } from "../../../sim/run/load/load-problem.ts";
import { loadTrace } from "../../../sim/trace/load-trace.ts";
import type { Replay } from "../../../sim/trace/replay.ts";
import { cachePlan, replayCache } from "../../support/cache-plan.ts";

const known = { systems: ["cache"], policies: ["abd"], invariants: [] };
let replayed: Replay;
let bytes: Buffer;

beforeAll(async () => {
  replayed = await replayCache(
    cachePlan({ operations: [{ id: "c1#1", client: "c1", atMs: 10, kind: "set", key: "k", value: "a" }] }),
  );
  bytes = gzipSync([...traceLines(replayed, { code: "1.2.3", node: "v20.19.0" })].join(""));
});

function problemOf(file: Uint8Array): string {
  const loaded = loadTrace(file, "t.jsonl.gz", known);
  if (loaded.ok) throw new Error("it was loaded");
  return loaded.problems.map(renderProblem).join("\n");
}

/** The file with its text changed. */
function edited(change: (lines: string[]) => string[]): Buffer {
  return gzipSync(change(gunzipSync(bytes).toString().split("\n")).join("\n"));
}

describe("a trace file", () => {
  test("gives back what was recorded, packed or not", () => {
    for (const file of [bytes, gunzipSync(bytes)]) {
      const loaded = loadTrace(file, "t", known);
      if (!loaded.ok) throw new Error(loaded.problems.map(renderProblem).join("\n"));
      expect(loaded.value.plan).toEqual(replayed.outcome.plan);
      expect(loaded.value).toMatchObject({ code: "1.2.3", node: "v20.19.0", traceHash: replayed.traceHash });
      expect(loaded.value.events).toEqual(JSON.parse(JSON.stringify(replayed.events)));
    }
  });

  test("that was cut off says so, wherever the cut is", () => {
    for (const length of [20, 200, bytes.length - 4]) {
      expect(problemOf(bytes.subarray(0, length))).toMatch(/ends in the middle of a trace; .*copy it again/);
    }
    const text = gunzipSync(bytes);
    expect(problemOf(gzipSync(text.subarray(0, text.length - 30)))).toMatch(
      /events are there; it was cut off/,
    );
    expect(problemOf(gzipSync(text.subarray(0, text.length - 1)))).toMatch(/it was cut off/);
  });

  test("that was edited does not have its hash any more", () => {
    const change = (lines: string[]) =>
      lines.map((line, at) => (at === 5 ? line.replace(/n\d/, "n9") : line));
    expect(problemOf(edited(change))).toMatch(/do not have the hash in its header.*edit the plan/);
  });

  test("whose bytes are damaged cannot be unpacked", () => {
    const damaged = Buffer.from(bytes);
    damaged.fill(0xff, 30, 90);
    expect(problemOf(damaged)).toMatch(/damaged .*copy it again|cut off/);
  });

  test("of a newer or older version says what to do", () => {
    const version = (to: string) => (lines: string[]) => [
      (lines[0] ?? "").replace('"version":1', `"version":${to}`),
      ...lines.slice(1),
    ];
    expect(problemOf(edited(version("2")))).toMatch(
      /t\.jsonl\.gz:1:1: expected version 1, got 2: .*newer cache-sim: update/,
    );
    expect(problemOf(edited(version("0")))).toMatch(/expected version 1, got 0: write it again/);
  });

  test("that is something else is told from one", () => {
    expect(problemOf(gzipSync('{"format":"other"}\n'))).toMatch(
      /expected a header .*got format "other".*not a trace/,
    );
    expect(problemOf(gzipSync("hello"))).toMatch(/got no format: this is not a trace/);
    expect(problemOf(new Uint8Array())).toMatch(/the file is empty/);
    expect(problemOf(Uint8Array.of(0xff, 0xfe, 0, 1))).toMatch(/not a trace/);
  });

  test("has a plan that is checked like any other", () => {
    const wrong = (lines: string[]) => [
      (lines[0] ?? "").replace('"deadlineMs":1000', '"deadlineMs":-1'),
      ...lines.slice(1),
    ];
    expect(problemOf(edited(wrong))).toMatch(/plan in the header.*deadlineMs/);
  });
});
