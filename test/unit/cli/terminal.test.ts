import { EventEmitter } from "node:events";
import { describe, expect, test } from "vitest";
import { hasColours, pageFor } from "../../../sim/cli/context.ts";
import { EXIT } from "../../../sim/cli/exit-code.ts";
import { catchInterrupt } from "../../../sim/cli/interrupt.ts";
import { createProgress } from "../../../sim/cli/progress.ts";
import { writeProblem } from "../../../sim/cli/write-problem.ts";
import type { CampaignProgress } from "../../../sim/search/campaign.ts";
import type { Job } from "../../../sim/search/job.ts";

function fakeStream(changes: object = {}) {
  const written: string[] = [];
  const stream = {
    isTTY: false,
    getColorDepth: () => 8,
    write: (text: string) => written.push(text),
    ...changes,
  } as unknown as NodeJS.WriteStream;
  return { stream, text: () => written.join("") };
}

const terminal = fakeStream({ isTTY: true, columns: 60 });
const pipe = fakeStream();

describe("colours", () => {
  test("are for terminals, unless a variable says otherwise", () => {
    expect(hasColours(terminal.stream, {})).toBe(true);
    expect(hasColours(pipe.stream, {})).toBe(false);
    expect(hasColours(terminal.stream, { NO_COLOR: "1" })).toBe(false);
    expect(hasColours(terminal.stream, { NO_COLOR: "" })).toBe(true);
    expect(hasColours(pipe.stream, { FORCE_COLOR: "1" })).toBe(true);
    expect(hasColours(terminal.stream, { FORCE_COLOR: "0" })).toBe(false);
    expect(hasColours(fakeStream({ isTTY: true, getColorDepth: () => 1 }).stream, {})).toBe(false);
  });
});

describe("the width of a page", () => {
  test("is that of the terminal, else what COLUMNS says, else a usual one, and never absurd", () => {
    expect(pageFor(terminal.stream, { COLUMNS: "200" }).width).toBe(60);
    expect(pageFor(pipe.stream, { COLUMNS: "72" }).width).toBe(72);
    for (const COLUMNS of [undefined, "", "wide", "0"]) {
      expect(pageFor(pipe.stream, COLUMNS === undefined ? {} : { COLUMNS }).width).toBe(120);
    }
    expect(pageFor(pipe.stream, { COLUMNS: "3" }).width).toBe(40);
    expect(pageFor(pipe.stream, { COLUMNS: "-5" }).width).toBe(40);
  });
});

describe("progress", () => {
  const at = (elapsedMs: number): CampaignProgress => ({
    seedsDone: 500,
    seedsTotal: 2800,
    violatingSeeds: 12,
    elapsedMs,
    job: { scenario: { name: "partition-heal" }, policy: "seed" } as Job,
  });

  test("is a line on a terminal that is written over and taken away, and never wraps", () => {
    const { stream, text } = fakeStream({ isTTY: true, columns: 50 });
    const progress = createProgress(stream);
    progress.show(at(1000));
    expect(text().startsWith("\r\u001b[K500 of 2,800 runs, 500/s, 4.6 s left")).toBe(true);
    expect(text().length).toBeLessThan(50 + 4);
    progress.clear();
    progress.clear();
    expect(text().split("\u001b[K")).toHaveLength(3);
  });

  test("is a plain line now and then in a log", () => {
    const { stream, text } = fakeStream();
    const progress = createProgress(stream);
    for (let elapsedMs = 0; elapsedMs <= 25_000; elapsedMs += 100) progress.show(at(elapsedMs));
    progress.clear();
    const lines = text().split("\n");
    expect(lines).toHaveLength(3);
    expect(lines[0]).toMatch(
      /^500 of 2,800 runs, 50\/s, 46\.0 s left, 12 with violations; partition-heal seed$/,
    );
    expect(text()).not.toContain("\u001b");
  });
});

describe("an interrupt", () => {
  test("is caught once, and then does what it always does", () => {
    const process = new EventEmitter() as unknown as NodeJS.Process;
    const interrupt = catchInterrupt(process);
    expect(interrupt.exitCode).toBeNull();
    process.emit("SIGINT");
    expect(interrupt.signal.aborted).toBe(true);
    expect(interrupt.exitCode).toBe(EXIT.sigint);
    expect(process.listenerCount("SIGINT")).toBe(0);
    expect(process.listenerCount("SIGTERM")).toBe(0);
  });

  test("leaves no listener behind when none came", () => {
    const process = new EventEmitter() as unknown as NodeJS.Process;
    catchInterrupt(process).release();
    expect(process.listenerCount("SIGINT") + process.listenerCount("SIGTERM")).toBe(0);
  });
});

describe("a file that cannot be written", () => {
  test("is one line in plain words", () => {
    const error = Object.assign(new Error("ENOSPC: no space left on device, write"), { code: "ENOSPC" });
    expect(writeProblem("a/b", error)).toBe("cannot write a/b: the disk is full");
    expect(writeProblem("a\u001bb", new Error("why"), "go on")).toBe("cannot write a\\x1bb: why; go on");
  });
});
