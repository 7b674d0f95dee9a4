import { measures } from "../check/measures/index.ts";
import { didYouMean, oneOf } from "../run/suggest.ts";

/** What a policy has to meet: in every condition, or in those with a part of this name. */
export interface Bound {
  readonly text: string;
  readonly measure: string;
  readonly operator: "<" | "<=" | "=" | ">=" | ">";
  readonly limit: number;
  /** A cluster, a network, a profile of faults or a workload; null for all. */
  readonly within: string | null;
}

const FORM =
  /^\s*(?<measure>[a-z][a-z0-9.-]*)\s*(?<operator><=|>=|<|>|=)\s*(?<number>\d+(?:\.\d+)?)\s*(?<unit>ms|s|%)?(?:\s+in\s+(?<within>\S+))?\s*$/;

/** The bound, or what is wrong with its text. */
export function parseBound(text: string, parts: readonly string[]): Bound | { readonly problem: string } {
  const groups = FORM.exec(text)?.groups;
  if (groups === undefined) {
    return {
      problem: `expected a bound such as "read-p99 < 20ms" or "lost-writes = 0 in crash", got "${text}"`,
    };
  }
  const { measure: name = "", operator, number, unit, within = null } = groups;
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
  if (within !== null && !parts.includes(within)) {
    return {
      problem: `expected ${oneOf("clusters, networks, faults and workloads", parts)}, got "${within}"`,
    };
  }
  const scale = unit === "s" ? 1000 : unit === "%" ? 0.01 : 1;
  return {
    text: text.trim(),
    measure: name,
    operator: operator as Bound["operator"],
    limit: Number(number) * scale,
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
