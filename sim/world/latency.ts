import { z } from "zod";

/**
 * How long a message takes one way. Each model is an increasing function of one quantile, so that a choice of
 * 0 is always the shortest delay that the model can give.
 *
 * Only `Math.log`, `Math.exp` and `Math.sqrt` are used: they give the same bits on every Node that we run on.
 */

const MS_MAX = 86_400_000;
const duration = z.number().min(0).max(MS_MAX);
const positive = z.number().positive().max(MS_MAX);

export const latencySchema = z.discriminatedUnion("kind", [
  z.strictObject({ kind: z.literal("constant"), ms: duration }),
  z.strictObject({ kind: z.literal("uniform"), minMs: duration, maxMs: positive }),
  z.strictObject({ kind: z.literal("exponential"), minMs: duration, meanMs: positive }),
  z.strictObject({ kind: z.literal("lognormal"), medianMs: positive, p99Ms: positive }),
]);

export type LatencyModel = z.infer<typeof latencySchema>;

/** Milliseconds for a quantile in [0, 1). */
export type LatencySampler = (quantile: number) => number;

/** The 0.99 quantile of the standard normal distribution. */
const Z_99 = 2.3263478740408408;

export function latencySampler(model: LatencyModel): LatencySampler {
  switch (model.kind) {
    case "constant":
      return () => model.ms;
    case "uniform": {
      const width = model.maxMs - model.minMs;
      return (quantile) => model.minMs + width * quantile;
    }
    case "exponential": {
      // The mean is that of the whole delay, its fixed part included.
      const scale = model.meanMs - model.minMs;
      return (quantile) => model.minMs - scale * Math.log(1 - quantile);
    }
    case "lognormal": {
      const mu = Math.log(model.medianMs);
      const sigma = (Math.log(model.p99Ms) - mu) / Z_99;
      return (quantile) => Math.exp(mu + sigma * normalQuantile(quantile));
    }
  }
}

/**
 * The quantile function of the standard normal distribution, by Peter Acklam's rational approximation
 * (relative error below 1.15e-9). Quantiles are kept away from 0 and 1, where it is infinite.
 */
export function normalQuantile(quantile: number): number {
  const p = Math.min(Math.max(quantile, 1e-10), 1 - 1e-10);
  if (p < 0.02425) return tail(Math.sqrt(-2 * Math.log(p)));
  if (p > 1 - 0.02425) return -tail(Math.sqrt(-2 * Math.log(1 - p)));
  const q = p - 0.5;
  const r = q * q;
  return (
    ((((((-3.969683028665376e1 * r + 2.209460984245205e2) * r - 2.759285104469687e2) * r +
      1.38357751867269e2) *
      r -
      3.066479806614716e1) *
      r +
      2.506628277459239) *
      q) /
    (((((-5.447609879822406e1 * r + 1.615858368580409e2) * r - 1.556989798598866e2) * r +
      6.680131188771972e1) *
      r -
      1.328068155288572e1) *
      r +
      1)
  );
}

function tail(q: number): number {
  return (
    (((((-7.784894002430293e-3 * q - 3.223964580411365e-1) * q - 2.400758277161838) * q - 2.549732539343734) *
      q +
      4.374664141464968) *
      q +
      2.938163982698783) /
    ((((7.784695709041462e-3 * q + 3.224671290700398e-1) * q + 2.445134137142996) * q + 3.754408661907416) *
      q +
      1)
  );
}
