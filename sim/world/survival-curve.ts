import { logNormalParameters, type SimpleLatency } from "./latency-distribution.ts";
import { normalDensity, normalTail } from "./normal.ts";

/** A simple model within a mixture. */
export interface Part {
  /** The probability that this is the one. All of them add up to 1. */
  readonly weight: number;
  readonly model: SimpleLatency;
}

/** A delay that has a probability of its own: the curve has a step there. */
interface Step {
  readonly ms: number;
  readonly weight: number;
}

interface Uniform {
  readonly weight: number;
  readonly minMs: number;
  readonly maxMs: number;
}

interface Exponential {
  readonly weight: number;
  readonly minMs: number;
  readonly scaleMs: number;
}

interface LogNormal {
  readonly weight: number;
  readonly mu: number;
  readonly sigma: number;
}

interface Pareto {
  readonly weight: number;
  readonly minMs: number;
  readonly logMin: number;
  readonly shape: number;
}

/**
 * The probability that a delay of a mixture is longer than so many milliseconds. Computed as a survival and not as
 * 1 minus something, so that it is exact far out in the tail.
 *
 * A class with a loop for each kind of part, because one delay takes several evaluations: functions for the parts
 * would cost more than what they compute.
 */
export class SurvivalCurve {
  /** Where the curve has a step; the rest of it is continuous. */
  readonly steps: readonly Step[];
  private readonly uniforms: readonly Uniform[];
  private readonly exponentials: readonly Exponential[];
  private readonly logNormals: readonly LogNormal[];
  private readonly paretos: readonly Pareto[];
  private readonly needsLog: boolean;
  private lastDensity = 0;

  constructor(parts: readonly Part[]) {
    const stepWeights = new Map<number, number>();
    const uniforms: Uniform[] = [];
    const exponentials: Exponential[] = [];
    const logNormals: LogNormal[] = [];
    const paretos: Pareto[] = [];
    const addStep = (ms: number, weight: number): void => {
      stepWeights.set(ms, (stepWeights.get(ms) ?? 0) + weight);
    };
    for (const { weight, model } of parts) {
      switch (model.kind) {
        case "constant":
          addStep(model.ms, weight);
          break;
        case "uniform":
          if (model.minMs === model.maxMs) addStep(model.minMs, weight);
          else uniforms.push({ weight, minMs: model.minMs, maxMs: model.maxMs });
          break;
        case "exponential": {
          const scaleMs = model.meanMs - model.minMs;
          if (scaleMs === 0) addStep(model.minMs, weight);
          else exponentials.push({ weight, minMs: model.minMs, scaleMs });
          break;
        }
        case "lognormal": {
          const { mu, sigma } = logNormalParameters(model.medianMs, model.p99Ms);
          if (sigma === 0) addStep(model.medianMs, weight);
          else logNormals.push({ weight, mu, sigma });
          break;
        }
        case "pareto":
          paretos.push({ weight, minMs: model.minMs, logMin: Math.log(model.minMs), shape: model.shape });
          break;
      }
    }
    this.steps = [...stepWeights].map(([ms, weight]) => ({ ms, weight }));
    this.uniforms = uniforms;
    this.exponentials = exponentials;
    this.logNormals = logNormals;
    this.paretos = paretos;
    this.needsLog = logNormals.length + paretos.length > 0;
  }

  /** Probability per millisecond, steps aside, at the delay that was asked for last. */
  get density(): number {
    return this.lastDensity;
  }

  /** The probability of a delay longer than `ms`. */
  at(ms: number): number {
    let survival = 0;
    let density = 0;
    for (const { weight, ms: stepMs } of this.steps) if (ms < stepMs) survival += weight;
    for (const { weight, minMs, maxMs } of this.uniforms) {
      if (ms <= minMs) survival += weight;
      else if (ms < maxMs) {
        survival += (weight * (maxMs - ms)) / (maxMs - minMs);
        density += weight / (maxMs - minMs);
      }
    }
    for (const { weight, minMs, scaleMs } of this.exponentials) {
      if (ms < minMs) survival += weight;
      else {
        const own = weight * Math.exp((minMs - ms) / scaleMs);
        survival += own;
        density += own / scaleMs;
      }
    }
    const log = this.needsLog ? Math.log(ms) : 0;
    for (const { weight, minMs, logMin, shape } of this.paretos) {
      if (ms < minMs) survival += weight;
      else {
        const own = weight * Math.exp(shape * (logMin - log));
        survival += own;
        density += (own * shape) / ms;
      }
    }
    for (const { weight, mu, sigma } of this.logNormals) {
      const z = (log - mu) / sigma;
      survival += weight * normalTail(z);
      density += (weight * normalDensity(z)) / (sigma * ms);
    }
    this.lastDensity = density;
    return survival;
  }
}
