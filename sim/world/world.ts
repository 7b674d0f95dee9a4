import type { Kernel } from "../kernel/kernel.ts";
import { createHookBoard, type HookBoard, type HookOptions } from "./hooks.ts";
import { lanesOf } from "./lanes.ts";
import { createMachine, type Machine, type MachineObserver } from "./machine.ts";
import { createNetwork, type Network, type NetworkOptions } from "./network.ts";

/** What a fault may do to the world. */
export interface World {
  readonly machines: readonly string[];
  readonly network: Network;
  readonly hooks: HookBoard;
  /** Ends the machine's current life; nothing when it is down already. */
  crash(machine: string): void;
  /** Starts the next life; nothing when it is up already. */
  restart(machine: string): void;
  machine(id: string): Machine;
}

export interface BuiltWorld extends World {
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
  const lanes = lanesOf(ids);
  const machines = ids.map((id) =>
    createMachine(
      kernel,
      id,
      lanes.get(id) as number,
      ids.filter((other) => other !== id),
      () => network,
      hooks,
      observer,
    ),
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
