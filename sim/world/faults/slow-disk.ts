import { z } from "zod";
import { amongShape } from "./fault-places.ts";
import { factorRange } from "../quantity.ts";
import type { Range } from "../quantity-text.ts";
import { faultWindow, machineName, type FaultKind } from "./fault-kind.ts";

const faultSchema = z.strictObject({
  kind: z.literal("slow-disk"),
  ...faultWindow,
  machine: machineName,
  /** Whatever the machine's disk does takes this many times as long. */
  factor: z.number().min(1).max(1000),
});

type SlowDisk = z.infer<typeof faultSchema>;

interface SlowDiskSpec {
  readonly factor: Range;
}

export const slowDisk = {
  kind: "slow-disk",
  summary:
    "A machine's disk syncs many times more slowly than usual: a dying disk that tries again and again, a RAID that " +
    "rebuilds, a neighbour that uses up the volume's quota.",
  specShape: {
    ...amongShape,
    factor: factorRange.prefault("10..1000").describe("How many times as long a sync takes."),
  },
  faultSchema,
  machinesMin: 1,
  impairsNetwork: true,
  draw: (spec, { targets, draw, startMs, endMs }) => ({
    kind: "slow-disk",
    startMs,
    endMs,
    machine: draw.pick("machine", targets),
    factor: Math.round(draw.between("factor", spec.factor.min, spec.factor.max) * 10) / 10,
  }),
  machines: (fault) => [fault.machine],
  forgets: () => [],
  needsJournal: () => true,
  start: (world, fault) => world.disk(fault.machine).impose(fault, { delayFactor: fault.factor }),
  stop: (world, fault) => world.disk(fault.machine).lift(fault),
} satisfies FaultKind<SlowDiskSpec, SlowDisk>;
