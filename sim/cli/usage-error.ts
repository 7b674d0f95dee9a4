import { type Loaded, renderProblem } from "../run/load/load-problem.ts";
import { visible } from "../report/visible.ts";

/** A mistake of the user, as lines to print. No stack trace: there is nothing wrong with the tool. */
export class UsageError extends Error {
  override readonly name = "UsageError";
  readonly lines: readonly string[];

  constructor(lines: readonly string[]) {
    super(lines.join("\n"));
    this.lines = lines;
  }
}

/** The value that was loaded, or a UsageError with everything that is wrong with its file. */
export function loadedOrThrow<T>(loaded: Loaded<T>): T {
  if (loaded.ok) return loaded.value;
  throw new UsageError(problemLines(loaded));
}

export function problemLines(loaded: Loaded<unknown>): string[] {
  return loaded.ok ? [] : loaded.problems.map((problem) => visible(renderProblem(problem)));
}
