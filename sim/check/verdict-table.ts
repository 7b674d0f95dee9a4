import { failed, type Loaded } from "../run/load/load-problem.ts";

/** The file of a folder that says what the verdicts of its histories must be. */
export const VERDICT_TABLE = "verdicts.tsv";

export interface KnownVerdict {
  /** Relative to the folder of the table. */
  readonly file: string;
  readonly isLinearizable: boolean;
}

const HEADER = "file\tlinearizable";
const VERDICTS: Readonly<Record<string, boolean>> = { true: true, false: false };

/**
 * Reads a verdict table: a line `file<tab>linearizable`, then a line for each history, with `true` or `false`.
 *
 * @param name of the table, for the problems
 */
export function readVerdictTable(text: string, name: string): Loaded<readonly KnownVerdict[]> {
  const [header, ...rows] = text.split(/\r?\n/);
  const problemAt = (line: number, message: string) =>
    failed([{ file: name, position: { line, column: 1 }, path: "", message }]);
  if (header !== HEADER) return problemAt(1, 'expected the header "file<tab>linearizable"');
  const verdicts: KnownVerdict[] = [];
  const seen = new Set<string>();
  for (const [index, row] of rows.entries()) {
    if (row.trim() === "") continue;
    const [file = "", verdict = "", ...more] = row.split("\t");
    const isLinearizable = Object.hasOwn(VERDICTS, verdict) ? VERDICTS[verdict] : undefined;
    if (file === "" || isLinearizable === undefined || more.length > 0) {
      return problemAt(index + 2, `expected a file, a tab, and true or false, got ${JSON.stringify(row)}`);
    }
    if (seen.has(file)) return problemAt(index + 2, `${JSON.stringify(file)} is in the table twice`);
    seen.add(file);
    verdicts.push({ file, isLinearizable });
  }
  if (verdicts.length === 0) return problemAt(1, "there is no history in the table");
  return { ok: true, value: verdicts };
}
