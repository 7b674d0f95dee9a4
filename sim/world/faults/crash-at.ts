import { z } from "zod";
import { amongShape } from "./fault-places.ts";
import { countRange } from "../quantity.ts";
import type { Range } from "../quantity-text.ts";
import {
  type DiskSpec,
  isForgetting,
  keepsDiskField,
  keepsDiskOf,
  keptOrLost,
  wantsDisk,
} from "./kept-disk.ts";
import { faultWindow, machineName, type FaultKind } from "./fault-kind.ts";

const EVENTS_MAX = 1_000_000;

const faultSchema = z.strictObject({
  kind: z.literal("crash-at"),
  ...faultWindow,
  machine: machineName,
  /** It dies right after its n-th event since the start: a message, a timer, a call. Not at all if fewer come. */
  afterEvents: z.number().int().min(1).max(EVENTS_MAX),
  ...keepsDiskField,
});

type CrashAt = z.infer<typeof faultSchema>;

interface CrashAtSpec extends DiskSpec {
  readonly afterEvents: Range;
}

export const crashAt = {
  kind: "crash-at",
  summary:
    "A machine dies right after its n-th event, perhaps in the middle of an operation, and restarts with empty " +
    "memory when the fault ends: a crash between sending and receiving, which no crash by the clock finds.",
  specShape: {
    disk: keptOrLost,
    ...amongShape,
    afterEvents: countRange
      .prefault("1..100")
      .describe("After how many of its events the machine dies, counted from the start of the fault."),
  },
  faultSchema,
  machinesMin: 1,
  impairsNetwork: false,
  checkSpec: ({ afterEvents }) =>
    afterEvents.min === 0 ? [{ field: "afterEvents", message: "expected at least 1" }] : [],
  draw: (spec, { targets, draw, startMs, endMs }) => ({
    kind: "crash-at",
    startMs,
    endMs,
    machine: draw.pick("machine", targets),
    afterEvents: draw.int("afterEvents", spec.afterEvents.min, spec.afterEvents.max),
    ...keepsDiskOf(spec),
  }),
  machines: (fault) => [fault.machine],
  forgets: (fault, cluster) => (isForgetting(fault, cluster) ? [fault.machine] : []),
  outages: ({ machine, startMs, endMs }) => [{ machine, startMs, endMs }],
  needsJournal: wantsDisk,
  start(world, fault) {
    const { machine, afterEvents, keepsDisk = false } = fault;
    world.machine(machine).processor.countDown(fault, afterEvents, () => world.crash(machine, { keepsDisk }));
  },
  stop(world, fault) {
    world.machine(fault.machine).processor.stopCounting(fault);
    world.restart(fault.machine);
  },
} satisfies FaultKind<CrashAtSpec, CrashAt>;
