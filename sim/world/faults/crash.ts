import { z } from "zod";
import { faultWindow, machineName, type FaultKind } from "./fault-kind.ts";
import { amongShape } from "./fault-places.ts";

const faultSchema = z.strictObject({
  kind: z.literal("crash"),
  ...faultWindow,
  machine: machineName,
});

type Crash = z.infer<typeof faultSchema>;

export const crash = {
  kind: "crash",
  summary:
    "A machine stops between two events and restarts later with empty memory: power loss, an out-of-memory " +
    "kill, a redeployed container.",
  specShape: amongShape,
  faultSchema,
  machinesMin: 1,
  impairsNetwork: false,
  draw: (_spec, { targets, draw, startMs, endMs }) => ({
    kind: "crash",
    startMs,
    endMs,
    machine: draw.pick("machine", targets),
  }),
  machines: (fault) => [fault.machine],
  forgets: (fault) => [fault.machine],
  start: (world, fault) => world.crash(fault.machine),
  stop: (world, fault) => world.restart(fault.machine),
} satisfies FaultKind<unknown, Crash>;
