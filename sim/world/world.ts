import type { Kernel } from "../kernel/kernel.ts";
import { createHookBoard, type HookBoard, type HookOptions } from "./hooks.ts";
import { createMachine, type Machine, type MachineObserver } from "./machine.ts";
import { createNetwork, type Network, type NetworkOptions } from "./network.ts";
import { createPlaces, type Places } from "./places.ts";

/** What a fault may do to the world. */
export interface World {
  readonly machines: readonly string[];
  readonly places: Places;
  readonly network: Network;
  readonly hooks: HookBoard;
  /** Ends the machine's current life; nothing when it is down already. */
  crash(machine: string): void;
  /** Starts the next life; nothing when it is up already. */
  restart(machine: string): void;
}

export interface BuiltWorld extends World {
  machine(id: string): Machine;
  start(): void;
}

export function createWorld(
  kernel: Kernel,
  ids: readonly string[],
  networkOptions: NetworkOptions,
  observer: MachineObserver,
  describeFrame: (frame: Uint8Array) => unknown,
  hookOptions: HookOptions,
): BuiltWorld {
  const hooks = createHookBoard(kernel, hookOptions);
  const machines = ids.map((id, index) =>
    createMachine(kernel, id, index + 1, ids.toSpliced(index, 1), () => network, hooks, observer),
  );
  const byId = new Map(machines.map((machine) => [machine.id, machine]));
  const network = createNetwork(kernel, machines, networkOptions, describeFrame);

  function machine(id: string): Machine {
    const found = byId.get(id);
    if (found === undefined) throw new RangeError(`no machine is called "${id}"`);
    return found;
  }

  return {
    machines: ids,
    places: createPlaces(ids, networkOptions.zones),
    network,
    hooks,
    machine,
    crash: (id) => machine(id).crash(),
    restart: (id) => machine(id).start(),
    start() {
      for (const each of machines) each.start();
    },
  };
}
