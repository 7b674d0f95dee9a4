import { createReadStream, readdirSync, readFileSync, statSync } from "node:fs";
import { extname, join } from "node:path";
import { readVerdictTable, VERDICT_TABLE } from "../../check/verdict-table.ts";
import type { HistoryVerdict } from "../../check/check-history.ts";
import { loadedOrThrow, UsageError } from "../usage-error.ts";

/** A history that is to be checked. */
export interface CheckSource {
  readonly file: string;
  readonly expected: HistoryVerdict | null;
  /** Known before it is read; 0 for what has none. */
  readonly bytes: number;
  readonly open: () => AsyncIterable<Uint8Array>;
}

/** What a history in a folder without a table is called. */
const EXTENSIONS: readonly string[] = [".jsonl", ".log", ".edn", ".txt"];

/**
 * The histories that the words of a command line stand for: files, `-` for the standard input, folders. Of a folder
 * with a table of verdicts, what the table names; of another one, whatever is called like a history.
 */
export function checkSources(words: readonly string[], stdin: AsyncIterable<Uint8Array>): CheckSource[] {
  if (words.filter((word) => word === "-").length > 1) {
    throw new UsageError(["- is the standard input, which can be read once: give it once"]);
  }
  return words.flatMap((word): CheckSource[] => {
    if (word === "-") return [{ file: "standard input", expected: null, bytes: 0, open: () => stdin }];
    if (!isFolder(word)) return [fileSource(word, null)];
    const table = join(word, VERDICT_TABLE);
    if (statSync(table, { throwIfNoEntry: false }) !== undefined) {
      return loadedOrThrow(readVerdictTable(readFileSync(table, "utf8"), table)).map(
        ({ file, isLinearizable }) =>
          fileSource(join(word, file), isLinearizable ? "linearizable" : "violation"),
      );
    }
    const files = readdirSync(word, { recursive: true, encoding: "utf8" })
      .filter((file) => EXTENSIONS.includes(extname(file)))
      .toSorted();
    if (files.length > 0) return files.map((file) => fileSource(join(word, file), null));
    throw new UsageError([
      `${word}: no history in this folder: expected ${VERDICT_TABLE}, or files called ${EXTENSIONS.join(", ")}`,
    ]);
  });
}

function fileSource(file: string, expected: HistoryVerdict | null): CheckSource {
  const { size = 0 } = statSync(file, { throwIfNoEntry: false }) ?? {};
  return { file, expected, bytes: size, open: () => createReadStream(file) };
}

function isFolder(path: string): boolean {
  return statSync(path, { throwIfNoEntry: false })?.isDirectory() ?? false;
}
