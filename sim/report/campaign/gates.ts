import type { Unit } from "../../check/measures/measure.ts";
import { figureText } from "../../search/gates/gate-findings.ts";
import type { GateTally, WorstRun } from "../../search/gates/gate-tally.ts";
import { type Judgement, judgeGate } from "../../search/gates/judge-gate.ts";
import type { CampaignRow } from "../../search/ledger.ts";
import { alignedLines, type Cell } from "../columns.ts";
import type { Page } from "../page.ts";
import { count } from "../units.ts";
import { visible } from "../visible.ts";
import { indented } from "../wrap.ts";

/** One bound of a row, in words. */
export interface GateRow {
  readonly scenario: string;
  readonly policy: string;
  readonly bound: string;
  /** Over all runs; or in how many it was crossed. */
  readonly measured: string;
  /** "48.2 ms (seed 17)"; "-" when nothing was measured. */
  readonly worst: string;
  readonly verdict: Judgement["verdict"] | "open";
}

/**
 * The bounds of all rows. One that is about all runs together is open as long as they have not all been run.
 *
 * @param isWhole false for a part of a campaign
 */
export function gateRows(rows: readonly CampaignRow[], isWhole: boolean): GateRow[] {
  return rows.flatMap(({ scenario, policy, tally, isComplete }) =>
    tally.gates.map((each): GateRow => {
      const judged = judgeGate(each);
      const { gate, value } = judged;
      const isOpen = judged.verdict !== "crossed" || gate.measure.isOfRun !== true;
      return {
        scenario,
        policy,
        bound: each.bound,
        measured: measuredText(each, value, gate.measure.unit),
        worst: worstText(each.worst, gate.measure.unit),
        verdict: isOpen && !(isWhole && isComplete) ? "open" : judged.verdict,
      };
    }),
  );
}

function measuredText({ measuredCount, beyondCount }: GateTally, value: number | null, unit: Unit): string {
  if (measuredCount === 0) return "nothing";
  return value === null
    ? `beyond it in ${count(beyondCount)} of ${count(measuredCount)} runs`
    : figureText(value, unit);
}

function worstText(worst: WorstRun | null, unit: Unit): string {
  return worst === null ? "-" : `${figureText(worst.value, unit)} (seed ${worst.seed})`;
}

const WORDS = { met: "met", crossed: "CROSSED", unmeasured: "not measured", open: "open" } as const;

export function gateWord({ verdict }: GateRow): string {
  return WORDS[verdict];
}

/** The bounds that the scenarios expect, with what was measured. Nothing when there are none. */
export function renderGates(rows: readonly CampaignRow[], isWhole: boolean, { style }: Page): string[] {
  const gates = gateRows(rows, isWhole);
  if (gates.length === 0) return [];
  const titles = ["scenario", "policy", "bound", "", "measured", "worst run"].map((text) => ({
    text,
    set: style.faint,
  }));
  const colours = { met: style.good, crossed: style.bad, unmeasured: style.notable, open: style.notable };
  const lines = gates.map((gate): Cell[] => [
    { text: visible(gate.scenario) },
    { text: visible(gate.policy) },
    { text: visible(gate.bound) },
    { text: gateWord(gate), set: colours[gate.verdict] },
    { text: gate.measured },
    { text: gate.worst },
  ]);
  const aligned = alignedLines(
    [titles, ...lines],
    titles.map(() => "left" as const),
  );
  return ["", "What the scenarios expect:", ...indented(aligned, "  ")];
}
