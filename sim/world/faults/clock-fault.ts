import type { Range } from "../quantity-text.ts";
import type { World } from "../world.ts";
import type { ClockFault, FaultWindow, FieldProblem, Occasion, Setting } from "./fault-kind.ts";

/** What all faults of a clock have in common, given what each does to it. */
export function clockEffect<Fault extends FaultWindow>(clockFault: (fault: Fault) => ClockFault) {
  return {
    machinesMin: 1,
    impairsNetwork: false,
    clockFault,
    machines: (fault: Fault) => [clockFault(fault).machine],
    forgets: () => [],
    start(world: World, fault: Fault) {
      const error = clockFault(fault);
      world.machine(error.machine).hardware.impose(fault, error);
    },
    stop(world: World, fault: Fault) {
      const { machine, staysWrong } = clockFault(fault);
      if (!staysWrong) world.machine(machine).hardware.lift(fault);
    },
  };
}

/** Clocks may be wrong only in a scenario that says how much. */
export function checkSkewBudget(kind: string, { clockSkewMs }: Setting): readonly FieldProblem[] {
  if (clockSkewMs > 0) return [];
  const message =
    `${kind} makes a clock wrong, but budget.clockSkew is 0: say there how far clocks may be apart, ` +
    "or leave the fault out";
  return [{ field: "kind", message }];
}

/** Two directions, and either of them. */
export type Direction = readonly [plus: string, minus: string, either: string];

/** The amount, in the direction that is asked for. */
export function drawSigned(
  amount: number,
  direction: string,
  [plus, minus]: Direction,
  { draw }: Occasion,
): number {
  const isMinus = direction === minus || (direction !== plus && draw.uniform("direction") >= 0.5);
  return isMinus && amount > 0 ? -amount : amount;
}

/** A range cut off at what is allowed at most; that alone when all of it lies beyond. */
export function upTo(most: number, { min, max }: Range): Range {
  return { min: Math.min(min, most), max: Math.min(max, most) };
}
