import type { Kernel } from "../kernel/kernel.ts";
import { DEFAULT_SYNC_LATENCY, type DiskStatistics, NO_DISK_STATISTICS, SimulatedDisk } from "./disk.ts";
import { createHookBoard, type HookBoard, type HookOptions } from "./hooks.ts";
import { lanesOf } from "./lanes.ts";
import type { KindOf } from "./journeys.ts";
import type { LatencyModel } from "./latency.ts";
import { createMachine, type Machine, type MachineObserver } from "./machine.ts";
import { createNetwork, type Network, type NetworkOptions } from "./network.ts";
import { createPlaces, type Places } from "./places.ts";

/** What a fault may do to the world. */
export interface World {
  readonly machines: readonly string[];
  readonly places: Places;
  readonly network: Network;
  readonly hooks: HookBoard;
  disk(machine: string): SimulatedDisk;
  /** Ends the machine's current life, and empties its disk unless that is kept; nothing when it is down already. */
  crash(machine: string, options?: { readonly keepsDisk?: boolean }): void;
  /** Starts the next life; nothing when it is up already. */
  restart(machine: string): void;
  machine(id: string): Machine;
}

export interface BuiltWorld extends World {
  readonly diskStatistics: Readonly<DiskStatistics>;
  machine(id: string): Machine;
  start(): void;
}

export interface WorldOptions {
  readonly hooks: HookOptions;
  /** The kind of message in a frame; for networks that tell kinds apart. */
  readonly kindOf?: KindOf | undefined;
  /** How long a disk takes to sync. */
  readonly syncLatency?: LatencyModel | undefined;
  /**
   * What the monotonic clocks of machines show at the start, in milliseconds; where it is given, that of each later life
   * begins at 0. By default there is one for all lives, and it begins at 0.
   */
  readonly uptimesMs?: Readonly<Record<string, number>> | undefined;
  /** From how long on the network notes a message's journey, in milliseconds. Default: never. */
  readonly longJourneyMs?: number | undefined;
}

export function createWorld(
  kernel: Kernel,
  ids: readonly string[],
  networkOptions: NetworkOptions,
  observer: MachineObserver,
  describeFrame: (frame: Uint8Array) => unknown,
  {
    hooks: hookOptions,
    kindOf = () => null,
    syncLatency = DEFAULT_SYNC_LATENCY,
    uptimesMs,
    longJourneyMs = Infinity,
  }: WorldOptions,
): BuiltWorld {
  const uptimes = uptimesMs === undefined ? null : new Map(Object.entries(uptimesMs));
  const hooks = createHookBoard(kernel, hookOptions);
  const lanes = lanesOf(ids);
  const diskStatistics = { ...NO_DISK_STATISTICS };
  const machines = ids.map((id, index) =>
    createMachine(
      kernel,
      id,
      lanes.get(id) as number,
      ids.toSpliced(index, 1),
      () => network,
      hooks,
      observer,
      (host) => new SimulatedDisk(kernel, host, syncLatency, diskStatistics),
      uptimes === null ? null : Math.round((uptimes.get(id) ?? 0) * 1000),
    ),
  );
  const byId = new Map(machines.map((machine) => [machine.id, machine]));
  const network = createNetwork(kernel, machines, networkOptions, describeFrame, kindOf, longJourneyMs);

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
