import { count } from "../../report/units.ts";
import { RANGE_SEEDS_MAX } from "../../search/bugs/hunt-all.ts";

const RANGES_MAX = 1000;

/** How many ranges of seeds. Throws an Error with one line that says what is wrong. */
export function parseRanges(input: string): number {
  return wholeUpTo(input, RANGES_MAX);
}

/** How many seeds of a range. */
export function parseMaxSeeds(input: string): number {
  return wholeUpTo(input, RANGE_SEEDS_MAX);
}

function wholeUpTo(input: string, most: number): number {
  const value = /^\d{1,9}$/.test(input.trim()) ? Number(input) : 0;
  if (value < 1 || value > most) throw new Error(`expected a whole number from 1 to ${count(most)}`);
  return value;
}
