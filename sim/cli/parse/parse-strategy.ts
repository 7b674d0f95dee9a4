import { strategyProblem } from "../../run/strategy.ts";

/** "pct:3" */
export function parseStrategy(input: string): string {
  const problem = strategyProblem(input);
  if (problem === null) return input;
  const { expected, suggestion } = problem;
  const meant = suggestion === undefined ? "" : `; did you mean "${suggestion}"?`;
  throw new Error(`expected ${expected}, got "${input}"${meant}`);
}
