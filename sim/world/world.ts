import type { Kernel } from "../kernel/kernel.ts";
import { DEFAULT_SYNC_LATENCY, type DiskStatistics, NO_DISK_STATISTICS, SimulatedDisk } from "./disk.ts";
import type { LatencyModel } from "./latency.ts";
import { createMachine, type Machine, type MachineObserver } from "./machine.ts";
import { createNetwork, type Network, type NetworkOptions } from "./network.ts";

/** What a fault may do to the world. */
export interface World {
  readonly machines: readonly string[];
  readonly network: Network;
  disk(machine: string): SimulatedDisk;
  /** Ends the machine's current life, and empties its disk unless that is kept; nothing when it is down already. */
  crash(machine: string, options?: { readonly keepsDisk?: boolean }): void;
  /** Starts the next life; nothing when it is up already. */
  restart(machine: string): void;
}

export interface BuiltWorld extends World {
  readonly diskStatistics: Readonly<DiskStatistics>;
  machine(id: string): Machine;
  start(): void;
}

export function createWorld(
  kernel: Kernel,
  ids: readonly string[],
  networkOptions: NetworkOptions,
  observer: MachineObserver,
  describeFrame: (frame: Uint8Array) => unknown,
  syncLatency: LatencyModel = DEFAULT_SYNC_LATENCY,
): BuiltWorld {
  const diskStatistics = { ...NO_DISK_STATISTICS };
  const machines = ids.map((id, index) =>
    createMachine(
      kernel,
      id,
      index + 1,
      ids.filter((other) => other !== id),
      () => network,
      observer,
      (machine, lane) => new SimulatedDisk(kernel, machine, lane, syncLatency, diskStatistics),
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
    diskStatistics,
    machine,
    disk: (id) => machine(id).disk,
    crash: (id, { keepsDisk = false } = {}) => machine(id).crash(keepsDisk),
    restart: (id) => machine(id).start(),
    start() {
      for (const each of machines) each.start();
    },
  };
}
