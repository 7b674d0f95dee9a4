import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { checkBytes } from "../../../sim/check/check-bytes.ts";
import { placeByTime } from "../../../sim/check/formats/place-by-time.ts";
import type { RecordedOperation } from "../../../sim/check/formats/recorded-history.ts";
import { historyWriters } from "../../../sim/check/formats/write-history.ts";
import { checkLarge, type Spill } from "../../../sim/check/large-history.ts";
import { anyHistory, genuineHistory } from "./unique-values.ts";

function spillInMemory(partCount: number, partBytesMax = Number.POSITIVE_INFINITY): Spill {
  const parts = Array.from({ length: partCount }, () => "");
  return {
    partCount,
    partBytesMax,
    write(part, line) {
      parts[part] += `${line}\n`;
    },
    async *read(part) {
      yield new TextEncoder().encode(parts[part]);
    },
  };
}

async function* inPieces(text: string): AsyncGenerator<Uint8Array> {
  const bytes = new TextEncoder().encode(text);
  for (let from = 0; from < bytes.length; from += 100) yield bytes.subarray(from, from + 100);
}

/** Places are counted part by part; nobody is shown them. */
function withoutPlaces(checked: unknown): unknown {
  return JSON.parse(
    JSON.stringify(checked, (name, value: unknown) => (/^(call|return)At$/.test(name) ? undefined : value)),
  ) as unknown;
}

/** Histories of a few keys, of which most are right, in one. */
const histories = fc
  .array(
    fc.oneof(
      { weight: 3, arbitrary: genuineHistory(8, true, false) },
      { weight: 1, arbitrary: anyHistory(6, false) },
    ),
    { minLength: 1, maxLength: 6 },
  )
  .map((keys) =>
    placeByTime(
      keys.flatMap((operations, index) =>
        operations.map((operation): RecordedOperation => {
          const line = operation.line + index * 100;
          return { ...operation, key: `k${index}`, line, process: String(line) };
        }),
      ),
    ),
  );

describe.each(historyWriters.map(({ name }) => name))("a history as %s", (name) => {
  test("is judged part by part as it is at once", async () => {
    const writer = historyWriters.find((each) => each.name === name);
    const counts = { linearizable: 0, violation: 0, unknown: 0 };
    const property = fc.asyncProperty(
      histories,
      fc.integer({ min: 1, max: 5 }),
      async (operations, parts) => {
        const text = [...(writer?.write({ operations }) ?? [])].join("");
        const atOnce = await checkBytes(inPieces(text), "a", {});
        const inParts = await checkLarge(inPieces(text), "a", {}, spillInMemory(parts));
        expect(withoutPlaces(inParts)).toEqual(withoutPlaces(atOnce));
        if (atOnce.ok) counts[atOnce.value.report.verdict]++;
      },
    );
    await fc.assert(property, { seed: 20261123, numRuns: 60 });
    expect(counts.linearizable).toBeGreaterThan(4);
    expect(counts.violation).toBeGreaterThan(4);
  });
});

const line = (index: number, key: string | null): string =>
  JSON.stringify({
    process: "p",
    f: "read",
    key,
    result: "ok",
    callUs: index * 10,
    returnUs: index * 10 + 1,
  });

async function problemOf(lines: readonly string[], spill: Spill): Promise<string> {
  const checked = await checkLarge(inPieces(`${lines.join("\n")}\n`), "a", {}, spill);
  return checked.ok
    ? "none"
    : checked.problems.map(({ position, message }) => `${position?.line}: ${message}`).join();
}

test("one key that is too large to be held is refused with a word", async () => {
  const lines = Array.from({ length: 100 }, (_, index) => line(index, "a"));
  expect(await problemOf(lines, spillInMemory(3))).toBe("none");
  expect(await problemOf(lines, spillInMemory(3, 5000))).toMatch(
    /^\d+: the operations on "a", or on few keys: more than/,
  );
  const keyless = lines.map((each) => each.replace('"a"', "null"));
  expect(await problemOf(keyless, spillInMemory(3, 5000))).toMatch(/its operations are all about one thing/);
});

test("operations of one process out of order are refused with a word", async () => {
  expect(await problemOf([line(5, "a"), line(3, "b")], spillInMemory(2))).toBe(
    "2: process p calls read at 30, before its read of line 1: in a history of this size the operations of each " +
      "process must be in the order of their calls, so sort them",
  );
});
