import { type SimpleLatency, simpleQuantile } from "./latency-distribution.ts";
import { SurvivalCurve } from "./survival-curve.ts";

/**
 * The quantile function of a weighted mixture: of several distributions, one is meant with the probability of its
 * weight. To choose which one, and then a quantile of it, would take two choices; inverting the distribution of the
 * whole takes one, keeps 0 the shortest delay, and is increasing.
 *
 * There is no formula for the inverse. It is found by Newton's method on the survival curve, within a bracket from
 * a table: cells of equal width in the log-odds of the quantile, so that they are fine in both tails. The table is
 * filled as it is needed. A delay is found to some 14 digits: far finer than the step from one quantile to the
 * next, so rounding never turns the order of two of them round.
 */

/** Quantiles are used to this resolution, that of the choices of a run. */
const RESOLUTION = 4_294_967_296;
const CELLS_PER_UNIT = 16;
/** Beyond the log-odds of the lowest and the highest quantile other than 0. */
const ODDS_MAX = 23;
const CELLS = 2 * ODDS_MAX * CELLS_PER_UNIT;
/** The share of a delay by which it may be wrong: some rounding errors. */
const ERROR_MAX = 1e-14;
/** More than halving alone would take. */
const STEPS_MAX = 200;
/** Larger than the error of the parts' own quantile functions, by which their bracket may be too narrow. */
const SLACK = 1e-8;

export interface WeightedLatency {
  /** In proportion to the others. */
  readonly weight: number;
  readonly model: SimpleLatency;
}

/** @returns milliseconds for a quantile in [0, 1) */
export function mixtureQuantile(parts: readonly WeightedLatency[]): (quantile: number) => number {
  const mixture = new Mixture(parts);
  return (quantile) => mixture.quantile(quantile);
}

class Mixture {
  private readonly curve: SurvivalCurve;
  private readonly partQuantiles: readonly ((quantile: number) => number)[];
  private readonly leastMs: number;
  /** Delays at the edges of the cells; NaN where not known yet. */
  private readonly edgesMs = new Float64Array(CELLS + 1).fill(Number.NaN);

  constructor(parts: readonly WeightedLatency[]) {
    const total = parts.reduce((sum, { weight }) => sum + weight, 0);
    this.curve = new SurvivalCurve(parts.map(({ weight, model }) => ({ weight: weight / total, model })));
    this.partQuantiles = parts.map(({ model }) => simpleQuantile(model));
    this.leastMs = Math.min(...this.partQuantiles.map((quantileOf) => quantileOf(0)));
  }

  quantile(quantile: number): number {
    const q = Math.floor(quantile * RESOLUTION) / RESOLUTION;
    if (q <= 0) return this.leastMs;
    const survival = 1 - q;
    const place = (ODDS_MAX - Math.log(survival / q)) * CELLS_PER_UNIT;
    const cell = Math.floor(place);
    const fromMs = this.edgeMs(cell);
    const toMs = this.edgeMs(cell + 1);
    return this.solve(survival, fromMs, toMs, fromMs + (place - cell) * (toMs - fromMs));
  }

  private edgeMs(index: number): number {
    const known = this.edgesMs[index] as number;
    if (!Number.isNaN(known)) return known;
    const odds = index / CELLS_PER_UNIT - ODDS_MAX;
    const ms = this.solveAnywhere(1 / (1 + Math.exp(-odds)), 1 / (1 + Math.exp(odds)));
    this.edgesMs[index] = ms;
    return ms;
  }

  /** The quantile of a mixture lies between the least and the largest of those of its parts. */
  private solveAnywhere(quantile: number, survival: number): number {
    const delaysMs = this.partQuantiles.map((quantileOf) => quantileOf(quantile));
    const lowMs = Math.min(...delaysMs) * (1 - SLACK);
    const highMs = Math.max(...delaysMs) * (1 + SLACK);
    return this.solve(survival, lowMs, highMs, (lowMs + highMs) / 2);
  }

  /** The delay between `fromMs` and `toMs` that is exceeded with the probability `survival`. */
  private solve(survival: number, fromMs: number, toMs: number, guessMs: number): number {
    const { curve } = this;
    for (const { ms, weight } of curve.steps) {
      const after = curve.at(ms);
      if (survival >= after && survival < after + weight) return ms;
    }
    let lowMs = fromMs;
    let highMs = toMs;
    let ms = guessMs;
    /** The last step of Newton's method; 0 when the last one was none. */
    let lastStepMs = 0;
    for (let step = 0; step < STEPS_MAX; step++) {
      const excess = curve.at(ms) - survival;
      if (excess > 0) lowMs = ms;
      else highMs = ms;
      const nextMs = ms + excess / curve.density;
      if (nextMs >= lowMs && nextMs <= highMs) {
        const stepMs = Math.abs(nextMs - ms);
        // Each step is a constant times the square of the one before: the next one is known before it is taken.
        if (stepMs * stepMs * stepMs <= ERROR_MAX * nextMs * lastStepMs * lastStepMs) return nextMs;
        lastStepMs = stepMs;
        ms = nextMs;
      } else {
        // Where the density is 0 or has a jump, that method knows nothing; halving always works.
        const middleMs = lowMs + (highMs - lowMs) / 2;
        if (middleMs === ms) return ms;
        lastStepMs = 0;
        ms = middleMs;
      }
    }
    return ms;
  }
}
