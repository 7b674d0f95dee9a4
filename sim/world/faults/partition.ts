import { z } from "zod";
import type { LinkCondition } from "../network.ts";
import { faultWindow, machineName, type FaultKind } from "./fault-kind.ts";

const SHAPES = ["halves", "isolate-one", "one-way"] as const;

interface PartitionSpec {
  readonly shape: readonly (typeof SHAPES)[number][];
}

const faultSchema = z.strictObject({
  kind: z.literal("partition"),
  ...faultWindow,
  shape: z.enum(SHAPES),
  /** Nothing sent from one side reaches the other; with `one-way`, only from `left` to `right`. */
  left: z.array(machineName).min(1),
  right: z.array(machineName).min(1),
});

type Partition = z.infer<typeof faultSchema>;

function condition(fault: Partition): LinkCondition {
  const left = new Set(fault.left);
  const right = new Set(fault.right);
  const isOneWay = fault.shape === "one-way";
  return {
    matches: (from, to) =>
      (left.has(from) && right.has(to)) || (!isOneWay && right.has(from) && left.has(to)),
    isBlocked: true,
  };
}

export const partition = {
  kind: "partition",
  summary:
    "Some machines cannot reach others, silently: a switch dies, a firewall rule is wrong, a cable is cut " +
    "(halves, isolate-one; one-way cuts a single direction, as a broken route does).",
  specShape: {
    shape: z
      .union([z.enum(SHAPES), z.array(z.enum(SHAPES)).min(1)])
      .transform((shape) => (Array.isArray(shape) ? shape : [shape]))
      .prefault([...SHAPES]),
  },
  faultSchema,
  machinesMin: 2,
  impairsNetwork: true,
  draw(spec, { machines, draw, startMs, endMs }) {
    const shape = draw.pick("shape", spec.shape);
    const shuffled = draw.shuffle("sides", machines);
    const leftCount = shape === "halves" ? Math.floor(machines.length / 2) : 1;
    return {
      kind: "partition",
      startMs,
      endMs,
      shape,
      left: shuffled.slice(0, leftCount).toSorted(),
      right: shuffled.slice(leftCount).toSorted(),
    };
  },
  machines: (fault) => [...fault.left, ...fault.right],
  forgets: () => [],
  start: (world, fault) => world.network.impose(fault, condition(fault)),
  stop: (world, fault) => world.network.lift(fault),
} satisfies FaultKind<PartitionSpec, Partition>;
