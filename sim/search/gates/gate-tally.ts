import { meets } from "../../check/measures/bounds.ts";
import { type Gate, gateOf } from "../../check/measures/expectations.ts";
import { estimate } from "../../check/measures/measure.ts";
import type { Outcome } from "../../run/outcome.ts";
import { type Bars, barsOf, mergeBars } from "../histogram.ts";

/**
 * What many runs say of one bound of their scenario. Whether it was met is decided by counts, which add up exactly: a
 * quantile is below a limit when enough of the values are. The histogram only says about how much it was.
 */
export interface GateTally {
  /** As the scenario has it. */
  readonly bound: string;
  /** Runs that say something of the measure, and those of them that are beyond the bound by themselves. */
  readonly measuredCount: number;
  readonly beyondCount: number;
  /** Of a share or a mean: so much of so much. */
  readonly part: number;
  readonly whole: number;
  /** Of a quantile: single values, and how many of them are less than the limit, or no more than it. */
  readonly valueCount: number;
  readonly lessCount: number;
  readonly atMostCount: number;
  /** Their histogram; of what is measured in milliseconds, in microseconds. */
  readonly bars: Bars;
  /** The run that is the furthest from meeting it, of several the one with the lowest seed. */
  readonly worst: WorstRun | null;
}

export interface WorstRun {
  readonly seed: number;
  /** In the unit of the measure; `never` when what is measured did not come to its end. */
  readonly value: number | "never";
}

/** Right to 2 %. */
export const GATE_BARS_PER_OCTAVE = 64;

export function tallyGates(seed: number, outcome: Outcome, gates: readonly Gate[]): GateTally[] {
  return gates.map((gate) => tallyGate(seed, outcome, gate));
}

function tallyGate(seed: number, outcome: Outcome, { bound, measure }: Gate): GateTally {
  const figure = measure.figure(outcome);
  const isEndless = measure.isEndless?.(outcome) ?? false;
  const value = isEndless ? "never" : estimate(measure, [figure]);
  const values = figure.kind === "samples" ? figure.values : [];
  return {
    bound: bound.text,
    measuredCount: value === null ? 0 : 1,
    beyondCount: value === null || (value !== "never" && meets(bound, value)) ? 0 : 1,
    part: figure.kind === "ratio" ? figure.part : 0,
    whole: figure.kind === "ratio" ? figure.whole : 0,
    valueCount: values.length,
    lessCount: values.filter((each) => each < bound.limit).length,
    atMostCount: values.filter((each) => each <= bound.limit).length,
    bars: barsOf(
      values.map((each) => Math.round(each * (measure.unit === "ms" ? 1000 : 1))),
      GATE_BARS_PER_OCTAVE,
    ),
    worst: value === null ? null : { seed, value },
  };
}

/** Of the same gates in the same order; or of none. */
export function mergeGates(a: readonly GateTally[], b: readonly GateTally[]): readonly GateTally[] {
  if (a.length === 0) return b;
  if (b.length === 0) return a;
  return a.map((one, index) => {
    const other = b[index];
    return other === undefined ? one : mergeSame(one, other, gateOf(one.bound));
  });
}

function mergeSame(a: GateTally, b: GateTally, gate: Gate): GateTally {
  return {
    bound: a.bound,
    measuredCount: a.measuredCount + b.measuredCount,
    beyondCount: a.beyondCount + b.beyondCount,
    part: a.part + b.part,
    whole: a.whole + b.whole,
    valueCount: a.valueCount + b.valueCount,
    lessCount: a.lessCount + b.lessCount,
    atMostCount: a.atMostCount + b.atMostCount,
    bars: mergeBars(a.bars, b.bars),
    worst: worseOf(a.worst, b.worst, gate),
  };
}

function worseOf(a: WorstRun | null, b: WorstRun | null, gate: Gate): WorstRun | null {
  if (a === null || b === null) return a ?? b;
  const [badnessA, badnessB] = [badness(a, gate), badness(b, gate)];
  if (badnessA !== badnessB) return badnessA > badnessB ? a : b;
  return a.seed < b.seed ? a : b;
}

function badness({ value }: WorstRun, { bound: { operator, limit } }: Gate): number {
  if (value === "never") return Infinity;
  if (operator === "=") return Math.abs(value - limit);
  return operator === "<" || operator === "<=" ? value : -value;
}
