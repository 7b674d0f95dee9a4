import { z } from "zod";
import { factorRange } from "../quantity.ts";
import type { Range } from "../quantity-text.ts";
import { faultWindow, machineName, type FaultKind } from "./fault-kind.ts";
import { checkLinks, linksShape, type LinksSpec, matchesLinks } from "./fault-places.ts";

const faultSchema = z.strictObject({
  kind: z.literal("slow-link"),
  ...faultWindow,
  from: machineName,
  to: machineName,
  /** Every message on the link takes this many times as long. */
  factor: z.number().min(1).max(1000),
});

type SlowLink = z.infer<typeof faultSchema>;

interface SlowLinkSpec extends LinksSpec {
  readonly factor: Range;
}

export const slowLink = {
  kind: "slow-link",
  summary:
    "Messages from one machine to another take many times as long, and in that direction only: a retransmitting " +
    "cable, a congested route, a proxy that swaps (a gray failure).",
  specShape: { factor: factorRange.prefault("10..1000"), ...linksShape },
  faultSchema,
  machinesMin: 2,
  impairsNetwork: true,
  checkSpec: (spec, { places }) => checkLinks(spec, places),
  draw(spec, { machines, places, draw, startMs, endMs }) {
    const { from, to } = firstLink(draw.shuffle("link", machines), matchesLinks(places, spec));
    const factor = Math.round(draw.between("factor", spec.factor.min, spec.factor.max) * 10) / 10;
    return { kind: "slow-link", startMs, endMs, from, to, factor };
  },
  machines: (fault) => [fault.from, fault.to],
  forgets: () => [],
  start: (world, fault) =>
    world.network.impose(fault, {
      matches: (from, to) => from === fault.from && to === fault.to,
      delayFactor: fault.factor,
    }),
  stop: (world, fault) => world.network.lift(fault),
} satisfies FaultKind<SlowLinkSpec, SlowLink>;

/** The first two machines, if nothing else is said. */
function firstLink(machines: readonly string[], matches: (from: string, to: string) => boolean) {
  for (const from of machines) {
    const to = machines.find((machine) => machine !== from && matches(from, machine));
    if (to !== undefined) return { from, to };
  }
  throw new RangeError("no link of the cluster is meant");
}
