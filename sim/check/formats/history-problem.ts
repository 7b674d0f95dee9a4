/** What is wrong with a line of a history. Readers throw it; who reads a file turns it into a {@link Problem}. */
export class HistoryProblem extends Error {
  override readonly name = "HistoryProblem";
  readonly line: number;
  readonly column: number;

  constructor(line: number, message: string, column = 1) {
    super(message);
    this.line = line;
    this.column = column;
  }
}

const SHOWN_LENGTH_MAX = 60;

/** A piece of a line as a message shows it. */
export function excerpt(text: string): string {
  return JSON.stringify(text.length > SHOWN_LENGTH_MAX ? `${text.slice(0, SHOWN_LENGTH_MAX - 3)}...` : text);
}
