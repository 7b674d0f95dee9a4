import { z } from "zod";
import { factorRange, type Range } from "../quantity.ts";
import { faultWindow, machineName, type FaultKind } from "./fault-kind.ts";

const faultSchema = z.strictObject({
  kind: z.literal("slow-link"),
  ...faultWindow,
  from: machineName,
  to: machineName,
  /** Every message on the link takes this many times as long. */
  factor: z.number().min(1).max(1000),
});

type SlowLink = z.infer<typeof faultSchema>;

interface SlowLinkSpec {
  readonly factor: Range;
}

export const slowLink = {
  kind: "slow-link",
  summary:
    "Messages from one machine to another take many times as long, and in that direction only: a retransmitting " +
    "cable, a congested route, a proxy that swaps (a gray failure).",
  specShape: { factor: factorRange.prefault("10..1000") },
  faultSchema,
  machinesMin: 2,
  impairsNetwork: true,
  draw(spec, { machines, draw, startMs, endMs }) {
    const [from = "", to = ""] = draw.shuffle("link", machines);
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
