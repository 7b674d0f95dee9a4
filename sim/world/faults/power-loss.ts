import { z } from "zod";
import { faultWindow, type FaultKind } from "./fault-kind.ts";

const faultSchema = z.strictObject({
  kind: z.literal("power-loss"),
  ...faultWindow,
});

type PowerLoss = z.infer<typeof faultSchema>;

export const powerLoss = {
  kind: "power-loss",
  summary:
    "All machines stop at the same instant and restart together later with their disks, less what was not synced: " +
    "the data centre loses power, a hypervisor reboots.",
  specShape: {},
  faultSchema,
  machinesMin: 1,
  impairsNetwork: false,
  draw: (_spec, { startMs, endMs }) => ({ kind: "power-loss", startMs, endMs }),
  machines: () => [],
  forgets: (_fault, { machines, durability }) => (durability === "journal" ? [] : machines),
  outages: ({ startMs, endMs }, { machines }) => machines.map((machine) => ({ machine, startMs, endMs })),
  needsJournal: () => true,
  start(world) {
    for (const machine of world.machines) world.crash(machine, { keepsDisk: true });
  },
  stop(world) {
    for (const machine of world.machines) world.restart(machine);
  },
} satisfies FaultKind<unknown, PowerLoss>;
