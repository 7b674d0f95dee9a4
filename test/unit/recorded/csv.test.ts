import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { createCsvReader } from "../../../sim/run/recorded/csv.ts";

/** All records, whatever pieces the text comes in. */
function recordsOf(pieces: readonly string[], delimiter?: string) {
  const reader = createCsvReader(delimiter);
  return [...pieces.flatMap((piece) => reader.push(piece)), ...reader.end()];
}

function fieldsOf(text: string): (readonly string[])[] {
  return recordsOf([text]).map(({ fields }) => fields);
}

const anyField = fc.oneof(
  fc.string(),
  fc.string({ unit: fc.constantFrom('"', ",", ";", "\n", "\r", "a", " ", "ü", "😀"), maxLength: 8 }),
);

describe("a reader of CSV", () => {
  test("gives back what was written, in pieces of any length", () => {
    const quoted = (field: string): string => `"${field.replaceAll('"', '""')}"`;
    fc.assert(
      fc.property(
        fc.array(fc.array(anyField, { minLength: 1, maxLength: 5 }), { maxLength: 6 }),
        fc.constantFrom("\n", "\r\n", "\r"),
        fc.constantFrom(",", ";", "\t"),
        fc.boolean(),
        fc.array(fc.nat(7), { minLength: 1 }),
        (rows, lineEnd, delimiter, isEnded, sizes) => {
          const needsQuotes = (field: string, row: string[]): boolean =>
            /["\r\n]/.test(field) ||
            field.includes(delimiter) ||
            field.startsWith("\uFEFF") ||
            (field === "" && row.length === 1);
          const text =
            rows
              .map((row) =>
                row.map((field) => (needsQuotes(field, row) ? quoted(field) : field)).join(delimiter),
              )
              .join(lineEnd) + (isEnded ? lineEnd : "");
          const pieces: string[] = [];
          for (let at = 0, turn = 0; at < text.length; turn++) {
            const size = 1 + (sizes[turn % sizes.length] as number);
            pieces.push(text.slice(at, at + size));
            at += size;
          }
          const records = recordsOf(pieces, delimiter);
          expect(records.map(({ problem }) => problem).filter((problem) => problem !== null)).toEqual([]);
          expect(records.map(({ fields }) => fields)).toEqual(rows);
        },
      ),
    );
  });

  test("counts lines as an editor does, also within quotes", () => {
    const records = recordsOf(['a,b\r\n"1\r\n2",3\n\n\n4,5\r6,7']);
    expect(records.map(({ line, fields }) => [line, ...fields])).toEqual([
      [1, "a", "b"],
      [2, "1\r\n2", "3"],
      [6, "4", "5"],
      [7, "6", "7"],
    ]);
  });

  test("leaves out a byte order mark and empty lines, but no empty fields", () => {
    expect(fieldsOf('\uFEFFa,b\n\n,\n""\n')).toEqual([["a", "b"], ["", ""], [""]]);
  });

  test("goes on behind a line that is wrong, and says what is", () => {
    const records = recordsOf(['a\n"b"c,d\ne\n"f']);
    expect(records).toEqual([
      { line: 1, fields: ["a"], problem: null },
      { line: 2, fields: [], problem: "text after a quoted field" },
      { line: 3, fields: ["e"], problem: null },
      { line: 4, fields: [], problem: "a quote that is not closed" },
    ]);
  });

  test("gives up a record without an end, at the end of its line", () => {
    const records = recordsOf(['a\n"', "x".repeat(70_000), "\nb\n"]);
    expect(records).toEqual([
      { line: 1, fields: ["a"], problem: null },
      { line: 2, fields: [], problem: "longer than 65536 characters" },
      { line: 3, fields: ["b"], problem: null },
    ]);
  });
});
