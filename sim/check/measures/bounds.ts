import { didYouMean, oneOf } from "../../run/suggest.ts";
import { measures } from "./index.ts";

/** What a policy has to meet, as studies (`bounds`) and scenarios (`expect`) write it. */
export interface Bound {
  readonly text: string;
  readonly measure: string;
  readonly operator: "<" | "<=" | "=" | ">=" | ">";
  readonly limit: number;
  /** What it is only about: a part of a study's condition, or a policy; null for all. */
  readonly within: string | null;
}

/** What a bound may end with: `in` a part of a study's conditions, `for` a policy. */
export interface Ending {
  readonly word: "in" | "for";
  /** What the names are, to be read after "expected". */
  readonly what: string;
  readonly names: readonly string[];
}

const FORM =
  /^\s*(?<measure>[a-z][a-z0-9.-]*)\s*(?<operator><=|>=|<|>|=)\s*(?<number>\d+(?:\.\d+)?)\s*(?<unit>ms|s|%)?(?:\s+(?<word>in|for)\s+(?<within>\S+))?\s*$/;

/**
 * The bound, or what is wrong with its text.
 *
 * @param ending without it, a bound may end with any name
 */
export function parseBound(text: string, ending?: Ending): Bound | { readonly problem: string } {
  const groups = FORM.exec(text)?.groups;
  if (groups === undefined) {
    return {
      problem: `expected a bound such as "read-p99 < 20ms" or "lost-writes = 0 ${ending?.word ?? "in"} ${ending?.names[0] ?? "crash"}", got "${text}"`,
    };
  }
  const { measure: name = "", operator, number, unit, word, within = null } = groups;
  const measure = measures.find((each) => each.name === name);
  const names = measures.map((each) => each.name);
  if (measure === undefined) {
    return { problem: `expected ${oneOf("measures", names)}, got "${name}"${didYouMean(name, names)}` };
  }
  const wanted = measure.unit === "ms" ? ["ms", "s"] : measure.unit === "share" ? ["%"] : [];
  const isZero = Number(number) === 0;
  if (unit === undefined ? measure.unit === "ms" && !isZero : !wanted.includes(unit)) {
    const expected = wanted.length === 0 ? "a plain number" : `a number with ${wanted.join(" or ")}`;
    return { problem: `${name}: expected ${expected}, got "${number}${unit ?? ""}"` };
  }
  if (within !== null && ending !== undefined) {
    const { names: known, what } = ending;
    if (word !== ending.word) {
      return { problem: `expected "${ending.word} ${within}" (${what}), got "${word} ${within}"` };
    }
    if (!known.includes(within)) {
      return { problem: `expected ${oneOf(what, known)}, got "${within}"${didYouMean(within, known)}` };
    }
  }
  const given = Number(number);
  return {
    text: text.trim(),
    measure: name,
    operator: operator as Bound["operator"],
    // A division, so that 99.9% is the number that 999 of 1000 are.
    limit: unit === "s" ? given * 1000 : unit === "%" ? given / 100 : given,
    within,
  };
}

/** Whether a value meets the bound; what was not measured meets none. */
export function meets({ operator, limit }: Bound, value: number | null): boolean {
  if (value === null) return false;
  switch (operator) {
    case "<":
      return value < limit;
    case "<=":
      return value <= limit;
    case "=":
      return value === limit;
    case ">=":
      return value >= limit;
    case ">":
      return value > limit;
  }
}

/**
 * The end of an interval that has to meet the bound, for it to be met as surely as the interval is right. "= 0" is
 * met by what was never seen: no number of runs makes its interval a point.
 */
export function worstOf({ operator }: Bound, value: number, low: number, high: number): number {
  if (operator === "<" || operator === "<=") return high;
  return operator === "=" ? value : low;
}

/** The other end: when even that does not meet the bound, it is not met, as surely as the interval is right. */
export function bestOf({ operator }: Bound, value: number, low: number, high: number): number {
  if (operator === "<" || operator === "<=") return low;
  return operator === "=" ? value : high;
}
