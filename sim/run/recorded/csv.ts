/** One record of a file, with the line that it begins in, from 1. */
export interface CsvRecord {
  readonly line: number;
  readonly fields: readonly string[];
  /** What is wrong with it; then the fields say nothing. */
  readonly problem: string | null;
}

/** Reads CSV as it comes, in pieces of any length. */
export interface CsvReader {
  /** The records that end within this piece. */
  push(piece: string): CsvRecord[];
  /** What was left open at the end of the file. */
  end(): CsvRecord[];
}

/** A record longer than this has most likely an open quote; it is given up at the end of its line. */
const CHARACTERS_MAX = 65_536;

type State = "start" | "plain" | "quoted" | "closed" | "lost";

/**
 * Comma-separated values (RFC 4180): fields in double quotes may hold delimiters, line ends and, doubled, quotes. Lines
 * may end in CRLF, LF or CR; empty ones are left out, and so is a byte order mark.
 *
 * @param delimiter one character
 */
export function createCsvReader(delimiter = ","): CsvReader {
  let state: State = "start";
  let fields: string[] = [];
  let field = "";
  let size = 0;
  let problem: string | null = null;
  let line = 1;
  let firstLine = 1;
  let isAfterReturn = false;
  let isFirst = true;

  function endField(): void {
    fields.push(field);
    field = "";
    state = "start";
  }

  function endRecord(): CsvRecord[] {
    const isEmpty = state === "start" && fields.length === 0;
    if (state === "quoted") problem ??= "a quote that is not closed";
    endField();
    const record = { line: firstLine, fields: problem === null ? fields : [], problem };
    fields = [];
    problem = null;
    size = 0;
    return isEmpty ? [] : [record];
  }

  function read(character: string): CsvRecord[] {
    const isAfterCr = isAfterReturn;
    isAfterReturn = character === "\r";
    if (character === "\n" && isAfterCr) {
      // The second half of a line end that has been dealt with.
      if (state === "quoted") field += character;
      return [];
    }
    const isLineEnd = character === "\n" || character === "\r";
    if (isLineEnd) line++;
    if (++size > CHARACTERS_MAX && state !== "lost") {
      problem = `longer than ${CHARACTERS_MAX} characters`;
      state = "lost";
    }
    if (isLineEnd && state !== "quoted") {
      const records = endRecord();
      firstLine = line;
      return records;
    }
    switch (state) {
      case "start":
        if (character === '"') state = "quoted";
        else if (character === delimiter) endField();
        else [field, state] = [character, "plain"];
        break;
      case "plain":
        if (character === delimiter) endField();
        else field += character;
        break;
      case "quoted":
        if (character === '"') state = "closed";
        else field += character;
        break;
      case "closed":
        if (character === '"') [field, state] = [field + character, "quoted"];
        else if (character === delimiter) endField();
        else [problem, state] = ["text after a quoted field", "lost"];
        break;
      case "lost":
    }
    return [];
  }

  return {
    push(piece) {
      const text = isFirst && piece.startsWith("\uFEFF") ? piece.slice(1) : piece;
      if (piece !== "") isFirst = false;
      const records: CsvRecord[] = [];
      for (const character of text) records.push(...read(character));
      return records;
    },
    end: () => endRecord(),
  };
}
