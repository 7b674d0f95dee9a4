import type { System } from "../../run/system.ts";
import { type Finding, judged } from "./finding.ts";
import {
  atMost,
  deviations,
  CONFIDENCE,
  type Interval,
  quantileInterval,
  shareInterval,
} from "./intervals.ts";
import type { PbsModel } from "./pbs-models.ts";
import { GRID_MS, PUBLISHED_TRIALS, publishedAtOnce, publishedCells } from "./pbs-published.ts";
import { runTrials } from "./pbs-trials.ts";
import { findVisibility, staleAfter, type Visibility } from "./pbs-visibility.ts";

export interface PbsCell {
  readonly model: PbsModel;
  /** The column of the published table. */
  readonly column: string;
  readonly read: number;
  readonly write: number;
}

const QUANTILE = 0.999;
const SHARE = 1 - QUANTILE;
const SEED = 1;
/** The last digit of the published latencies. */
const ROUNDING_MS = 0.005;

/** What the cache says to one cell of the published table, from so many trials. */
export async function validateCell(system: System, cell: PbsCell, trialCount: number): Promise<Finding[]> {
  const { model, column, read, write } = cell;
  const published = publishedCells.find((each) => each.read === read && each.write === write);
  if (published === undefined) throw new RangeError(`no cell R = ${read}, W = ${write} was published`);
  const setting = { model, read, write, seed: SEED };
  const trials = Array.from({ length: trialCount }, (_, trial) => trial);
  const atOnce = await runTrials(system, setting, trials, () => 0);
  const visibility = await findVisibility(system, setting, atOnce, SHARE);
  const name = `${model.name} R=${read} W=${write}`;
  const table = "PBS";
  const remark = model.remark === "" ? {} : { remark: model.remark };

  const latency = (what: string, latencies: readonly number[], value: number): Finding => {
    const sorted = latencies.toSorted((a, b) => a - b);
    const interval = quantileInterval(sorted, QUANTILE, PUBLISHED_TRIALS);
    const ours = sorted[Math.ceil(QUANTILE * trialCount) - 1] ?? Number.NaN;
    return judged(
      { table, what: `${name}: ${what} p99.9, ms`, published: value, ours, interval, by: "cache", ...remark },
      ROUNDING_MS,
    );
  };
  const findings = [
    latency("read", atOnce.readMs, published.readMs[column] ?? Number.NaN),
    latency("write", atOnce.writeMs, published.writeMs[column] ?? Number.NaN),
    ...visible(name, column, visibility, published.visibleMs[column] ?? Number.NaN, remark),
  ];
  const share = publishedAtOnce[column];
  if (read > 1 || write > 1 || share === undefined) return findings;
  const count = Math.round(visibility.consistentAtOnce * trialCount);
  const effective = 1 / (1 / trialCount + 1 / PUBLISHED_TRIALS);
  const interval = shareInterval((count / trialCount) * effective, effective);
  const ours = visibility.consistentAtOnce;
  findings.push(
    judged(
      {
        table,
        what: `${name}: consistent at once`,
        published: share,
        ours,
        interval,
        by: "cache",
        ...remark,
      },
      0.005,
    ),
  );
  return findings;
}

/** Once by the authors' way of looking for it, which is biased low, and once as it is. */
function visible(
  name: string,
  column: string,
  visibility: Visibility,
  published: number,
  remark: { readonly remark?: string },
): Finding[] {
  const gridMs = GRID_MS[column] ?? 1;
  const { trialCount } = visibility;
  // By how much the share of the stale itself may be wrong: it was seen in a few trials.
  const doubt = Math.min(0.9, deviations(CONFIDENCE) / Math.sqrt(SHARE * trialCount));
  const interval: Interval = {
    low: firstPassage(visibility, gridMs, (1 - CONFIDENCE) / 2, 1 - doubt),
    high: firstPassage(visibility, gridMs, (1 + CONFIDENCE) / 2, 1 + doubt),
  };
  const estimate: Finding = judged(
    {
      table: "PBS",
      what: `${name}: t-visibility 99.9%, ms, first of a grid`,
      published,
      ours: firstPassage(visibility, gridMs, 0.5, 1),
      interval,
      by: "cache",
      ...remark,
    },
    gridMs,
  );
  const exact = visibility.longestMs[Math.floor(SHARE * trialCount)] ?? 0;
  const sorted = paddedRising(visibility);
  return [
    estimate,
    {
      table: "PBS",
      what: `${name}: t-visibility 99.9%, ms, true quantile`,
      published,
      ours: exact,
      interval: quantileInterval(sorted, QUANTILE),
      by: "cache",
      verdict: "shown",
      remark: "the published value is not an estimate of it, but the first of a grid that looks right",
    },
  ];
}

/** The waits of all trials; those that are not known exactly count as the shortest that may be. */
function paddedRising({ longestMs, trialCount, fromMs }: Visibility): number[] {
  const others = Array.from({ length: trialCount - longestMs.length }, () => fromMs);
  return [...others, ...longestMs.toReversed()];
}

/**
 * The wait at which the authors' search ends with a given probability: it tries one wait after the other, each with
 * new trials, and takes the first at which 99.9% of them are consistent.
 */
function firstPassage(visibility: Visibility, gridMs: number, probability: number, factor: number): number {
  const staleMost = Math.floor(SHARE * PUBLISHED_TRIALS + 1e-9);
  let stillSearching = 1;
  const longest = (visibility.longestMs[0] ?? 0) * 2 + gridMs;
  for (let step = Math.floor(visibility.fromMs / gridMs); step * gridMs <= longest; step++) {
    const stale = staleAfter(visibility, step * gridMs) * factor;
    stillSearching *= 1 - atMost(staleMost, PUBLISHED_TRIALS, stale);
    if (1 - stillSearching >= probability) return step * gridMs;
  }
  return longest;
}
