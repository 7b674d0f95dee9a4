import { z } from "zod";
import type { LinkCondition } from "../link-conditions.ts";
import { shareRange, type Range } from "../quantity.ts";
import { faultWindow, type FaultKind } from "./fault-kind.ts";

/**
 * Three faults of one shape: for a while every link loses, repeats or reorders messages with some probability,
 * on top of what the network does anyway.
 */

interface ShareSpec {
  readonly share: Range;
}

function linkFault<const Kind extends string>(
  kind: Kind,
  summary: string,
  effect: (share: number) => Omit<LinkCondition, "matches">,
) {
  const faultSchema = z.strictObject({
    kind: z.literal(kind),
    ...faultWindow,
    share: z.number().min(0).max(1),
  });
  type Fault = { kind: Kind; startMs: number; endMs: number; share: number };
  return {
    kind,
    summary,
    specShape: { share: shareRange },
    faultSchema,
    machinesMin: 2,
    impairsNetwork: true,
    draw: (spec, { draw, startMs, endMs }) => ({
      kind,
      startMs,
      endMs,
      share: Math.round(draw.between("share", spec.share.min, spec.share.max) * 1000) / 1000,
    }),
    machines: () => [],
    forgets: () => [],
    start: (world, fault) => world.network.impose(fault, { matches: () => true, ...effect(fault.share) }),
    stop: (world, fault) => world.network.lift(fault),
  } satisfies FaultKind<ShareSpec, Fault>;
}

export const loss = linkFault(
  "loss",
  "Messages vanish on every link with some probability: congestion, a bad cable, an overflowing queue.",
  (share) => ({ loss: share }),
);

export const duplicate = linkFault(
  "duplicate",
  "Messages arrive twice with some probability: a retransmission whose first copy was only late.",
  (share) => ({ duplicate: share }),
);

export const reorder = linkFault(
  "reorder",
  "Messages overtake each other with some probability: several routes, several connections, retries.",
  (share) => ({ reorder: share }),
);
