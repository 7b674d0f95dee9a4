import { z } from "zod";
import { amongShape } from "./fault-places.ts";
import { faultWindow, machineName, type FaultKind } from "./fault-kind.ts";

const faultSchema = z.strictObject({
  kind: z.literal("pause"),
  ...faultWindow,
  machine: machineName,
});

type Pause = z.infer<typeof faultSchema>;

export const pause = {
  kind: "pause",
  summary:
    "A machine stands still while time goes on, then does at once all that has come due: a long garbage " +
    "collection, a stopped or migrated virtual machine, a closed laptop lid.",
  specShape: amongShape,
  faultSchema,
  machinesMin: 1,
  impairsNetwork: true,
  draw: (_spec, { targets, draw, startMs, endMs }) => ({
    kind: "pause",
    startMs,
    endMs,
    machine: draw.pick("machine", targets),
  }),
  machines: (fault) => [fault.machine],
  forgets: () => [],
  start: (world, fault) => world.machine(fault.machine).processor.impose(fault, { isPaused: true }),
  stop: (world, fault) => world.machine(fault.machine).processor.lift(fault),
} satisfies FaultKind<unknown, Pause>;
