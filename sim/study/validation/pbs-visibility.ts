import type { System } from "../../run/system.ts";
import { type PbsSetting, type PbsTrials, runTrials } from "./pbs-trials.ts";

/** How long after its write a read must wait to find it, for the trials in which that is longest. */
export interface Visibility {
  readonly trialCount: number;
  /** Milliseconds, falling; every trial that would have to wait longer than `fromMs` is there. */
  readonly longestMs: readonly number[];
  readonly fromMs: number;
  /** Share of the trials that found the value at once. */
  readonly consistentAtOnce: number;
}

/** So many times the share that is asked for is searched exactly, for its interval. */
const TAIL_FACTOR = 3;
const STEP_FACTOR = 4;
const FIRST_STEP_MS = 0.25;
const RESOLUTION_MS = 0.005;
const HALVINGS_MAX = 40;

/**
 * Finds out how long the slowest trials must wait, by running them again and again.
 *
 * @param atOnce the same trials, from 0 on, without a wait
 * @param share the share of the trials that may be stale
 */
export async function findVisibility(
  system: System,
  setting: PbsSetting,
  atOnce: PbsTrials,
  share: number,
): Promise<Visibility> {
  const trialCount = atOnce.consistent.length;
  const staleAmong = async (
    trials: readonly number[],
    waitMs: (trial: number) => number,
  ): Promise<number[]> => {
    const { consistent } = await runTrials(system, setting, trials, waitMs);
    return trials.filter((_, index) => consistent[index] === false);
  };

  const enough = Math.ceil(TAIL_FACTOR * share * trialCount);
  let stale = atOnce.consistent.flatMap((isConsistent, trial) => (isConsistent ? [] : [trial]));
  const consistentAtOnce = 1 - stale.length / trialCount;
  let fromMs = 0;
  for (let waitMs = FIRST_STEP_MS; stale.length > enough; waitMs *= STEP_FACTOR) {
    const left = await staleAmong(stale, () => waitMs);
    if (left.length < enough) break;
    [stale, fromMs] = [left, waitMs];
  }
  const longestMs = await edges(stale, fromMs, staleAmong);
  return { trialCount, longestMs: longestMs.sort((a, b) => b - a), fromMs, consistentAtOnce };
}

/** Where each trial turns from stale to consistent, all halved side by side. */
async function edges(
  trials: readonly number[],
  fromMs: number,
  staleAmong: (trials: readonly number[], waitMs: (trial: number) => number) => Promise<number[]>,
): Promise<number[]> {
  const least = new Map(trials.map((trial) => [trial, fromMs]));
  const most = new Map<number, number>();
  let open: readonly number[] = trials;
  for (let waitMs = Math.max(FIRST_STEP_MS, fromMs * STEP_FACTOR); open.length > 0; waitMs *= STEP_FACTOR) {
    const stale = new Set(await staleAmong(open, () => waitMs));
    for (const trial of open) (stale.has(trial) ? least : most).set(trial, waitMs);
    open = open.filter((trial) => stale.has(trial));
  }
  const middle = (trial: number): number => ((least.get(trial) ?? 0) + (most.get(trial) ?? 0)) / 2;
  open = trials;
  for (let halving = 0; halving < HALVINGS_MAX && open.length > 0; halving++) {
    const stale = new Set(await staleAmong(open, middle));
    for (const trial of open) (stale.has(trial) ? least : most).set(trial, middle(trial));
    open = open.filter((trial) => {
      const width = (most.get(trial) ?? 0) - (least.get(trial) ?? 0);
      return width > Math.max(RESOLUTION_MS, 0.002 * middle(trial));
    });
  }
  return trials.map(middle);
}

/** The share of the trials that are stale after a wait, which must not be shorter than `fromMs`. */
export function staleAfter({ longestMs, trialCount }: Visibility, waitMs: number): number {
  const count = longestMs.findIndex((edge) => edge <= waitMs);
  return (count < 0 ? longestMs.length : count) / trialCount;
}
