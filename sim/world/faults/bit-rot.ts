import { z } from "zod";
import { amongShape } from "./fault-places.ts";
import { faultWindow, machineName, type FaultKind } from "./fault-kind.ts";

const faultSchema = z.strictObject({
  kind: z.literal("bit-rot"),
  ...faultWindow,
  machine: machineName,
});

type BitRot = z.infer<typeof faultSchema>;

export const bitRot = {
  kind: "bit-rot",
  summary:
    "A machine stops, and when it restarts one bit of what it had safely on its disk has flipped: ageing flash, a " +
    "bad cable, a bug in a controller.",
  specShape: amongShape,
  faultSchema,
  machinesMin: 1,
  impairsNetwork: false,
  draw: (_spec, { targets, draw, startMs, endMs }) => ({
    kind: "bit-rot",
    startMs,
    endMs,
    machine: draw.pick("machine", targets),
  }),
  machines: (fault) => [fault.machine],
  forgets: (fault) => [fault.machine],
  needsJournal: () => true,
  start(world, fault) {
    world.crash(fault.machine, { keepsDisk: true });
    world.disk(fault.machine).rot();
  },
  stop: (world, fault) => world.restart(fault.machine),
} satisfies FaultKind<unknown, BitRot>;
