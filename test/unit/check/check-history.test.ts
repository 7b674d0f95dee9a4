import { describe, expect, test } from "vitest";
import { checkBytes, type CheckBytesOptions } from "../../../sim/check/check-bytes.ts";
import { readVerdictTable } from "../../../sim/check/verdict-table.ts";

interface Line {
  readonly f: string;
  readonly key?: string;
  readonly input?: unknown;
  readonly output?: unknown;
  readonly ttlMs?: number;
  readonly result?: string;
}

/** One operation after the other, a millisecond each, every ten milliseconds. */
function jsonl(...lines: readonly Line[]): Uint8Array[] {
  const text = lines.map((line, index) => {
    const times = { callUs: 10_000 * index, returnUs: 10_000 * index + 1000 };
    return `${JSON.stringify({ process: "c", result: "ok", ...times, ...line })}\n`;
  });
  return [new TextEncoder().encode(text.join(""))];
}

async function check(bytes: Uint8Array[], options: CheckBytesOptions = {}) {
  const checked = await checkBytes(bytes, "h", options);
  if (!checked.ok) throw new Error(checked.problems.map(({ message }) => message).join());
  return checked.value.report;
}

const write = (input: unknown, more: Partial<Line> = {}): Line => ({ f: "write", input, ...more });
const read = (output: unknown, more: Partial<Line> = {}): Line => ({ f: "read", output, ...more });

describe("checking a history", () => {
  test("goes key by key, and names the keys that are wrong", async () => {
    const report = await check(
      jsonl(write(1, { key: "a" }), write(1, { key: "b" }), read(1, { key: "a" }), read(2, { key: "b" })),
    );
    expect(report).toMatchObject({ verdict: "violation", operationCount: 4, keyCount: 2, zoneKeys: 2 });
    expect(report.findings).toMatchObject([{ verdict: "violation", key: "b" }]);
    expect(report.findings[0]?.summary).toContain("nobody wrote");
  });

  test("a violation of one key weighs more than what is unknown of another, and that more than the rest", async () => {
    const twice = (key: string) => [write(1, { key }), read(1, { key }), write(1, { key }), read(1, { key })];
    const wrong = [write(1, { key: "w" }), read(2, { key: "w" })];
    const unknown = await check(jsonl(...twice("u"), write(1, { key: "r" })), { stepsMax: 1 });
    expect(unknown).toMatchObject({ verdict: "unknown", findings: [{ verdict: "unknown", key: "u" }] });
    const both = await check(jsonl(...twice("u"), ...wrong), { stepsMax: 1 });
    expect(both).toMatchObject({ verdict: "violation", findings: [{ key: "w" }, { key: "u" }] });
    expect(await check(jsonl(...twice("u"), write(1, { key: "r" })))).toMatchObject({
      verdict: "linearizable",
    });
  });

  test("says how stale a register is", async () => {
    const { findings } = await check(jsonl(write(1), write(2), write(3), read(1)));
    expect(findings[0]?.notes).toEqual([
      "It would be right if every read had been called 19 ms earlier.",
      "The read that is most behind is that of line 4: 2 newer writes had ended when it was called.",
    ]);
  });

  test("judges misses as it is told", async () => {
    const evicted = jsonl(write(1), read(null), read(null));
    const back = jsonl(write(1), read(null), read(1));
    expect((await check(evicted)).verdict).toBe("violation");
    expect((await check(evicted, { misses: "evictable" })).verdict).toBe("linearizable");
    expect((await check(back, { misses: "evictable" })).verdict).toBe("violation");
    expect((await check(back, { misses: "uninformative" })).verdict).toBe("linearizable");
  });

  test("knows times to live, and how wrong clocks may be", async () => {
    const expired = jsonl(write(1, { ttlMs: 15 }), read(1), read(null));
    expect((await check(expired)).verdict).toBe("linearizable");
    const early = jsonl(write(1, { ttlMs: 25 }), read(1), read(null));
    expect((await check(early)).verdict).toBe("violation");
    expect((await check(early, { clockSkewMs: 5 })).verdict).toBe("linearizable");
    const header = new TextEncoder().encode('{"format":"cache-sim/history","version":1,"clockSkewMs":5}\n');
    expect((await check([header, ...early])).verdict).toBe("linearizable");
  });

  test("refuses to judge what it cannot: times to live where values repeat", async () => {
    await expect(check(jsonl(write(1, { ttlMs: 15 }), write(1)))).rejects.toThrow("unique");
    await expect(check(jsonl(write(1), write(1)), { misses: "evictable" })).rejects.toThrow("unique");
  });
});

describe("a table of verdicts", () => {
  const problemOf = (text: string): string => {
    const read = readVerdictTable(text, "t");
    if (read.ok) throw new Error("expected a problem");
    return read.problems.map(({ position, message }) => `${position?.line} ${message}`).join();
  };

  test("is read with any line ends", () => {
    expect(readVerdictTable("file\tlinearizable\r\na.log\ttrue\r\nb/c.txt\tfalse\r\n\r\n", "t")).toEqual({
      ok: true,
      value: [
        { file: "a.log", isLinearizable: true },
        { file: "b/c.txt", isLinearizable: false },
      ],
    });
  });

  test.each([
    ["", "1 expected the header"],
    ["file\tlinearizable\n", "1 there is no history"],
    ["file\tlinearizable\na\tyes\n", "2 expected a file, a tab, and true or false"],
    ["file\tlinearizable\na\ttrue\n\na\tfalse\n", '4 "a" is in the table twice'],
    ["file\tlinearizable\na\ttoString\n", "2 expected a file"],
  ])("is refused when it is %j", (text, problem) => {
    expect(problemOf(text)).toContain(problem);
  });
});
