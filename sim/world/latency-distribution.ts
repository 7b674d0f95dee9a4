import { z } from "zod";
import { normalQuantile } from "./normal.ts";

/**
 * The simple models of a delay, by their quantile functions. Their survival functions, which mixtures need, are in
 * `survival-curve.ts`.
 *
 * Only `Math.log`, `Math.exp` and `Math.sqrt` are used: they give the same bits on every Node that we run on.
 */

export const LATENCY_MS_MAX = 86_400_000;
/** With a lower one, single delays would last for centuries. */
export const PARETO_SHAPE_MIN = 0.5;
export const PARETO_SHAPE_MAX = 1000;

export const delayMs = z.number().min(0).max(LATENCY_MS_MAX);
const positive = z.number().positive().max(LATENCY_MS_MAX);

/** As a plan says them. */
export const simpleLatencySchemas = [
  z.strictObject({ kind: z.literal("constant"), ms: delayMs }),
  z.strictObject({ kind: z.literal("uniform"), minMs: delayMs, maxMs: positive }),
  /** The mean is that of the whole delay, its fixed part included. */
  z.strictObject({ kind: z.literal("exponential"), minMs: delayMs, meanMs: positive }),
  z.strictObject({ kind: z.literal("lognormal"), medianMs: positive, p99Ms: positive }),
  /** A delay is longer than `ms` with the probability `minMs / ms` to the power of `shape`. */
  z.strictObject({
    kind: z.literal("pareto"),
    minMs: positive,
    shape: z.number().min(PARETO_SHAPE_MIN).max(PARETO_SHAPE_MAX),
  }),
] as const;

export type SimpleLatency = z.infer<(typeof simpleLatencySchemas)[number]>;

/** The 0.99 quantile of the standard normal distribution. */
const Z_99 = 2.3263478740408408;

/** Mean and standard deviation of the logarithm of a lognormal delay. */
export function logNormalParameters(medianMs: number, p99Ms: number): { mu: number; sigma: number } {
  const mu = Math.log(medianMs);
  return { mu, sigma: (Math.log(p99Ms) - mu) / Z_99 };
}

/** @returns milliseconds for a quantile in [0, 1) */
export function simpleQuantile(model: SimpleLatency): (quantile: number) => number {
  switch (model.kind) {
    case "constant":
      return () => model.ms;
    case "uniform": {
      const width = model.maxMs - model.minMs;
      return (quantile) => model.minMs + width * quantile;
    }
    case "exponential": {
      const scale = model.meanMs - model.minMs;
      return (quantile) => model.minMs - scale * Math.log(1 - quantile);
    }
    case "lognormal": {
      const { mu, sigma } = logNormalParameters(model.medianMs, model.p99Ms);
      return (quantile) => Math.exp(mu + sigma * normalQuantile(quantile));
    }
    case "pareto":
      return (quantile) => model.minMs * Math.exp(-Math.log(1 - quantile) / model.shape);
  }
}
