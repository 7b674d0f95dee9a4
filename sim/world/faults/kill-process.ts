import { z } from "zod";
import { amongShape } from "./fault-places.ts";
import { faultWindow, machineName, type FaultKind } from "./fault-kind.ts";

const ANY = "any";
const processName = z.string().min(1).max(64);

const faultSchema = z.strictObject({
  kind: z.literal("kill-process"),
  ...faultWindow,
  machine: machineName,
  /** The name of one of the system's background processes; "any" takes one of them by a choice of the run. */
  process: processName,
});

type KillProcess = z.infer<typeof faultSchema>;

interface KillProcessSpec {
  readonly process: string;
}

export const killProcess = {
  kind: "kill-process",
  summary:
    "One of the system's own background processes fails with an error at the start, and is expected to be back by " +
    "the end: an exception that nobody thought of, in a thread that nobody watches.",
  specShape: {
    ...amongShape,
    process: processName
      .prefault(ANY)
      .describe(
        'The name of a background process, such as "repair". Default: any, a different one each time.',
      ),
  },
  faultSchema,
  machinesMin: 1,
  // It may be the one by which the machine catches up.
  impairsNetwork: true,
  draw: (spec, { targets, draw, startMs, endMs }) => ({
    kind: "kill-process",
    startMs,
    endMs,
    machine: draw.pick("machine", targets),
    process: spec.process,
  }),
  machines: (fault) => [fault.machine],
  forgets: () => [],
  start: (world, fault) =>
    world.machine(fault.machine).killProcess(fault.process === ANY ? null : fault.process),
  stop: () => {},
} satisfies FaultKind<KillProcessSpec, KillProcess>;
