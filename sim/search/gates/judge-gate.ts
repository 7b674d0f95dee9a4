import { type Bound, meets } from "../../check/measures/bounds.ts";
import { type Gate, gateOf } from "../../check/measures/expectations.ts";
import { barAtRank, lowerEndOf, upperEndOf } from "../histogram.ts";
import { GATE_BARS_PER_OCTAVE, type GateTally } from "./gate-tally.ts";

/** Whether runs are within a bound, and what was measured. */
export interface Judgement {
  readonly gate: Gate;
  /** `unmeasured`: no run says anything of it, and that is neither good nor bad. */
  readonly verdict: "met" | "crossed" | "unmeasured";
  /** Over all runs, in the unit of the measure, to 2 % for a quantile; null of what each run has for itself. */
  readonly value: number | null;
}

/**
 * A measure that a run has for itself, such as its recovery, must meet the bound in every run. Shares, means and
 * quantiles are taken over all runs together, each operation counting once.
 */
export function judgeGate(tally: GateTally): Judgement {
  const gate = gateOf(tally.bound);
  const { bound, measure } = gate;
  if (measure.isOfRun === true) {
    const verdict = tally.beyondCount > 0 ? "crossed" : tally.measuredCount > 0 ? "met" : "unmeasured";
    return { gate, verdict, value: null };
  }
  if (tally.measuredCount === 0) {
    const isFine = measure.isBestUnmeasured === true;
    return { gate, verdict: isFine ? "unmeasured" : "crossed", value: null };
  }
  if (tally.valueCount > 0) {
    const isMet = meetsByRank(bound, tally, rankOf(measure.quantile ?? 0.5, tally.valueCount));
    return { gate, verdict: isMet ? "met" : "crossed", value: quantileOf(gate, tally, isMet) };
  }
  const value = (tally.part / tally.whole) * (measure.unit === "per thousand" ? 1000 : 1);
  return { gate, verdict: meets(bound, value) ? "met" : "crossed", value };
}

function rankOf(quantile: number, count: number): number {
  return Math.max(1, Math.ceil(quantile * count - 1e-9));
}

/** The value at the rank is less than the limit exactly when so many values are. */
function meetsByRank({ operator }: Bound, { lessCount, atMostCount }: GateTally, rank: number): boolean {
  const isLess = lessCount >= rank;
  const isAtMost = atMostCount >= rank;
  switch (operator) {
    case "<":
      return isLess;
    case "<=":
      return isAtMost;
    case "=":
      return isAtMost && !isLess;
    case ">=":
      return !isLess;
    case ">":
      return !isAtMost;
  }
}

/** The end of the bar that does not contradict the verdict. */
function quantileOf(
  { bound, measure }: Gate,
  { bars, valueCount }: GateTally,
  isMet: boolean,
): number | null {
  const bar = barAtRank(bars, rankOf(measure.quantile ?? 0.5, valueCount));
  if (bar === null) return null;
  const isUpper = (bound.operator === "<" || bound.operator === "<=") !== isMet;
  const end = (isUpper ? upperEndOf : lowerEndOf)(bar, GATE_BARS_PER_OCTAVE);
  return measure.unit === "ms" ? end / 1000 : end;
}
