import { z } from "zod";
import { delayMs, simpleLatencySchemas, simpleQuantile } from "./latency-distribution.ts";
import { mixtureQuantile } from "./latency-mixture.ts";
import { tableQuantile } from "./latency-table.ts";

/**
 * How long a message takes one way. Each model is an increasing function of one quantile, so that a choice of
 * 0 is always the shortest delay that the model can give.
 */

export const MIXTURE_PARTS_MAX = 8;
export const TABLE_POINTS_MAX = 1000;

const weight = z.number().positive().max(1_000_000);

const [constant, uniform, exponential, lognormal, pareto] = simpleLatencySchemas;

const mixturePart = z.discriminatedUnion("kind", [
  constant.extend({ weight }),
  uniform.extend({ weight }),
  exponential.extend({ weight }),
  lognormal.extend({ weight }),
  pareto.extend({ weight }),
]);

export const latencySchema = z.discriminatedUnion("kind", [
  ...simpleLatencySchemas,
  z.strictObject({
    kind: z.literal("mixture"),
    /** Each is meant with a probability in proportion to its weight. */
    parts: z.array(mixturePart).min(1).max(MIXTURE_PARTS_MAX),
  }),
  z.strictObject({
    kind: z.literal("empirical"),
    /** Quantiles and their delays; straight between them. */
    points: z
      .array(z.tuple([z.number().min(0).max(1), delayMs]))
      .min(2)
      .max(TABLE_POINTS_MAX),
  }),
]);

export type LatencyModel = z.infer<typeof latencySchema>;
export type MixturePart = z.infer<typeof mixturePart>;

/** Milliseconds for a quantile in [0, 1). */
export type LatencySampler = (quantile: number) => number;

export function latencySampler(model: LatencyModel): LatencySampler {
  switch (model.kind) {
    case "constant":
    case "uniform":
    case "exponential":
    case "lognormal":
    case "pareto":
      return simpleQuantile(model);
    case "mixture":
      return mixtureQuantile(model.parts.map((part) => ({ weight: part.weight, model: part })));
    case "empirical":
      return tableQuantile(model.points);
  }
}
