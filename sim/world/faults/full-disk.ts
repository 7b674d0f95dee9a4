import { z } from "zod";
import { amongShape } from "./fault-places.ts";
import { faultWindow, machineName, type FaultKind } from "./fault-kind.ts";

const faultSchema = z.strictObject({
  kind: z.literal("full-disk"),
  ...faultWindow,
  machine: machineName,
});

type FullDisk = z.infer<typeof faultSchema>;

export const fullDisk = {
  kind: "full-disk",
  summary:
    "A machine's disk has no room for anything more, until somebody clears it: logs that nobody rotates, a backup " +
    "in the wrong place, a quota.",
  specShape: amongShape,
  faultSchema,
  machinesMin: 1,
  impairsNetwork: true,
  draw: (_spec, { targets, draw, startMs, endMs }) => ({
    kind: "full-disk",
    startMs,
    endMs,
    machine: draw.pick("machine", targets),
  }),
  machines: (fault) => [fault.machine],
  forgets: () => [],
  needsJournal: () => true,
  start: (world, fault) => world.disk(fault.machine).impose(fault, { isFull: true }),
  stop: (world, fault) => world.disk(fault.machine).lift(fault),
} satisfies FaultKind<unknown, FullDisk>;
