import { createHash, randomInt } from "node:crypto";
import { count } from "../../report/units.ts";
import { countSeeds, type SeedRange, SEEDS_MAX } from "../../search/job.ts";

const FORM =
  "a seed such as 17, a range such as 1..200, random:200 for as many fresh ones, or TEXT:200 for those of a " +
  "text, such as a commit";
/** Ranges of their own begin below this, so that they stay readable. */
const FIRST_MAX = 1_000_000_000;

/**
 * "17", "1..200", "random:200", or "5f3c2e1:200": the seeds that belong to that text, always the same. Throws an Error
 * with one line that says what is wrong.
 */
export function parseSeeds(input: string): SeedRange {
  const text = input.trim();
  const of = /^([\w.\-/]{1,200}):(\d+)$/.exec(text);
  if (of !== null) return rangeOf(firstOf(of[1] as string), wholeSeed(of[2] as string));
  const match = /^(\d+)(?:\.\.(\d+))?$/.exec(text);
  if (match === null) throw new Error(`expected ${FORM}`);
  const first = wholeSeed(match[1] as string);
  const last = wholeSeed(match[2] ?? (match[1] as string));
  if (first > last) {
    throw new Error(`expected a range with its smaller end first; did you mean ${last}..${first}?`);
  }
  return bounded({ first, last });
}

export function parseSeed(input: string): number {
  if (!/^\d+$/.test(input.trim())) throw new Error("expected a seed such as 17");
  return wholeSeed(input.trim());
}

function rangeOf(first: number, length: number): SeedRange {
  if (length < 1) throw new Error("expected at least one seed");
  return bounded({ first, last: first + length - 1 });
}

function bounded(range: SeedRange): SeedRange {
  if (countSeeds(range) <= SEEDS_MAX) return range;
  throw new Error(`expected at most ${count(SEEDS_MAX)} seeds, got ${count(countSeeds(range))}`);
}

function firstOf(text: string): number {
  if (text === "random") return randomInt(1, FIRST_MAX);
  return 1 + (createHash("sha256").update(text).digest().readUInt32BE() % FIRST_MAX);
}

function wholeSeed(digits: string): number {
  const seed = Number(digits);
  if (!Number.isSafeInteger(seed)) throw new Error(`expected seeds of at most ${Number.MAX_SAFE_INTEGER}`);
  return seed;
}
