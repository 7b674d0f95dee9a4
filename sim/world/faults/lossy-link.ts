import { z } from "zod";
import type { LinkCondition } from "../link-conditions.ts";
import { shareRange } from "../quantity.ts";
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

/**
 * Faults of one shape: for a while links lose, repeat, reorder or damage messages with some probability, on top of
 * what the network does anyway.
 */

interface ShareSpec extends LinksSpec {
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
    ...linksFields,
  });
  type Fault = { kind: Kind; startMs: number; endMs: number; share: number } & LinksSpec;
  return {
    kind,
    summary,
    specShape: { share: shareRange, ...linksShape },
    faultSchema,
    machinesMin: 2,
    impairsNetwork: true,
    checkSpec: (spec, { places }) => checkLinks(spec, places),
    draw: (spec, { draw, startMs, endMs }) => ({
      kind,
      startMs,
      endMs,
      share: Math.round(draw.between("share", spec.share.min, spec.share.max) * 1000) / 1000,
      ...linksOf(spec),
    }),
    machines: () => [],
    forgets: () => [],
    start: (world, fault) =>
      world.network.impose(fault, { matches: matchesLinks(world.places, fault), ...effect(fault.share) }),
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

export const corrupt = linkFault(
  "corrupt",
  "Messages arrive with one to three of their bits flipped, with some probability: a worn cable, memory without " +
    "parity in a switch, and a checksum that was computed again over the damage.",
  (share) => ({ corrupt: share }),
);
