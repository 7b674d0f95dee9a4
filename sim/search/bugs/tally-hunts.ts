import type { BugReport } from "./hunt-all.ts";
import type { Detection } from "./hunt.ts";

/** The middle of a few numbers, and what nine of ten do not exceed; infinite where too few hunts found anything. */
export interface Spread {
  readonly median: number;
  readonly p90: number;
}

/** What the hunts for one defect come to. */
export interface BugTally {
  /** Ranges that were hunted through. */
  readonly ranges: number;
  /** Those in which it was found. */
  readonly found: number;
  readonly seeds: Spread;
  /** Milliseconds of running and checking until it was found. */
  readonly ms: Spread;
  /** Of the failing plans. */
  readonly operations: Spread;
  readonly faults: Spread;
  /** How often each invariant was broken when it was found, the most frequent first. */
  readonly brokenBy: readonly (readonly [invariant: string, times: number])[];
  /** Found by none of the invariants that were expected, so often. */
  readonly unexpected: number;
  /** What the sound system broke under the same plans. */
  readonly falseAlarms: readonly Detection[];
  /** How many runs of the sound system there were. */
  readonly soundRuns: number;
}

export function tallyHunts({ bug, hunts }: BugReport): BugTally {
  const detections = hunts.flatMap(({ detection }) => detection ?? []);
  const counts = new Map<string, number>();
  for (const { broken } of detections) {
    for (const name of broken) counts.set(name, (counts.get(name) ?? 0) + 1);
  }
  const ifFound = (numberOf: (hunt: (typeof hunts)[number]) => number): Spread =>
    spreadOf(hunts.map((hunt) => (hunt.detection === null ? Number.POSITIVE_INFINITY : numberOf(hunt))));
  return {
    ranges: hunts.length,
    found: detections.length,
    seeds: ifFound(({ seedsRun }) => seedsRun),
    ms: ifFound(({ elapsedMs }) => elapsedMs),
    operations: spreadOf(detections.map(({ operations }) => operations)),
    faults: spreadOf(detections.map(({ faults }) => faults)),
    brokenBy: [...counts].sort(([a, timesA], [b, timesB]) => timesB - timesA || (a < b ? -1 : 1)),
    unexpected: detections.filter(({ broken }) => !broken.some((name) => bug.expected.includes(name))).length,
    falseAlarms: hunts.flatMap(({ falseAlarms }) => falseAlarms),
    soundRuns: hunts.reduce((sum, { seedsRun }) => sum + seedsRun, 0),
  };
}

/** By the nearest rank. */
export function spreadOf(values: readonly number[]): Spread {
  const sorted = [...values].sort((a, b) => a - b);
  const at = (share: number): number => sorted[Math.ceil(share * sorted.length) - 1] ?? Number.NaN;
  return { median: at(0.5), p90: at(0.9) };
}

/** Found in every range, and nothing found in the sound system. */
export function isFound({ ranges, found, falseAlarms }: BugTally): boolean {
  return ranges > 0 && found === ranges && falseAlarms.length === 0;
}
