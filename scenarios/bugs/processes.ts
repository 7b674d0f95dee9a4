import type { BackgroundProcess } from "../../src/background/background.ts";
import { type BackgroundProcesses, PROCESSES } from "../../src/background/start.ts";

/** All background processes, each changed in the same way. */
export function allProcesses(change: (process: BackgroundProcess) => BackgroundProcess): BackgroundProcesses {
  const { expiry, health, statistics, repair, hints } = PROCESSES;
  return {
    expiry: (...args) => change(expiry(...args)),
    health: (...args) => change(health(...args)),
    statistics: (...args) => change(statistics(...args)),
    repair: (...args) => change(repair(...args)),
    hints: (...args) => change(hints(...args)),
  };
}
