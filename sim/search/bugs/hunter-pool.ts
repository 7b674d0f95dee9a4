import type { Scenario } from "../../run/scenario/scenario.ts";
import { createControl } from "../control.ts";
import type { SeedRange } from "../job.ts";
import { builtModule } from "../package-files.ts";
import { startThreads } from "../worker-threads.ts";
import type { Hunt } from "./hunt.ts";

/** The seeds of one range, to be hunted through for one defect. */
export interface HuntTask {
  /** Its name in the bank. */
  readonly bug: string;
  readonly scenario: Scenario;
  readonly seeds: SeedRange;
}

/** Where hunts run. */
export interface Hunters {
  readonly workerCount: number;
  hunt(task: HuntTask): Promise<Hunt>;
  /** Lets every hunt end with its present seed. */
  stop(): void;
  /** Ends the threads, with whatever they are doing. */
  close(): Promise<void>;
}

/** What every worker is started with. */
export interface HunterSetup {
  readonly bankModule: string;
  readonly control: SharedArrayBuffer;
}

/** @param bankModule exports `bugs` and `invariants`, as JavaScript */
export function startHunters(bankModule: URL, workers: number): Hunters {
  const control = createControl(workers);
  const setup: HunterSetup = { bankModule: bankModule.href, control: control.buffer };
  const threads = startThreads<HuntTask, Hunt>(builtModule("hunter"), workers, setup);
  return {
    workerCount: workers,
    hunt: (task) => threads.perform(task),
    stop: () => control.requestStop(),
    close: () => threads.close(),
  };
}
