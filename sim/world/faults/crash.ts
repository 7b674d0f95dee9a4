import { z } from "zod";
import { forgetsUnlessKept, keptOrLost, wantsDisk } from "./kept-disk.ts";
import { faultWindow, machineName, type FaultKind } from "./fault-kind.ts";
import { amongShape } from "./fault-places.ts";

const faultSchema = z.strictObject({
  kind: z.literal("crash"),
  ...faultWindow,
  machine: machineName,
  /** Without it, or false: what was on the disk is gone as well. */
  keepsDisk: z.boolean().optional(),
});

type Crash = z.infer<typeof faultSchema>;

interface CrashSpec {
  readonly disk: "kept" | "lost";
}

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
    ...(spec.disk === "kept" && { keepsDisk: true }),
  }),
  machines: (fault) => [fault.machine],
  forgets: forgetsUnlessKept,
  outages: ({ machine, startMs, endMs }) => [{ machine, startMs, endMs }],
  needsJournal: wantsDisk,
  start: (world, fault) => world.crash(fault.machine, { keepsDisk: fault.keepsDisk === true }),
  stop: (world, fault) => world.restart(fault.machine),
} satisfies FaultKind<CrashSpec, Crash>;
