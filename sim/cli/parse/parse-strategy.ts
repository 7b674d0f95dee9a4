import { strategyProblem } from "../../run/strategy.ts";

/** "pct:3" */
export function parseStrategy(input: string): string {
  const problem = strategyProblem(input);
  if (problem !== null) throw new Error(problem);
  return input;
}
