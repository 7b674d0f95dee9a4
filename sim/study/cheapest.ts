import { meets, worstOf } from "../check/measures/bounds.ts";
import type { StudyRow } from "./explore.ts";
import { isAbout, type Study } from "./study.ts";

/** Which policy is the cheapest of those that meet every bound, and why the others do not. */
export interface BoundVerdict {
  readonly cost: string;
  /** Null when none does. */
  readonly cheapest: string | null;
  readonly candidates: readonly Candidate[];
}

export interface Candidate {
  readonly policy: string;
  /** The mean over the conditions. */
  readonly cost: number | null;
  /** The first bound that eliminates it; null when all are met. */
  readonly eliminatedBy: Elimination | null;
}

export interface Elimination {
  readonly bound: string;
  readonly condition: string;
  readonly value: number | null;
  /** False when its value meets the bound, and only its interval does not: more seeds may save it. */
  readonly isCertain: boolean;
}

/**
 * A bound is met when it is met with 95% confidence in every condition that it is about. A bound "= 0" is met by what
 * was not seen in any run.
 */
export function searchCheapest(study: Study, rows: readonly StudyRow[]): BoundVerdict {
  const costIndex = study.measures.indexOf(study.cost);
  const candidates = study.policies.map((policy): Candidate => {
    const own = rows.filter((row) => row.policy === policy);
    const costs = own.flatMap((row) => row.estimates[costIndex]?.value ?? []);
    const cost = costs.length === 0 ? null : costs.reduce((sum, each) => sum + each, 0) / costs.length;
    return { policy, cost, eliminatedBy: eliminationOf(study, own) };
  });
  const left = candidates
    .filter(({ eliminatedBy }) => eliminatedBy === null)
    .sort((a, b) => (a.cost ?? Infinity) - (b.cost ?? Infinity));
  return { cost: study.cost, cheapest: left[0]?.policy ?? null, candidates };
}

function eliminationOf(study: Study, rows: readonly StudyRow[]): Elimination | null {
  let doubtful: Elimination | null = null;
  for (const bound of study.bounds) {
    for (const row of rows.filter(({ parts }) => isAbout(bound, parts))) {
      const estimate = row.estimates[study.measures.indexOf(bound.measure)];
      if (estimate === undefined) continue;
      const { value, low, high } = estimate;
      const found = { bound: bound.text, condition: row.condition, value };
      if (!meets(bound, value)) return { ...found, isCertain: true };
      if (value !== null && !meets(bound, worstOf(bound, value, low, high))) {
        doubtful ??= { ...found, isCertain: false };
      }
    }
  }
  return doubtful;
}
