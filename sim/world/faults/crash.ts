import { z } from "zod";
import {
  type DiskSpec,
  isForgetting,
  keepsDiskField,
  keepsDiskOf,
  keptOrLost,
  wantsDisk,
} from "./kept-disk.ts";
import { faultWindow, machineName, type FaultKind } from "./fault-kind.ts";
import { amongShape } from "./fault-places.ts";

const faultSchema = z.strictObject({
  kind: z.literal("crash"),
  ...faultWindow,
  machine: machineName,
  ...keepsDiskField,
});

type Crash = z.infer<typeof faultSchema>;

export const crash = {
  kind: "crash",
  summary:
    "A machine stops between two events and restarts later with empty memory: power loss, an out-of-memory " +
    "kill, a redeployed container.",
  specShape: {
    disk: keptOrLost,
    ...amongShape,
  },
  faultSchema,
  machinesMin: 1,
  impairsNetwork: false,
  draw: (spec, { targets, draw, startMs, endMs }) => ({
    kind: "crash",
    startMs,
    endMs,
    machine: draw.pick("machine", targets),
    ...keepsDiskOf(spec),
  }),
  machines: (fault) => [fault.machine],
  forgets: (fault, cluster) => (isForgetting(fault, cluster) ? [fault.machine] : []),
  outages: ({ machine, startMs, endMs }) => [{ machine, startMs, endMs }],
  needsJournal: wantsDisk,
  start: (world, fault) => world.crash(fault.machine, { keepsDisk: fault.keepsDisk === true }),
  stop: (world, fault) => world.restart(fault.machine),
} satisfies FaultKind<DiskSpec, Crash>;
