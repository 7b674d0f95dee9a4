import type { Operation } from "../../run/history.ts";
import type { Outcome } from "../../run/outcome.ts";
import type { Plan } from "../../run/plan.ts";
import { type Figure, ratio } from "./figure.ts";
import { isAnswered, isRead, workloadOperations } from "./workload-operations.ts";

/** The share of operations that were answered, whatever the answer was. */
export function availability({ record }: Outcome): Figure {
  return answeredOf(workloadOperations(record));
}

export function readAvailability({ record }: Outcome): Figure {
  return answeredOf(workloadOperations(record).filter(isRead));
}

export function writeAvailability({ record }: Outcome): Figure {
  return answeredOf(workloadOperations(record).filter((operation) => !isRead(operation)));
}

/** The share of what was called while some fault was there. */
export function faultAvailability({ record }: Outcome): Figure {
  const windows = record.plan.faults.map(({ startMs, endMs }) => ({
    fromUs: startMs * 1000,
    untilUs: endMs * 1000,
  }));
  const isFaulty = ({ callUs }: Operation): boolean =>
    windows.some(({ fromUs, untilUs }) => callUs >= fromUs && callUs < untilUs);
  return answeredOf(workloadOperations(record).filter(isFaulty));
}

/** The share of what was called, during a partition, at a machine on the side of more than half of all machines. */
export function majoritySideAvailability({ record }: Outcome): Figure {
  return answeredOf(onSide(record.plan, workloadOperations(record), "majority"));
}

/** The same on every other side. Of two equal halves neither is a majority. */
export function minoritySideAvailability({ record }: Outcome): Figure {
  return answeredOf(onSide(record.plan, workloadOperations(record), "minority"));
}

type Side = "majority" | "minority";

/** A one-way cut, a bridge and a ring have no two sides of which each knows only itself: they are left out. */
const SIDED: ReadonlySet<unknown> = new Set(["halves", "isolate-one", "random-split", "zone-outage"]);

interface Cut {
  readonly fromUs: number;
  readonly untilUs: number;
  readonly sides: ReadonlyMap<string, Side>;
}

function cutsOf({ faults, cluster }: Plan): Cut[] {
  return faults.flatMap((fault) => {
    if (fault.kind !== "partition" || !("shape" in fault) || !SIDED.has(fault.shape)) return [];
    // One that flaps is no partition for half of its time.
    if ("periodMs" in fault && fault.periodMs !== undefined) return [];
    const sides = [fault.left, fault.right].flatMap((machines: readonly string[]) => {
      const side: Side = 2 * machines.length > cluster.machines.length ? "majority" : "minority";
      return machines.map((machine) => [machine, side] as const);
    });
    return [{ fromUs: fault.startMs * 1000, untilUs: fault.endMs * 1000, sides: new Map(sides) }];
  });
}

function onSide(plan: Plan, operations: readonly Operation[], side: Side): readonly Operation[] {
  const cuts = cutsOf(plan);
  if (cuts.length === 0) return [];
  return operations.filter(({ callUs, machine }) => {
    const during = cuts.filter(({ fromUs, untilUs }) => callUs >= fromUs && callUs < untilUs);
    // Of several partitions at once, one that puts the machine into a minority decides.
    const sides = new Set(during.map(({ sides: sideOf }) => sideOf.get(machine)));
    return side === "minority" ? sides.has("minority") : sides.has("majority") && !sides.has("minority");
  });
}

function answeredOf(operations: readonly Operation[]): Figure {
  return ratio(operations.filter(isAnswered).length, operations.length);
}
