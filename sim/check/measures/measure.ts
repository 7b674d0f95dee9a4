import type { Outcome } from "../../run/outcome.ts";
import type { Figure } from "./figure.ts";

export type Unit = "ms" | "share" | "per thousand" | "versions" | "messages" | "bytes" | "records" | "times";

/** Something that policies can be compared by: which figure of a run, and what of it. */
export interface Measure {
  readonly name: string;
  /** One line, for lists and legends. */
  readonly summary: string;
  readonly unit: Unit;
  /** Which way is better. */
  readonly better: "less" | "more";
  /** Pure. Measures of the same figure share the function, so that it is asked once a run. */
  readonly figure: (outcome: Outcome) => Figure;
  /** Of samples: which quantile, in [0, 1]. */
  readonly quantile?: number;
  /** True when each run has a value of its own, which a bound of a scenario holds in every run. */
  readonly isOfRun?: true;
  /** What a scenario must have for runs to say anything of it. */
  readonly needs?: Need;
  /** True when it is at its best where nothing was measured, as the age of what is stale is. */
  readonly isBestUnmeasured?: true;
  /** Whether a run has no value because what is measured never came to its end. */
  readonly isEndless?: (outcome: Outcome) => boolean;
}

export type Need = "faults" | "crashes" | "partitions" | "reads" | "writes";

/** What a measure of one or several runs together is, in the unit of the measure; null when they say nothing of it. */
export function estimate({ quantile = 0.5, unit }: Measure, figures: readonly Figure[]): number | null {
  const scale = unit === "per thousand" ? 1000 : 1;
  let part = 0;
  let whole = 0;
  const all: number[] = [];
  for (const figure of figures) {
    if (figure.kind === "ratio") {
      part += figure.part;
      whole += figure.whole;
    } else if (figure.kind === "samples") {
      for (const each of figure.values) all.push(each);
    } else if (figure.value !== null) {
      part += figure.value;
      whole++;
    }
  }
  if (all.length > 0)
    return quantileOf(
      all.sort((a, b) => a - b),
      quantile,
    );
  return whole === 0 ? null : (part / whole) * scale;
}

/**
 * The smallest of the values that at least the share `quantile` of them does not exceed: an observed value, never
 * one in between. Null when there is none.
 *
 * @param sorted rising
 */
export function quantileOf(sorted: readonly number[], quantile: number): number | null {
  const rank = Math.max(1, Math.ceil(quantile * sorted.length - 1e-9));
  return sorted[Math.min(rank, sorted.length) - 1] ?? null;
}
