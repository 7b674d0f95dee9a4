import type { Scenario } from "../../run/scenario/scenario.ts";
import type { SeedRange } from "../job.ts";
import type { Bug } from "./bug.ts";
import type { Hunt } from "./hunt.ts";
import type { Hunters } from "./hunter-pool.ts";

/** Ranges are so far apart that none reaches the next. */
export const RANGE_SEEDS_MAX = 1_000_000;

/** The seeds of the range of that number, from 0. */
export function rangeOf(index: number, seedsMax: number): SeedRange {
  const first = index * RANGE_SEEDS_MAX + 1;
  return { first, last: first + seedsMax - 1 };
}

/** What came of all hunts for one defect. */
export interface BugReport {
  readonly bug: Bug;
  /** In the order of the ranges; fewer than there are ranges when it was stopped. */
  readonly hunts: readonly Hunt[];
}

export interface HuntAllOptions {
  readonly bugs: readonly Bug[];
  readonly scenarioOf: (bug: Bug) => Scenario;
  readonly ranges: number;
  /** How many seeds of each range are run at most. */
  readonly seedsMax: number;
  readonly hunters: Hunters;
  readonly signal?: AbortSignal | undefined;
  /** Told of each defect once it and all before it are done. */
  readonly onBug?: ((report: BugReport) => void) | undefined;
  readonly onHunt?: ((done: number, total: number) => void) | undefined;
}

/** Hunts every defect through every range. Stopped, it gives what is complete by then. */
export async function huntAll(options: HuntAllOptions): Promise<readonly BugReport[]> {
  const { bugs, scenarioOf, ranges, seedsMax, hunters, signal } = options;
  const tasks = bugs.flatMap((bug) => {
    const scenario = scenarioOf(bug);
    return Array.from({ length: ranges }, (_, index) => ({ bug, scenario, seeds: rangeOf(index, seedsMax) }));
  });
  const hunts: (Hunt | undefined)[] = tasks.map(() => undefined);
  let next = 0;
  let done = 0;
  let told = 0;

  const reportOf = (index: number): BugReport => ({
    bug: bugs[index] as Bug,
    hunts: hunts
      .slice(index * ranges, (index + 1) * ranges)
      .flatMap((hunt) => (hunt?.isComplete === true ? [hunt] : [])),
  });

  async function work(): Promise<void> {
    for (let place = next++; place < tasks.length; place = next++) {
      if (signal?.aborted === true) return;
      const { bug, scenario, seeds } = tasks[place] as (typeof tasks)[number];
      hunts[place] = await hunters.hunt({ bug: bug.name, scenario, seeds });
      options.onHunt?.(++done, tasks.length);
      while (told < bugs.length && reportOf(told).hunts.length === ranges) options.onBug?.(reportOf(told++));
    }
  }

  const stop = (): void => hunters.stop();
  signal?.addEventListener("abort", stop, { once: true });
  try {
    await Promise.all(Array.from({ length: hunters.workerCount }, work));
  } finally {
    signal?.removeEventListener("abort", stop);
  }
  return bugs.map((_, index) => reportOf(index));
}
