import { count } from "../../report/units.ts";
import { countSeeds, type SeedRange, SEEDS_MAX } from "../../search/job.ts";

const FORM = "a seed such as 17, or a range such as 1..200";

/** "17" or "1..200". Throws an Error with one line that says what is wrong. */
export function parseSeeds(input: string): SeedRange {
  const match = /^(\d+)(?:\.\.(\d+))?$/.exec(input.trim());
  if (match === null) throw new Error(`expected ${FORM}`);
  const first = wholeSeed(match[1] as string);
  const last = wholeSeed(match[2] ?? (match[1] as string));
  if (first > last) {
    throw new Error(`expected a range with its smaller end first; did you mean ${last}..${first}?`);
  }
  const range = { first, last };
  if (countSeeds(range) > SEEDS_MAX) {
    throw new Error(`expected at most ${count(SEEDS_MAX)} seeds, got ${count(countSeeds(range))}`);
  }
  return range;
}

export function parseSeed(input: string): number {
  if (!/^\d+$/.test(input.trim())) throw new Error("expected a seed such as 17");
  return wholeSeed(input.trim());
}

function wholeSeed(digits: string): number {
  const seed = Number(digits);
  if (!Number.isSafeInteger(seed)) throw new Error(`expected seeds of at most ${Number.MAX_SAFE_INTEGER}`);
  return seed;
}
