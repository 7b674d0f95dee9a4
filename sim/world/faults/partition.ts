import { z } from "zod";
import type { LinkCondition } from "../link-conditions.ts";
import { durationRange } from "../quantity.ts";
import { type Range, wholeMicros } from "../quantity-text.ts";
import {
  type FaultKind,
  type FaultStep,
  faultWindow,
  type FaultWindow,
  type FieldProblem,
  machineName,
} from "./fault-kind.ts";
import { amongShape, type AmongSpec } from "./fault-places.ts";

const SHAPES = [
  "halves",
  "isolate-one",
  "one-way",
  "random-split",
  "bridge",
  "majority-ring",
  "zone-outage",
] as const;
type Shape = (typeof SHAPES)[number];

/** What a scenario draws from unless it says so itself. */
const USUAL: readonly Shape[] = ["halves", "isolate-one", "one-way"];

/** With fewer machines a bridge has no two sides, and a ring in which each sees a majority cuts nothing. */
const MACHINES_MIN: Readonly<Partial<Record<Shape, number>>> = { bridge: 3, "majority-ring": 4 };

/** Shapes in which some are cut off from all the others. */
const AMONG: ReadonlySet<Shape> = new Set(["isolate-one", "one-way", "zone-outage"]);

interface PartitionSpec extends AmongSpec {
  readonly shape: readonly Shape[];
  readonly period?: Range | undefined;
}

const faultSchema = z.strictObject({
  kind: z.literal("partition"),
  ...faultWindow,
  shape: z.enum(SHAPES),
  /**
   * Nothing sent from one side reaches the other; with `one-way`, only from `left` to `right`. With `majority-ring`
   * all machines are on the left, in the order of the ring: each reaches its neighbours on both sides.
   */
  left: z.array(machineName).min(1),
  right: z.array(machineName),
  /** The machine that both sides of a `bridge` reach. */
  bridge: machineName.optional(),
  /** It comes and goes: cut for the first half of each period, healed for the second. */
  periodMs: z.number().min(1).max(2_592_000_000).optional(),
});

type Partition = z.infer<typeof faultSchema>;

function condition(fault: Partition): LinkCondition {
  return {
    matches: fault.shape === "majority-ring" ? beyondReach(fault.left) : betweenSides(fault),
    isBlocked: true,
  };
}

type Matches = LinkCondition["matches"];

function betweenSides(fault: Partition): Matches {
  const left = new Set(fault.left);
  const right = new Set(fault.right);
  const isOneWay = fault.shape === "one-way";
  return (from, to) => (left.has(from) && right.has(to)) || (!isOneWay && right.has(from) && left.has(to));
}

/**
 * Each machine of the ring reaches the nearest on both sides, just enough of them to see a majority with itself; no
 * two see the same majority. (The partition is Jepsen's.)
 */
function beyondReach(ring: readonly string[]): Matches {
  const places = new Map(ring.map((machine, place) => [machine, place]));
  const reach = Math.ceil(Math.floor(ring.length / 2) / 2);
  return (from, to) => {
    const fromPlace = places.get(from);
    const toPlace = places.get(to);
    if (fromPlace === undefined || toPlace === undefined) return false;
    const distance = Math.abs(fromPlace - toPlace);
    return Math.min(distance, ring.length - distance) > reach;
  };
}

/** How many of the shuffled machines are on the left. */
function leftCountOf(shape: Shape, machineCount: number, random: number): number {
  switch (shape) {
    case "halves":
      return Math.floor(machineCount / 2);
    case "isolate-one":
    case "one-way":
    case "zone-outage":
      return 1;
    case "random-split":
      return 1 + Math.floor(random * (machineCount - 1));
    case "bridge":
      return Math.floor((machineCount - 1) / 2);
    case "majority-ring":
      return machineCount;
  }
}

/** When the cut is there. */
export function cutsOf({ startMs, endMs, periodMs }: Partition): FaultWindow[] {
  if (periodMs === undefined) return [{ startMs, endMs }];
  const cuts: FaultWindow[] = [];
  for (let beat = 0; startMs + beat * periodMs < endMs; beat++) {
    const fromMs = wholeMicros(startMs + beat * periodMs);
    cuts.push({ startMs: fromMs, endMs: Math.min(endMs, wholeMicros(fromMs + periodMs / 2)) });
  }
  return cuts;
}

function toFront(machines: readonly string[], chosen: readonly string[]): string[] {
  return [...chosen, ...machines.filter((machine) => !chosen.includes(machine))];
}

/** Enough to see something between two cuts, and no more events than a run can bear. */
const PERIOD_MS_MIN = 10;
const PERIODS_MAX = 100_000;

export const partition = {
  kind: "partition",
  summary:
    "Some machines cannot reach others, silently: a switch dies, a firewall rule is wrong, a cable is cut " +
    "(halves, isolate-one, random-split; zone-outage cuts off a whole zone; one-way cuts a single direction, as a " +
    "broken route does; in a bridge one machine still reaches both sides, in a majority-ring each sees another " +
    "majority; with a period the cut comes and goes, as with a loose plug).",
  specShape: {
    shape: z
      .union([z.enum(SHAPES), z.array(z.enum(SHAPES)).min(1)])
      .transform((shape) => (Array.isArray(shape) ? shape : [shape]))
      .prefault([...USUAL]),
    among: amongShape.among.describe(
      "Who is cut off by isolate-one and one-way: one of these machines, or of these zones; and which zones by " +
        "zone-outage. Default: any.",
    ),
    period: durationRange
      .optional()
      .describe("Flapping: cut for half of each such period, healed for the other. Default: cut throughout."),
  },
  faultSchema,
  machinesMin: 2,
  impairsNetwork: true,
  checkSpec({ shape, among }, { machines, places }) {
    const found: FieldProblem[] = [];
    for (const each of shape) {
      const least = MACHINES_MIN[each] ?? 0;
      if (machines.length >= least) continue;
      const message = `${each} needs at least ${least} machines, got ${machines.length}`;
      found.push({ field: "shape", message });
    }
    if (shape.includes("zone-outage") && places.zones.size < 2) {
      found.push({
        field: "shape",
        message: "zone-outage needs two zones: say in cluster.zones who is where",
      });
    }
    if (among !== undefined && !shape.some((each) => AMONG.has(each))) {
      found.push({ field: "among", message: `only ${[...AMONG].join(", ")} have machines to choose among` });
    }
    return found;
  },
  draw(spec, { machines, places, targets, draw, startMs, endMs }) {
    const isPossible = (shape: Shape): boolean =>
      shape === "zone-outage" ? places.zones.size >= 2 : machines.length >= (MACHINES_MIN[shape] ?? 2);
    const possible = spec.shape.filter(isPossible);
    const shape = possible.length === 0 ? "halves" : draw.pick("shape", possible);
    const sides = draw.shuffle("sides", machines);
    const first = sides.find((machine) => targets.includes(machine));
    const zone = shape === "zone-outage" ? places.zones.get(places.zoneOf(first ?? "") ?? "") : undefined;
    const shuffled = AMONG.has(shape) ? toFront(sides, zone ?? [first ?? ""]) : sides;
    const leftCount = zone?.length ?? leftCountOf(shape, machines.length, draw.uniform("split"));
    const bridge = shape === "bridge" ? shuffled.at(-1) : undefined;
    const right = shuffled.slice(leftCount, bridge === undefined ? undefined : -1);
    const left = shuffled.slice(0, leftCount);
    return {
      kind: "partition",
      startMs,
      endMs,
      shape,
      left: shape === "majority-ring" ? left : left.toSorted(),
      right: right.toSorted(),
      ...(bridge !== undefined && { bridge }),
      ...(spec.period !== undefined && {
        periodMs: wholeMicros(
          Math.max(
            PERIOD_MS_MIN,
            (endMs - startMs) / PERIODS_MAX,
            draw.between("period", spec.period.min, spec.period.max),
          ),
        ),
      }),
    };
  },
  machines: (fault) => [...fault.left, ...fault.right, ...(fault.bridge === undefined ? [] : [fault.bridge])],
  forgets: () => [],
  checkFault({ shape, left, right, bridge, periodMs, startMs, endMs }) {
    const found: FieldProblem[] = [];
    const isRing = shape === "majority-ring";
    if (isRing && left.length < 4) {
      found.push({ field: "left", message: `expected a ring of 4 machines or more, got ${left.length}` });
    }
    if (isRing && right.length > 0) {
      found.push({ field: "right", message: "expected no machine: all of a majority-ring are in `left`" });
    }
    if (!isRing && right.length === 0) found.push({ field: "right", message: "expected at least 1 machine" });
    if ((shape === "bridge") !== (bridge !== undefined)) {
      const message =
        shape === "bridge" ? "expected the machine that reaches both sides" : "only a bridge has one";
      found.push({ field: bridge === undefined ? "shape" : "bridge", message });
    }
    if (periodMs !== undefined && (endMs - startMs) / periodMs > PERIODS_MAX) {
      found.push({ field: "periodMs", message: `expected at most ${PERIODS_MAX} periods in all` });
    }
    return found;
  },
  steps(fault) {
    const steps: FaultStep[] = [];
    for (const [index, cut] of cutsOf(fault).entries()) {
      // The first begins, and whatever is left ends, with the fault itself.
      if (index > 0)
        steps.push({
          atMs: cut.startMs,
          what: "cuts again",
          run: (world) => world.network.impose(fault, condition(fault)),
        });
      if (cut.endMs < fault.endMs)
        steps.push({ atMs: cut.endMs, what: "heals for a while", run: (world) => world.network.lift(fault) });
    }
    return steps;
  },
  start: (world, fault) => world.network.impose(fault, condition(fault)),
  stop: (world, fault) => world.network.lift(fault),
} satisfies FaultKind<PartitionSpec, Partition>;
