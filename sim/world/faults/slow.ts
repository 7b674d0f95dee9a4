import { z } from "zod";
import { factorRange } from "../quantity.ts";
import type { Range } from "../quantity-text.ts";
import { faultWindow, machineName, type FaultKind } from "./fault-kind.ts";
import { amongShape } from "./fault-places.ts";

const faultSchema = z.strictObject({
  kind: z.literal("slow"),
  ...faultWindow,
  machine: machineName,
  /** Every message to or from the machine takes this many times as long. */
  factor: z.number().min(1).max(1000),
});

type Slow = z.infer<typeof faultSchema>;

interface SlowSpec {
  readonly factor: Range;
}

export const slow = {
  kind: "slow",
  summary:
    "A machine answers, but many times later than the others: a dying disk, a noisy neighbour, a saturated " +
    "network card (a gray failure).",
  specShape: { factor: factorRange.prefault("10..50"), ...amongShape },
  faultSchema,
  machinesMin: 1,
  impairsNetwork: true,
  draw: (spec, { targets, draw, startMs, endMs }) => ({
    kind: "slow",
    startMs,
    endMs,
    machine: draw.pick("machine", targets),
    factor: Math.round(draw.between("factor", spec.factor.min, spec.factor.max) * 10) / 10,
  }),
  machines: (fault) => [fault.machine],
  forgets: () => [],
  start: (world, fault) =>
    world.network.impose(fault, {
      matches: (from, to) => from === fault.machine || to === fault.machine,
      delayFactor: fault.factor,
    }),
  stop: (world, fault) => world.network.lift(fault),
} satisfies FaultKind<SlowSpec, Slow>;
