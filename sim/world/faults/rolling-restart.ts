import { z } from "zod";
import { durationRange } from "../quantity.ts";
import { durationText, type Range, wholeMicros } from "../quantity-text.ts";
import {
  type DiskSpec,
  isForgetting,
  keepsDiskField,
  keepsDiskOf,
  keptOrLost,
  wantsDisk,
} from "./kept-disk.ts";
import { faultWindow, machineName, type FaultKind, type Outage } from "./fault-kind.ts";

const faultSchema = z.strictObject({
  kind: z.literal("rolling-restart"),
  ...faultWindow,
  /** In the order in which they restart; each has an equal share of the time. */
  machines: z.array(machineName).min(1).max(1000),
  /** How long each is down at the beginning of its share. */
  downMs: z.number().min(0.001).max(2_592_000_000),
  ...keepsDiskField,
});

type RollingRestart = z.infer<typeof faultSchema>;

interface RollingRestartSpec extends DiskSpec {
  readonly down: Range;
}

function outagesOf({ machines, startMs, endMs, downMs }: RollingRestart): Outage[] {
  const shareMs = (endMs - startMs) / machines.length;
  return machines.map((machine, place) => {
    const crashMs = wholeMicros(startMs + place * shareMs);
    return { machine, startMs: crashMs, endMs: Math.min(wholeMicros(crashMs + downMs), endMs) };
  });
}

export const rollingRestart = {
  kind: "rolling-restart",
  summary:
    "All machines restart with empty memory, one after the other, each once the one before has had time to catch " +
    "up: a deployment, a kernel upgrade, a change of configuration.",
  specShape: {
    down: durationRange.prefault("200ms..1s").describe("How long each machine is down."),
    disk: keptOrLost,
  },
  faultSchema,
  machinesMin: 2,
  impairsNetwork: false,
  usualShare: { min: 1, max: 1 },
  checkSpec({ down, lasts, disk }, { machines, catchUpMs }) {
    if (down.min === 0) return [{ field: "down", message: "expected more than 0ms" }];
    // Who still knows everything has nothing to catch up with.
    const restMs = disk === "kept" ? 0 : catchUpMs;
    const needMs = machines.length * (down.max + restMs);
    if (lasts.min > needMs) return [];
    const message =
      `expected more than ${durationText(needMs)}, got ${durationText(lasts.min)}: each of ${machines.length} ` +
      `machines is down for up to ${durationText(down.max)}` +
      (disk === "kept" ? "" : ` and has ${durationText(catchUpMs)} to catch up`);
    return [{ field: "lasts", message }];
  },
  checkFault: ({ machines, startMs, endMs, downMs }) =>
    machines.length * downMs <= endMs - startMs
      ? []
      : [
          {
            field: "downMs",
            message: `expected at most ${(endMs - startMs) / machines.length}, a machine's share`,
          },
        ],
  draw: (spec, { machines, draw, startMs, endMs }) => ({
    kind: "rolling-restart",
    startMs,
    endMs,
    machines: draw.shuffle("order", machines),
    downMs: Math.max(0.001, wholeMicros(draw.between("down", spec.down.min, spec.down.max))),
    ...keepsDiskOf(spec),
  }),
  machines: (fault) => fault.machines,
  forgets: (fault, cluster) => (isForgetting(fault, cluster) ? fault.machines : []),
  needsJournal: wantsDisk,
  outages: outagesOf,
  steps: (fault) =>
    outagesOf(fault).flatMap(({ machine, startMs, endMs }) => [
      {
        atMs: startMs,
        what: `stops ${machine}`,
        run: (world) => world.crash(machine, { keepsDisk: fault.keepsDisk === true }),
      },
      { atMs: endMs, what: `starts ${machine}`, run: (world) => world.restart(machine) },
    ]),
  start: () => {},
  stop: () => {},
} satisfies FaultKind<RollingRestartSpec, RollingRestart>;
