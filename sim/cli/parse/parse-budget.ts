import { parseDuration } from "../../world/quantity-text.ts";

const RUNS_MAX = 10_000_000;

/** "10s" in milliseconds. Throws an Error with one line that says what is wrong. */
export function parseTimeBudget(input: string): number {
  const parsed = parseDuration(input);
  if ("expected" in parsed) throw new Error(`expected ${parsed.expected}`);
  if (parsed.value === 0) throw new Error("expected more than 0: nothing can be tried in no time");
  return parsed.value;
}

/** A number of runs: of candidates, or of one candidate. */
export function parseRuns(input: string): number {
  const runs = /^\d{1,9}$/.test(input.trim()) ? Number(input) : 0;
  if (runs < 1 || runs > RUNS_MAX) throw new Error(`expected a whole number from 1 to ${RUNS_MAX}`);
  return runs;
}
