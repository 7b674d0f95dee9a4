import { z } from "zod";
import { amongShape } from "./fault-places.ts";
import { faultWindow, machineName, type FaultKind } from "./fault-kind.ts";

const faultSchema = z.strictObject({
  kind: z.literal("torn-write"),
  ...faultWindow,
  machine: machineName,
});

type TornWrite = z.infer<typeof faultSchema>;

export const tornWrite = {
  kind: "torn-write",
  summary:
    "A machine dies in the middle of its next write to disk, a part of which stays, and restarts at the end: the " +
    "power cut that comes just then, of which the log must make sense.",
  specShape: amongShape,
  faultSchema,
  machinesMin: 1,
  impairsNetwork: false,
  draw: (_spec, { targets, draw, startMs, endMs }) => ({
    kind: "torn-write",
    startMs,
    endMs,
    machine: draw.pick("machine", targets),
  }),
  machines: (fault) => [fault.machine],
  forgets: (fault, { durability }) => (durability === "journal" ? [] : [fault.machine]),
  outages: ({ machine, startMs, endMs }) => [{ machine, startMs, endMs }],
  needsJournal: () => true,
  start(world, fault) {
    const { machine } = fault;
    world.disk(machine).armPowerCut(fault, () => world.crash(machine, { keepsDisk: true }));
  },
  stop(world, fault) {
    world.disk(fault.machine).disarmPowerCut(fault);
    world.restart(fault.machine);
  },
} satisfies FaultKind<unknown, TornWrite>;
