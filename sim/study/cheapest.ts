import { bestOf, type Bound, meets, worstOf } from "../check/measures/bounds.ts";
import { whyUnmeasurable } from "../check/measures/expectations.ts";
import { measureByName } from "../check/measures/index.ts";
import type { StudyRow } from "./explore.ts";
import { conditionName, isAbout, someScenario, type Study } from "./study.ts";

/** Which candidate is the cheapest of those that meet every bound, and why the others do not. */
export interface BoundVerdict {
  readonly cost: string;
  /** Null when none does. */
  readonly cheapest: string | null;
  readonly candidates: readonly JudgedCandidate[];
}

export interface JudgedCandidate {
  readonly policy: string;
  /** The mean over the conditions. */
  readonly cost: number | null;
  /** The first thing that eliminates it; null when all is met. */
  readonly eliminatedBy: Elimination | null;
}

export interface Elimination {
  /** The text of the bound; null for a run that could not be finished, which says nothing of any bound. */
  readonly bound: string | null;
  readonly condition: string;
  readonly value: number | null;
  /** False when its interval reaches across the limit: more seeds may save it. */
  readonly isCertain: boolean;
}

/**
 * A bound is met when it is met with 95% confidence in every condition that it is about and that has something to measure. A
 * bound "= 0" is met by what was not seen in any run.
 */
export function searchCheapest(study: Study, rows: readonly StudyRow[]): BoundVerdict {
  const costIndex = study.measures.indexOf(study.cost);
  const candidates = study.candidates.map(({ name }): JudgedCandidate => {
    const own = rows.filter((row) => row.policy === name);
    const costs = own.flatMap((row) => row.estimates[costIndex]?.value ?? []);
    const cost = costs.length === 0 ? null : costs.reduce((sum, each) => sum + each, 0) / costs.length;
    return { policy: name, cost, eliminatedBy: unfinishedOf(own) ?? eliminationOf(study, own) };
  });
  const left = candidates
    .filter(({ eliminatedBy }) => eliminatedBy === null)
    .sort((a, b) => (a.cost ?? Infinity) - (b.cost ?? Infinity));
  return { cost: study.cost, cheapest: left[0]?.policy ?? null, candidates };
}

function unfinishedOf(rows: readonly StudyRow[]): Elimination | null {
  const row = rows.find(({ failed }) => failed.count > 0);
  return row === undefined
    ? null
    : { bound: null, condition: row.condition, value: row.failed.count, isCertain: true };
}

function eliminationOf(study: Study, rows: readonly StudyRow[]): Elimination | null {
  let doubtful: Elimination | null = null;
  for (const bound of study.bounds) {
    const measurable = measurableConditions(study, bound.measure);
    for (const row of rows.filter(
      ({ parts, condition }) => isAbout(bound, parts) && measurable.has(condition),
    )) {
      const verdict = judge(bound, row, study.measures.indexOf(bound.measure));
      if (verdict === "met") continue;
      const value = row.estimates[study.measures.indexOf(bound.measure)]?.value ?? null;
      const found = { bound: bound.text, condition: row.condition, value };
      if (verdict === "crossed") return { ...found, isCertain: true };
      doubtful ??= { ...found, isCertain: false };
    }
  }
  return doubtful;
}

function judge(bound: Bound, row: StudyRow, index: number): "met" | "crossed" | "doubtful" {
  const { value, low, high, isOpen } = row.estimates[index] ?? { value: null, low: NaN, high: NaN };
  if (value === null) return measureByName(bound.measure)?.isBestUnmeasured === true ? "met" : "crossed";
  const isDoubtful = isOpen === true && bound.operator.startsWith("<");
  if (!isDoubtful && meets(bound, worstOf(bound, value, low, high))) return "met";
  return meets(bound, bestOf(bound, value, low, high)) ? "doubtful" : "crossed";
}

/** Where there are the faults, or the operations, that a measure needs. */
function measurableConditions({ conditions }: Study, measure: string): Set<string> {
  return new Set(
    conditions
      .filter((condition) => whyUnmeasurable(measure, someScenario(condition)) === null)
      .map(conditionName),
  );
}
