import { z } from "zod";
import { amongShape } from "./fault-places.ts";
import { durationRange } from "../quantity.ts";
import { type Range, wholeMicros } from "../quantity-text.ts";
import { faultWindow, machineName, type FaultKind } from "./fault-kind.ts";

const COST_MS_MAX = 60_000;

const faultSchema = z.strictObject({
  kind: z.literal("slow-cpu"),
  ...faultWindow,
  machine: machineName,
  /** What each event on the machine costs: a message, a timer, a call. */
  costMs: z.number().min(0.001).max(COST_MS_MAX),
});

type SlowCpu = z.infer<typeof faultSchema>;

interface SlowCpuSpec {
  readonly cost: Range;
}

export const slowCpu = {
  kind: "slow-cpu",
  summary:
    "Each event on a machine takes time, so that events queue up behind each other: a neighbour eats the " +
    "processor, a container is throttled, the machine swaps (a gray failure).",
  specShape: {
    ...amongShape,
    cost: durationRange
      .prefault("1ms..50ms")
      .describe("What each message, timer and call costs the machine."),
  },
  faultSchema,
  machinesMin: 1,
  impairsNetwork: true,
  checkSpec({ cost }) {
    if (cost.min === 0) return [{ field: "cost", message: "expected more than 0ms" }];
    return cost.max > COST_MS_MAX ? [{ field: "cost", message: "expected at most 1m" }] : [];
  },
  draw: (spec, { targets, draw, startMs, endMs }) => ({
    kind: "slow-cpu",
    startMs,
    endMs,
    machine: draw.pick("machine", targets),
    costMs: Math.max(0.001, wholeMicros(draw.between("cost", spec.cost.min, spec.cost.max))),
  }),
  machines: (fault) => [fault.machine],
  forgets: () => [],
  start: (world, fault) =>
    world.machine(fault.machine).processor.impose(fault, { costUs: Math.round(fault.costMs * 1000) }),
  stop: (world, fault) => world.machine(fault.machine).processor.lift(fault),
} satisfies FaultKind<SlowCpuSpec, SlowCpu>;
