import { z } from "zod";
import { bandwidth, size } from "../../world/byte-quantity.ts";
import type { LatencyModel } from "../../world/latency.ts";
import { LINK_RULES_MAX, type NetworkOptions } from "../../world/network-settings.ts";
import { ANYWHERE } from "../../world/places.ts";
import { exactDuration, share } from "../../world/quantity.ts";
import { scenarioLatency } from "./scenario-latency.ts";

/** The network as a scenario writes it. */

const LOSS = "Probability that a message is lost, at any time.";
const DUPLICATE = "Probability that a message arrives twice.";
const REORDER = "Probability that a message may overtake earlier ones; otherwise a link keeps its order.";

const narrow = {
  corrupt: share.optional().describe("Probability that a message arrives with one to three bits flipped."),
  bandwidth: bandwidth
    .optional()
    .describe("How much a link carries, each direction for itself. Default: any amount at once."),
  queue: size
    .optional()
    .describe("How much may wait in front of a link; what comes when it is full is dropped. Default: 64KB."),
};

const overrides = {
  latency: scenarioLatency.optional(),
  loss: share.optional().describe(LOSS),
  duplicate: share.optional().describe(DUPLICATE),
  reorder: share.optional().describe(REORDER),
  ...narrow,
};

const placeName = z.string().min(1).max(64);

export const scenarioNetwork = z
  .strictObject({
    latency: scenarioLatency.prefault({ kind: "lognormal", median: "2ms", p99: "20ms" }),
    loss: share.prefault(0).describe(LOSS),
    duplicate: share.prefault(0).describe(DUPLICATE),
    reorder: share.prefault(0).describe(REORDER),
    ...narrow,
    crossZone: z
      .strictObject(overrides)
      .optional()
      .describe("What is different on links between machines in different zones."),
    links: z
      .array(
        z.strictObject({
          from: placeName.prefault(ANYWHERE).describe('A machine, a zone, or "*" for every machine.'),
          to: placeName.prefault(ANYWHERE).describe('A machine, a zone, or "*" for every machine.'),
          ...overrides,
        }),
      )
      .max(LINK_RULES_MAX)
      .optional()
      .describe("What is different on single links, one direction each. The last entry that matches wins."),
    messages: z
      .record(z.string().min(1).max(64), z.strictObject({ latency: scenarioLatency }))
      .optional()
      .describe("How long messages of a kind take, whatever their link: such as store, or read-reply."),
    near: z
      .strictObject({
        machines: z
          .array(placeName)
          .min(2)
          .max(1000)
          .describe("Machines, of which each operation has one near."),
        away: exactDuration.describe("How much longer messages to and from the others take."),
      })
      .optional()
      .describe("For each operation, chosen anew, one of these machines is near, and the others are far."),
  })
  .transform(({ crossZone, links, ...input }): Omit<NetworkOptions, "zones"> => ({
    latency: input.latency,
    loss: input.loss,
    duplicate: input.duplicate,
    reorder: input.reorder,
    ...narrowness(input),
    ...(input.messages !== undefined && { messages: input.messages }),
    ...(input.near !== undefined && {
      near: { machines: input.near.machines, awayMs: input.near.away },
    }),
    ...(crossZone !== undefined && { crossZone: exact(crossZone) }),
    ...(links !== undefined && {
      links: links.map(({ from, to, ...rule }) => ({ from, to, ...exact(rule) })),
    }),
  }));

interface Narrowness {
  readonly corrupt?: number | undefined;
  readonly bandwidth?: number | undefined;
  readonly queue?: number | undefined;
}

interface Overrides extends Narrowness {
  readonly latency?: LatencyModel | undefined;
  readonly loss?: number | undefined;
  readonly duplicate?: number | undefined;
  readonly reorder?: number | undefined;
}

/** Only what is said, so that a plan shows nothing else. */
function exact({ latency, loss, duplicate, reorder, ...rest }: Overrides) {
  return {
    ...(latency !== undefined && { latency }),
    ...(loss !== undefined && { loss }),
    ...(duplicate !== undefined && { duplicate }),
    ...(reorder !== undefined && { reorder }),
    ...narrowness(rest),
  };
}

function narrowness({ corrupt, bandwidth: bytesPerSecond, queue: queueBytes }: Narrowness) {
  return {
    ...(corrupt !== undefined && { corrupt }),
    ...(bytesPerSecond !== undefined && { bytesPerSecond }),
    ...(queueBytes !== undefined && { queueBytes }),
  };
}
