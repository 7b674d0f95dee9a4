import type { Step, TraceEvent, TraceSink } from "../kernel/trace-sink.ts";
import type { StateOf } from "../run/run.ts";
import type { Snapshot } from "../run/system.ts";
import { machinesByLane } from "../world/lanes.ts";

/**
 * The states of all machines after every event of a run. A state is sampled before the next event is recorded, so
 * what an event set off until then counts as its doing; of a turn of the kernel that leaves no event (a timer that
 * tidies up) the event before it. Kept are references to immutable states, and only where they changed.
 */
export interface StateRecording extends TraceSink {
  /** To be given to `run`. */
  readonly watch: (look: StateOf) => void;
  /** Takes the last samples. To be called when the run has ended. */
  finish(): void;
  readonly states: States;
}

export interface States {
  /** The state of a machine once event `event` had happened; null while it was down. O(log changes). */
  after(machine: string, event: number): Snapshot | null;
  /** When the state of a machine changed, in the order of the events. */
  changes(machine: string): readonly StateChange[];
}

export interface StateChange {
  /** Index of the event after which it was so; -1 for what was there before the first. */
  readonly event: number;
  readonly snapshot: Snapshot | null;
}

export function createStateRecording(machines: readonly string[]): StateRecording {
  const machineAt = machinesByLane(machines);
  const changes = new Map<string, StateChange[]>(machines.map((machine) => [machine, []]));
  /** The machines whose code may have run since the last sample. */
  let touched: string[] = [];
  let lastEvent = -1;
  let look: StateOf = () => null;

  function touch(machine: string | null): void {
    if (machine !== null && !touched.includes(machine)) touched.push(machine);
  }

  function sample(): void {
    for (const machine of touched) {
      const known = changes.get(machine);
      if (known === undefined) continue;
      const snapshot = look(machine);
      const last = known.at(-1);
      if ((last?.snapshot ?? null) === snapshot) continue;
      if (last?.event === lastEvent) known.pop();
      known.push({ event: lastEvent, snapshot });
    }
  }

  return {
    watch(given) {
      look = given;
    },
    event({ index, machine }: TraceEvent) {
      sample();
      lastEvent = index;
      touch(machine);
    },
    step({ lane }: Step) {
      sample();
      touched = [];
      touch(machineAt(lane));
    },
    finish: sample,
    states: {
      after(machine, event) {
        const known = changes.get(machine) ?? [];
        return known[countUpTo(known, event) - 1]?.snapshot ?? null;
      },
      changes: (machine) => changes.get(machine) ?? [],
    },
  };
}

/** How many of the changes had happened after event `event`. */
function countUpTo(changes: readonly StateChange[], event: number): number {
  let [low, high] = [0, changes.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((changes[middle]?.event ?? Infinity) <= event) low = middle + 1;
    else high = middle;
  }
  return low;
}
