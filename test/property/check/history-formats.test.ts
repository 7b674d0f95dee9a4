import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { formatByName, guessFormat, type HistoryFormat } from "../../../sim/check/formats/history-format.ts";
import { placeByTime } from "../../../sim/check/formats/place-by-time.ts";
import { readHistory } from "../../../sim/check/formats/read-history.ts";
import type {
  Data,
  RecordedHistory,
  RecordedOperation,
} from "../../../sim/check/formats/recorded-history.ts";
import { historyWriters } from "../../../sim/check/formats/write-history.ts";

/** Whatever is written can be read again, in whatever pieces it comes, and says the same. */

const SEED = 20260125;
const CASES = 150;

const text = fc.oneof(fc.string({ maxLength: 6 }), fc.string({ unit: "grapheme", maxLength: 6 }));
const { data } = fc.letrec<{ data: Data }>((tie) => ({
  data: fc.oneof(
    { depthSize: "small" },
    fc.constant(null),
    fc.boolean(),
    fc.maxSafeInteger(),
    // As JSON, whole numbers that are not exact cannot be told from others that are next to them.
    fc
      .double({ noNaN: true, noDefaultInfinity: true })
      .map((number) => (Number.isInteger(number) && !Number.isSafeInteger(number) ? 0.5 : number + 0)),
    text,
    fc.array(tie("data"), { maxLength: 3 }),
    fc.dictionary(text, tie("data"), { maxKeys: 2, noNullPrototype: true }),
  ),
}));

const operation = fc.record({
  process: fc.nat(3),
  f: fc.constantFrom("read", "write", "cas", "add"),
  key: text,
  input: data,
  output: data,
  callUs: fc.nat(40),
  length: fc.nat(20),
  result: fc.constantFrom<RecordedOperation["result"][]>("ok", "ok", "fail", "indeterminate"),
  isOpen: fc.boolean(),
  ttlMs: fc.option(fc.nat(1000), { nil: undefined }),
});

/** With keys or without; at least one read, called with no value, as every test with keys has. */
const histories: fc.Arbitrary<RecordedHistory> = fc
  .tuple(fc.array(operation, { minLength: 1, maxLength: 12 }), fc.boolean())
  .map(([raw, isKeyed]) => {
    /** A process does one thing at a time, but may go on at the very instant at which it had its answer. */
    const freeAtUs = new Map<number, number>();
    const operations = raw.map((drawn, index): RecordedOperation => {
      const { process, key, input, output, length, result, isOpen, ttlMs } = drawn;
      const f = index === 0 ? "read" : drawn.f;
      const isRead = f === "read";
      const answer = result === "ok" ? output : null;
      const callUs = Math.max(drawn.callUs, freeAtUs.get(process) ?? 0);
      freeAtUs.set(process, callUs + length);
      return {
        line: index + 1,
        process: `c${process}`,
        f,
        key: isKeyed ? key : null,
        input: isRead ? null : input,
        output: answer,
        result,
        callAt: 0,
        returnAt: 0,
        callUs,
        returnUs: result === "indeterminate" && isOpen ? Number.POSITIVE_INFINITY : callUs + length,
        ...(isRead && result === "ok" && answer === null && { isAbsent: true }),
        ...(ttlMs !== undefined && { ttlMs }),
      };
    });
    return { operations: placeByTime(operations) };
  });

/** Cuts bytes into pieces of the given lengths, over and over. */
function* pieces(bytes: Uint8Array, lengths: readonly number[]): Generator<Uint8Array> {
  for (let from = 0, turn = 0; from < bytes.length; turn++) {
    const length = lengths[turn % lengths.length] ?? 1;
    yield bytes.subarray(from, from + length);
    from += length;
  }
}

async function read(written: string, lengths: readonly number[], format: HistoryFormat | null) {
  const loaded = await readHistory(pieces(new TextEncoder().encode(written), lengths), "h", format);
  if (!loaded.ok) throw new Error(loaded.problems.map(({ message }) => message).join());
  return loaded.value.history.operations;
}

/** All pairs of which one came before the other. */
function precedences(operations: readonly RecordedOperation[]): boolean[][] {
  return operations.map((a) => operations.map((b) => a.returnAt < b.callAt));
}

describe.each(historyWriters)("a history written as $name", ({ name, write }) => {
  const format = formatByName(name) as HistoryFormat;
  const kept = name === "jepsen" ? [] : (["callUs", "returnUs", "ttlMs", "isAbsent"] as const);
  const fields = ["f", "key", "input", "output", "result", ...kept] as const;
  const facts = (operations: readonly RecordedOperation[]) =>
    operations.map((each) => fields.map((field) => each[field]));

  test("is read as it was", async () => {
    await fc.assert(
      fc.asyncProperty(
        histories,
        fc.array(fc.integer({ min: 1, max: 50 }), { minLength: 1 }),
        async (history, cuts) => {
          const written = [...write(history)].join("");
          expect(guessFormat(written)?.name).toBe(name);
          const again = await read(written, cuts, format);
          expect(facts(again)).toEqual(facts(history.operations));
          expect(precedences(again)).toEqual(precedences(history.operations));
        },
      ),
      { seed: SEED, numRuns: CASES },
    );
  });

  test("and cut off anywhere is refused or is a beginning of it, never anything else", async () => {
    await fc.assert(
      fc.asyncProperty(histories, fc.nat(), async (history, cut) => {
        const written = [...write(history)].join("");
        const bytes = new TextEncoder().encode(written);
        const loaded = await readHistory([bytes.subarray(0, cut % bytes.length)], "h", format);
        if (!loaded.ok) {
          expect(loaded.problems).toHaveLength(1);
          return;
        }
        const { operations } = loaded.value.history;
        if (name === "jsonl") expect(operations.length).toBeLessThanOrEqual(history.operations.length);
        else
          expect(operations.map(({ f }) => f)).toEqual(
            history.operations.slice(0, operations.length).map(({ f }) => f),
          );
      }),
      { seed: SEED, numRuns: CASES },
    );
  });
});
