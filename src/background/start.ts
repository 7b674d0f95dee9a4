import { createRootSupervisor } from "@phyxius/process";
import type { BackgroundWork } from "../policies/policy.ts";
import { type BackgroundKit, type BackgroundProcess, FAILURE } from "./background.ts";
import { createExpiryProcess } from "./expiry.ts";
import { createHealthProcess } from "./health.ts";
import { createHintsProcess } from "./hints.ts";
import { createRepairProcess, type RepairHost } from "./repair.ts";
import { createStatisticsProcess } from "./statistics.ts";

/** How the process of each kind of work is made. */
export type BackgroundProcesses = Readonly<
  Record<BackgroundWork, (kit: BackgroundKit, host: RepairHost) => BackgroundProcess>
>;

export const PROCESSES: BackgroundProcesses = {
  expiry: createExpiryProcess,
  health: (kit) => createHealthProcess(kit),
  statistics: createStatisticsProcess,
  repair: createRepairProcess,
  hints: createHintsProcess,
};

/** The supervised processes of one node. */
export interface Background {
  readonly names: readonly BackgroundWork[];
  /** Ends the present life of a process with an error, so that its supervisor starts the next one. */
  readonly fail: (name: string) => void;
  /** Stops them all. */
  readonly stop: () => Promise<void>;
}

/** Starts a supervised process for each kind of work. */
export function startBackground(
  works: readonly BackgroundWork[],
  kit: BackgroundKit,
  host: RepairHost,
  processes: BackgroundProcesses,
): Background {
  const supervisor = createRootSupervisor({ clock: kit.clock, random: kit.random });
  const running = works.map((work) => supervisor.spawn(processes[work](kit, host), undefined));
  return {
    names: works,
    fail: (name) => void running.find((process) => process.name === name)?.send(FAILURE),
    stop: () => supervisor.stop(),
  };
}
