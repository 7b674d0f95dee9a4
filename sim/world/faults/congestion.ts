import { z } from "zod";
import { bandwidthRange, BYTES_MAX, sizeRange } from "../byte-quantity.ts";
import type { Range } from "../quantity-text.ts";
import { faultWindow, type FaultKind } from "./fault-kind.ts";
import {
  checkLinks,
  linksFields,
  linksOf,
  linksShape,
  type LinksSpec,
  matchesLinks,
} from "./fault-places.ts";

const faultSchema = z.strictObject({
  kind: z.literal("congestion"),
  ...faultWindow,
  /** What is left of each link, one direction. */
  bytesPerSecond: z.number().min(1).max(BYTES_MAX),
  /** How many bytes may wait; what the network says without it. */
  queueBytes: z.number().min(0).max(BYTES_MAX).optional(),
  ...linksFields,
});

type Congestion = z.infer<typeof faultSchema>;

interface CongestionSpec extends LinksSpec {
  readonly bandwidth: Range;
  readonly queue?: Range | undefined;
}

export const congestion = {
  kind: "congestion",
  summary:
    "Little of the bandwidth is left: messages queue in front of their link, and when the queue is full they are " +
    "dropped: a backup that runs by day, a neighbour's video, a link that fell back to its slowest speed.",
  specShape: {
    bandwidth: bandwidthRange.prefault("1KB/s..10KB/s").describe("What is left of each link, one direction."),
    queue: sizeRange.optional().describe("How much may wait in front of each link. Default: the link's own."),
    ...linksShape,
  },
  faultSchema,
  machinesMin: 2,
  impairsNetwork: true,
  checkSpec: (spec, { places }) => checkLinks(spec, places),
  draw: (spec, { draw, startMs, endMs }) => ({
    kind: "congestion",
    startMs,
    endMs,
    bytesPerSecond: fromTheTop(draw.between("bandwidth", 0, 1), spec.bandwidth),
    ...(spec.queue !== undefined && { queueBytes: fromTheTop(draw.between("queue", 0, 1), spec.queue) }),
    ...linksOf(spec),
  }),
  machines: () => [],
  forgets: () => [],
  start: (world, fault) =>
    world.network.impose(fault, {
      matches: matchesLinks(world.places, fault),
      bytesPerSecond: fault.bytesPerSecond,
      queueBytes: fault.queueBytes,
    }),
  stop: (world, fault) => world.network.lift(fault),
} satisfies FaultKind<CongestionSpec, Congestion>;

/** A weak fault leaves much: the range is used from its larger end. */
function fromTheTop(strength: number, { min, max }: Range): number {
  return Math.round(max - strength * (max - min));
}
