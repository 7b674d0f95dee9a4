import type { Figure } from "../check/measures/figure.ts";
import { estimate, type Measure } from "../check/measures/measure.ts";
import { createDraw } from "../kernel/draw.ts";

/** A value with its 95% interval. Null: the runs say nothing of it. */
export interface Estimate {
  readonly value: number | null;
  readonly low: number;
  readonly high: number;
  /** Of a quantile with too few samples: all of them may lie below it, so it may be above `high`. */
  readonly isOpen?: true;
}

const RESAMPLES = 400;
const TAIL = 0.025;

/**
 * Estimates a measure over runs, and how it differs from that of other runs with the same seeds. Runs, not operations,
 * are what is independent of each other, so it is runs that the bootstrap draws anew (B. Efron, "Bootstrap methods",
 * 1979; percentile intervals). Both samples are drawn alike, so what two policies have in common drops out of their
 * difference.
 *
 * A share of which nothing was seen, or of which all was, looks certain to the bootstrap: see `ofNoneOrAll`.
 */
export function createSampler(runCount: number): Sampler {
  const draw = createDraw("study/resamples");
  const resamples = Array.from({ length: RESAMPLES }, (_, index) => {
    const weights = new Uint16Array(runCount);
    const at = draw.at(index);
    for (let pick = 0; pick < runCount; pick++) {
      const run = at.int(`${pick}`, 0, runCount - 1);
      weights[run] = (weights[run] ?? 0) + 1;
    }
    return weights;
  });

  /** Those of a baseline are asked for again with every policy. */
  const known = new WeakMap<readonly Figure[], Map<Measure, readonly (number | null)[]>>();

  function resampled(measure: Measure, figures: readonly Figure[]): readonly (number | null)[] {
    const ofFigures = known.get(figures) ?? new Map<Measure, readonly (number | null)[]>();
    known.set(figures, ofFigures);
    const values = ofFigures.get(measure) ?? resamples.map(weigh(measure, figures));
    ofFigures.set(measure, values);
    return values;
  }

  return {
    estimate(measure, figures, worst) {
      const value = estimate(measure, figures);
      if (value === null) return { value, low: Number.NaN, high: Number.NaN };
      const rare = ofNoneOrAll(measure, figures, worst);
      const interval = rare ?? percentiles(resampled(measure, figures));
      return { value, ...interval, ...(hasTooFew(measure, figures) && { isOpen: true as const }) };
    },
    difference(measure, figures, others) {
      const value = estimate(measure, figures);
      const other = estimate(measure, others);
      if (value === null || other === null) return { value: null, low: Number.NaN, high: Number.NaN };
      const ours = resampled(measure, figures);
      const theirs = resampled(measure, others);
      const differences = ours.map((each, index) => {
        const its = theirs[index] ?? null;
        return each === null || its === null ? null : each - its;
      });
      return { value: value - other, ...percentiles(differences) };
    },
  };
}

export interface Sampler {
  /** @param worst see `worstShare` */
  estimate(measure: Measure, figures: readonly Figure[], worst: number | null): Estimate;
  /** What the figures have more than the others, which come from the same seeds in the same order. */
  difference(measure: Measure, figures: readonly Figure[], others: readonly Figure[]): Estimate;
}

/** Whether all samples may lie below the quantile, with a probability of more than 2.5%. */
function hasTooFew({ quantile = 0.5 }: Measure, figures: readonly Figure[]): boolean {
  const count = figures.reduce((sum, each) => sum + (each.kind === "samples" ? each.values.length : 0), 0);
  return count > 0 && count * Math.log(quantile) > Math.log(TAIL);
}

/** The measure as a function of how often each run counts. */
function weigh(
  { quantile = 0.5, unit }: Measure,
  figures: readonly Figure[],
): (weights: Uint16Array) => number | null {
  const scale = unit === "per thousand" ? 1000 : 1;
  if (figures.some(({ kind }) => kind === "samples")) return weighQuantile(quantile, figures);
  const parts = figures.map((figure) => (figure.kind === "ratio" ? figure.part : valueOf(figure)));
  const wholes = figures.map((figure) =>
    figure.kind === "ratio" ? figure.whole : figure.kind === "value" && figure.value !== null ? 1 : 0,
  );
  return (weights) => {
    let part = 0;
    let whole = 0;
    for (const [run, weight] of weights.entries()) {
      part += weight * (parts[run] ?? 0);
      whole += weight * (wholes[run] ?? 0);
    }
    return whole === 0 ? null : (part / whole) * scale;
  };
}

function valueOf(figure: Figure): number {
  return figure.kind === "value" ? (figure.value ?? 0) : 0;
}

/** All samples sorted once; a resample then only counts its way up to the quantile. */
function weighQuantile(
  quantile: number,
  figures: readonly Figure[],
): (weights: Uint16Array) => number | null {
  const all = figures.flatMap((figure, run) =>
    figure.kind === "samples" ? figure.values.map((value) => ({ value, run })) : [],
  );
  all.sort((a, b) => a.value - b.value);
  const sizes = figures.map((figure) => (figure.kind === "samples" ? figure.values.length : 0));
  const runs = Uint32Array.from(all, ({ run }) => run);
  return (weights) => {
    let total = 0;
    for (const [run, weight] of weights.entries()) total += weight * (sizes[run] ?? 0);
    if (total === 0) return null;
    const rank = Math.max(1, Math.ceil(quantile * total - 1e-9));
    let seen = 0;
    for (let index = 0; index < runs.length; index++) {
      seen += weights[runs[index] as number] as number;
      if (seen >= rank) return all[index]?.value ?? null;
    }
    return all.at(-1)?.value ?? null;
  };
}

function percentiles(values: readonly (number | null)[]): { low: number; high: number } {
  const sorted = values.filter((value) => value !== null).sort((a, b) => a - b);
  const at = (share: number): number =>
    sorted[Math.min(sorted.length - 1, Math.floor(share * sorted.length))] ?? Number.NaN;
  return { low: at(TAIL), high: at(1 - TAIL) };
}

/**
 * The interval of a share of which no run, or every run, has anything. How many runs may have it after all is bounded by
 * Clopper and Pearson, and how much such a run has by the worst run that anybody had. Where nobody had one, operations are
 * taken for independent. Null where it does not apply.
 */
function ofNoneOrAll(
  { unit }: Measure,
  figures: readonly Figure[],
  worst: number | null,
): { low: number; high: number } | null {
  if (unit !== "share" && unit !== "per thousand") return null;
  let runs = 0;
  let part = 0;
  let whole = 0;
  for (const figure of figures) {
    if (figure.kind !== "ratio" || figure.part > figure.whole) return null;
    if (figure.whole > 0) runs++;
    part += figure.part;
    whole += figure.whole;
  }
  if (runs === 0 || (part > 0 && part < whole)) return null;
  const scale = unit === "per thousand" ? 1000 : 1;
  const unseen = (worst === null ? unseenOf(whole) : unseenOf(runs) * worst) * scale;
  return part === 0 ? { low: 0, high: unseen } : { low: scale - unseen, high: scale };
}

/** The share of which none of so many may still be, with 97.5% confidence. */
function unseenOf(count: number): number {
  return 1 - Math.exp(Math.log(TAIL) / count);
}

/**
 * The largest share that any of the runs has, of what is bad: of what should be there, the largest that is missing. Null
 * where no run has any.
 */
export function worstShare({ better }: Measure, figures: readonly Figure[]): number | null {
  let worst = 0;
  for (const figure of figures) {
    if (figure.kind !== "ratio" || figure.whole <= 0) continue;
    const share = figure.part / figure.whole;
    worst = Math.max(worst, better === "less" ? share : 1 - share);
  }
  return worst > 0 ? worst : null;
}
