import { HistoryProblem } from "./history-problem.ts";

/** A piece of a text with the line on which it begins, from 1. */
export interface Piece {
  readonly line: number;
  readonly text: string;
  /** True for the last line when nothing ends it: perhaps it was cut off. */
  readonly isUnended: boolean;
}

/** No honest line of a history is longer, and one that is must not fill the memory. */
export const LINE_LENGTH_MAX = 1_048_576;

/** Lines that say something, without their ends. */
export async function* splitLines(
  chunks: AsyncIterable<string>,
  lengthMax = LINE_LENGTH_MAX,
): AsyncGenerator<Piece> {
  let rest = "";
  let line = 1;
  for await (const chunk of chunks) {
    const text = rest + chunk;
    let from = 0;
    for (let end = text.indexOf("\n"); end !== -1; end = text.indexOf("\n", from)) {
      const piece = text.slice(from, end);
      if (piece.length > lengthMax) throw tooLong(line);
      if (piece.trim() !== "") yield { line, text: piece.trimEnd(), isUnended: false };
      from = end + 1;
      line++;
    }
    rest = text.slice(from);
    if (rest.length > lengthMax) throw tooLong(line);
  }
  if (rest.trim() !== "") yield { line, text: rest.trimEnd(), isUnended: true };
}

function tooLong(line: number): HistoryProblem {
  return new HistoryProblem(line, `longer than ${LINE_LENGTH_MAX} characters: expected one operation a line`);
}
