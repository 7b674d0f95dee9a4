import { finalize, mixString } from "../kernel/mix.ts";
import { machineLane } from "./transit.ts";

const HASHED = 0x1000000;

/**
 * The lane of each machine: a number made of the machine's name alone, since timers and their choices are addressed
 * by it. So a machine that joins or leaves the list leaves those of the others as they were. `n7` has lane 7.
 *
 * @returns lanes from 1, below 2 ** 26, no two alike
 */
export function lanesOf(machines: readonly string[]): ReadonlyMap<string, number> {
  const lanes = new Map<string, number>();
  const taken = new Set<number>();
  for (const machine of machines) {
    let lane = numberOf(machine) ?? HASHED + (finalize(mixString(0, machine)) % HASHED);
    while (taken.has(lane)) lane++;
    taken.add(lane);
    lanes.set(machine, lane);
  }
  return lanes;
}

/** @returns finds the machine at which an event of a lane happens; null for the world's own */
export function machinesByLane(machines: readonly string[]): (lane: number) => string | null {
  const byLane = new Map([...lanesOf(machines)].map(([machine, lane]) => [lane, machine]));
  return (lane) => byLane.get(machineLane(lane)) ?? null;
}

function numberOf(machine: string): number | null {
  const digits = /^n([1-9]\d{0,6})$/.exec(machine)?.[1];
  return digits === undefined ? null : Number(digits);
}
