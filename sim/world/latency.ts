import { z } from "zod";

/** Latency models of a link, in milliseconds one way. */
const positive = z.number().positive().max(86_400_000);

export const latencySchema = z.discriminatedUnion("kind", [
  z.strictObject({ kind: z.literal("constant"), ms: z.number().min(0).max(86_400_000) }),
  z.strictObject({ kind: z.literal("uniform"), minMs: z.number().min(0).max(86_400_000), maxMs: positive }),
  z.strictObject({
    kind: z.literal("exponential"),
    minMs: z.number().min(0).max(86_400_000),
    meanMs: positive,
  }),
  z.strictObject({ kind: z.literal("lognormal"), medianMs: positive, p99Ms: positive }),
]);

export type LatencyModel = z.infer<typeof latencySchema>;
