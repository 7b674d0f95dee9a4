import { z } from "zod";
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
import { amongShape } from "./fault-places.ts";

const HITS_MAX = 1000;

const faultSchema = z.strictObject({
  kind: z.literal("crash-point"),
  ...faultWindow,
  machine: machineName,
  /** A crash point of the system's code. */
  point: z.string().min(1).max(128),
  /** It dies when it is there for this many times. */
  hits: z.number().int().min(1).max(HITS_MAX),
  ...keepsDiskField,
});

type CrashPoint = z.infer<typeof faultSchema>;

interface CrashPointSpec extends DiskSpec {
  readonly point?: string | undefined;
  readonly hits: Range;
}

export const crashPoint = {
  kind: "crash-point",
  summary:
    "A machine dies at a named point of its own code, between two steps that belong together, and restarts at the " +
    "end with empty memory: the power cut that comes at the worst moment.",
  specShape: {
    point: z.string().min(1).max(128).optional().describe("A crash point of the system. Default: any."),
    hits: countRange.prefault("1..5").describe("At which time of being there it dies."),
    disk: keptOrLost,
    ...amongShape,
  },
  faultSchema,
  machinesMin: 1,
  impairsNetwork: false,
  draw: (spec, { targets, crashpoints, draw, startMs, endMs }) => ({
    kind: "crash-point",
    startMs,
    endMs,
    machine: draw.pick("machine", targets),
    point: spec.point ?? (crashpoints.length === 0 ? "none" : draw.pick("point", crashpoints)),
    hits: Math.max(1, Math.min(HITS_MAX, draw.int("hits", spec.hits.min, spec.hits.max))),
    ...keepsDiskOf(spec),
  }),
  machines: (fault) => [fault.machine],
  forgets: (fault, cluster) => (isForgetting(fault, cluster) ? [fault.machine] : []),
  outages: ({ machine, startMs, endMs }) => [{ machine, startMs, endMs }],
  needsJournal: wantsDisk,
  start: (world, fault) => world.hooks.arm(fault, { ...fault, keepsDisk: fault.keepsDisk === true }),
  stop(world, fault) {
    world.hooks.disarm(fault);
    world.restart(fault.machine);
  },
} satisfies FaultKind<CrashPointSpec, CrashPoint>;
