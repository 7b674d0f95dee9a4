import { z } from "zod";
import { amongShape } from "./fault-places.ts";
import { durationRange } from "../quantity.ts";
import { type Range, wholeMicros } from "../quantity-text.ts";
import {
  type DiskSpec,
  isForgetting,
  keepsDiskField,
  keepsDiskOf,
  keptOrLost,
  wantsDisk,
} from "./kept-disk.ts";
import { faultWindow, type FaultStep, machineName, type FaultKind } from "./fault-kind.ts";

const CRASHES_MAX = 1000;
const stretch = z.number().min(0.001).max(2_592_000_000);

const faultSchema = z.strictObject({
  kind: z.literal("crash-loop"),
  ...faultWindow,
  machine: machineName,
  /** How long it is down each time, and how long each life lasts. From `endMs` on it stays up. */
  downMs: stretch,
  upMs: stretch,
  ...keepsDiskField,
});

type CrashLoop = z.infer<typeof faultSchema>;

interface CrashLoopSpec extends DiskSpec {
  readonly down: Range;
  readonly up: Range;
}

function stepsOf({ startMs, endMs, downMs, upMs, machine, keepsDisk = false }: CrashLoop): FaultStep[] {
  const steps: FaultStep[] = [];
  for (let cycle = 0; ; cycle++) {
    const crashMs = wholeMicros(startMs + cycle * (downMs + upMs));
    const restartMs = wholeMicros(crashMs + downMs);
    if (cycle > 0 && crashMs < endMs) {
      const run: FaultStep["run"] = (world) => world.crash(machine, { keepsDisk });
      steps.push({ atMs: crashMs, what: `stops ${machine}`, run });
    }
    if (restartMs >= endMs) return steps;
    steps.push({ atMs: restartMs, what: `starts ${machine}`, run: (world) => world.restart(machine) });
  }
}

export const crashLoop = {
  kind: "crash-loop",
  summary:
    "A machine crashes again and again, each time shortly after it restarted with empty memory: a bad release, a " +
    "poisoned message, a memory limit that is too low.",
  specShape: {
    disk: keptOrLost,
    ...amongShape,
    down: durationRange.prefault("100ms..500ms").describe("How long the machine is down each time."),
    up: durationRange.prefault("50ms..500ms").describe("How long each life lasts until the next crash."),
  },
  faultSchema,
  machinesMin: 1,
  impairsNetwork: false,
  checkSpec({ down, up, lasts }) {
    if (down.min === 0) return [{ field: "down", message: "expected more than 0ms" }];
    if (up.min === 0) return [{ field: "up", message: "expected more than 0ms" }];
    return lasts.max / (down.min + up.min) <= CRASHES_MAX ? [] : [{ field: "lasts", message: TOO_MANY }];
  },
  checkFault: ({ startMs, endMs, downMs, upMs }) =>
    (endMs - startMs) / (downMs + upMs) <= CRASHES_MAX ? [] : [{ field: "endMs", message: TOO_MANY }],
  draw(spec, { targets, draw, startMs, endMs }) {
    const within = (label: string, { min, max }: Range): number =>
      Math.max(0.001, wholeMicros(draw.between(label, min, max)));
    return {
      kind: "crash-loop",
      startMs,
      endMs,
      machine: draw.pick("machine", targets),
      downMs: within("down", spec.down),
      upMs: within("up", spec.up),
      ...keepsDiskOf(spec),
    };
  },
  machines: (fault) => [fault.machine],
  forgets: (fault, cluster) => (isForgetting(fault, cluster) ? [fault.machine] : []),
  outages: ({ machine, startMs, endMs }) => [{ machine, startMs, endMs }],
  needsJournal: wantsDisk,
  steps: stepsOf,
  start: (world, { machine, keepsDisk = false }) => world.crash(machine, { keepsDisk }),
  stop: (world, fault) => world.restart(fault.machine),
} satisfies FaultKind<CrashLoopSpec, CrashLoop>;

const TOO_MANY = `expected at most ${CRASHES_MAX} crashes: shorten the fault, or lengthen \`down\` and \`up\``;
