import { createRootSupervisor, type RootSupervisor } from "@phyxius/process";
import type { BackgroundWork } from "../policies/policy.ts";
import type { BackgroundKit, BackgroundProcess } from "./background.ts";
import { createExpiryProcess } from "./expiry.ts";
import { createHealthProcess } from "./health.ts";
import type { PullHost } from "./pull.ts";
import { createRepairProcess } from "./repair.ts";
import { createStatisticsProcess } from "./statistics.ts";

const PROCESSES: Readonly<Record<BackgroundWork, (kit: BackgroundKit, host: PullHost) => BackgroundProcess>> =
  {
    expiry: createExpiryProcess,
    health: createHealthProcess,
    statistics: createStatisticsProcess,
    repair: createRepairProcess,
  };

/** Starts a supervised process for each kind of work. Stopping the supervisor stops them. */
export function startBackground(
  works: readonly BackgroundWork[],
  kit: BackgroundKit,
  host: PullHost,
): RootSupervisor {
  const supervisor = createRootSupervisor({ clock: kit.clock, random: kit.random });
  for (const work of works) supervisor.spawn(PROCESSES[work](kit, host), undefined);
  return supervisor;
}
