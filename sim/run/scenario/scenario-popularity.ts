import { z } from "zod";
import { share } from "../../world/quantity.ts";

const uniform = z.strictObject({ kind: z.literal("uniform") });

const zipf = z.strictObject({
  kind: z.literal("zipf"),
  exponent: z
    .number()
    .min(0)
    .max(10)
    .describe(
      "The n-th key of the list is chosen in proportion to n to the power of minus this; 0 is uniform.",
    ),
});

const hot = z.strictObject({
  kind: z.literal("hot"),
  keys: z.int().min(1).max(10_000).default(1).describe("How many keys, the first of the list, are hot."),
  share: share.describe(
    "Share of the operations on the hot keys; the others are spread over the other keys.",
  ),
});

export const scenarioPopularity = z
  .discriminatedUnion("kind", [uniform, zipf, hot])
  .describe("Which keys the operations are on. Default: all alike.");

export type Popularity = z.infer<typeof scenarioPopularity>;
