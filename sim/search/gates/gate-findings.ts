import type { Unit } from "../../check/measures/measure.ts";
import type { Problem } from "../tally.ts";
import type { GateTally, WorstRun } from "./gate-tally.ts";
import { type Judgement, judgeGate } from "./judge-gate.ts";

/** What of a row's bounds can be judged: each run by itself, or all of them together as well. */
export type GateScope = "runs" | "whole";

/**
 * The bounds that were crossed, with the run that is the furthest beyond each as the one to look at; its seed is 0 when
 * nothing was measured at all.
 */
export function crossedGates(gates: readonly GateTally[], scope: GateScope): Problem<string>[] {
  return gates.flatMap((tally) => {
    const judged = judgeGate(tally);
    if (judged.verdict !== "crossed") return [];
    if (scope === "runs" && judged.gate.measure.isOfRun !== true) return [];
    const { bound, worst, beyondCount } = tally;
    return [
      {
        name: bound,
        seedCount: beyondCount,
        seed: worst?.seed ?? 0,
        example: sentence(tally, judged, worst),
      },
    ];
  });
}

function sentence(
  { bound, measuredCount, beyondCount }: GateTally,
  { gate: { measure }, value }: Judgement,
  worst: WorstRun | null,
): string {
  if (worst === null) return `expected ${bound}, and no run has anything to measure`;
  const runs = `${measuredCount} ${measuredCount === 1 ? "run" : "runs"}`;
  const measured =
    value === null
      ? `beyond it in ${beyondCount} of ${runs}`
      : `measured ${figureText(value, measure.unit)} over ${runs}`;
  return `expected ${bound}, ${measured}; the worst is seed ${worst.seed} with ${figureText(worst.value, measure.unit)}`;
}

/** "12.3 ms", "97.2 %", "41.7 messages", "did not end" */
export function figureText(value: WorstRun["value"], unit: Unit): string {
  if (value === "never") return "no end";
  if (unit === "share") return `${digits(value * 100)} %`;
  if (unit === "ms") return value < 1000 ? `${digits(value)} ms` : `${digits(value / 1000)} s`;
  return `${digits(value)} ${unit}`;
}

function digits(value: number): string {
  return String(Number(value.toPrecision(4)));
}
