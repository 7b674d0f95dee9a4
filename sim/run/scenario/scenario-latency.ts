import { z } from "zod";
import {
  type LatencyModel,
  MIXTURE_PARTS_MAX,
  type MixturePart,
  TABLE_POINTS_MAX,
} from "../../world/latency.ts";
import type { SimpleLatency } from "../../world/latency-distribution.ts";
import { duration, exactDuration, share } from "../../world/quantity.ts";

/** Latency models as a scenario writes them. */

const minimum = exactDuration.prefault("0ms");
const shape = z
  .number()
  .describe("How thin the tail is: the share of delays beyond x falls as x to this power.");

const constant = z.strictObject({ kind: z.literal("constant"), delay: duration });
const uniform = z.strictObject({ kind: z.literal("uniform"), min: duration, max: duration });
const exponential = z.strictObject({
  kind: z.literal("exponential"),
  min: minimum,
  mean: exactDuration.describe("Of the whole delay, the minimum included."),
});
const lognormal = z.strictObject({
  kind: z.literal("lognormal"),
  median: exactDuration,
  p99: exactDuration,
});
const pareto = z.strictObject({ kind: z.literal("pareto"), min: exactDuration, shape });

type SimpleInput = z.output<
  typeof constant | typeof uniform | typeof exponential | typeof lognormal | typeof pareto
>;

const weight = z
  .union([z.number(), z.string().regex(/^\d+(\.\d+)?\s*%$/)], {
    error: "expected a weight in proportion to the others, such as 3 or 91.22%",
  })
  .describe("How often it is this one, in proportion to the other weights.")
  .transform((input) => (typeof input === "number" ? input : Number(input.replace("%", ""))));

const part = z.discriminatedUnion("kind", [
  constant.extend({ weight }),
  uniform.extend({ weight }),
  exponential.extend({ weight }),
  lognormal.extend({ weight }),
  pareto.extend({ weight }),
]);

const mixture = z.strictObject({
  kind: z.literal("mixture"),
  parts: z.array(part).min(1).max(MIXTURE_PARTS_MAX).describe("Of which one is meant for each message."),
});

const empirical = z.strictObject({
  kind: z.literal("empirical"),
  points: z
    .array(z.tuple([share, exactDuration]))
    .min(2)
    .max(TABLE_POINTS_MAX)
    .describe("Measured: shares of the delays with the delay that they stay below, from 0% to 100%."),
});

export const scenarioLatency = z
  .discriminatedUnion("kind", [constant, uniform, exponential, lognormal, pareto, mixture, empirical])
  .describe("How long a message takes, one way.")
  .transform((input): LatencyModel => {
    if (input.kind === "mixture") {
      return {
        kind: "mixture",
        parts: input.parts.map((each): MixturePart => ({ weight: each.weight, ...simpleModel(each) })),
      };
    }
    return input.kind === "empirical" ? { kind: "empirical", points: input.points } : simpleModel(input);
  });

function simpleModel(input: SimpleInput): SimpleLatency {
  switch (input.kind) {
    case "constant":
      return { kind: "constant", ms: input.delay };
    case "uniform":
      return { kind: "uniform", minMs: input.min, maxMs: input.max };
    case "exponential":
      return { kind: "exponential", minMs: input.min, meanMs: input.mean };
    case "lognormal":
      return { kind: "lognormal", medianMs: input.median, p99Ms: input.p99 };
    case "pareto":
      return { kind: "pareto", minMs: input.min, shape: input.shape };
  }
}
