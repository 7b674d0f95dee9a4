import type { BrokenTally, StudyReport, StudyRow } from "../../study/explore.ts";
import { replayCommand, underFlag } from "../command-line.ts";

/** A run that shows what a policy breaks under a condition. */
export interface BrokenRun {
  /** As the command line names it. */
  readonly policy: string;
  /** What `--under` takes. */
  readonly under: string;
  readonly seed: number;
}

/**
 * The run of a row to look at: the first that could not be finished, else the first that breaks a promise, else the
 * first that breaks anything; null: there is none.
 */
export function brokenRunOf({ ranAs: { policy, under }, broken, failed }: StudyRow): BrokenRun | null {
  const seed = failed.first?.seed ?? broken[0]?.firstSeed;
  return seed === undefined ? null : { policy, under, seed };
}

/** The line that runs it again, from the study alone. */
export function replayOf(studyFile: string, { policy, under, seed }: BrokenRun): string {
  return replayCommand(studyFile, policy, seed, underFlag(under));
}

/**
 * Some of the runs, at most so many: broken promises before all else, then of every policy one before a second of
 * any.
 */
export function runsToShow({ policies, rows }: StudyReport, countMax: number): BrokenRun[] {
  const ranked = policies.flatMap((policy) =>
    rows
      .filter((row) => row.policy === policy)
      .flatMap((row) => {
        const run = brokenRunOf(row);
        return run === null
          ? []
          : [{ run, isPromised: brokenTexts(row).some(({ isPromised }) => isPromised) }];
      })
      .map((each, turn) => ({ ...each, turn })),
  );
  return ranked
    .sort((a, b) => Number(b.isPromised) - Number(a.isPromised) || a.turn - b.turn)
    .slice(0, countMax)
    .map(({ run }) => run);
}

/** What a row breaks, and in how many seeds: each broken promise by itself, then all else in one. */
export function brokenTexts({ broken, failed }: StudyRow): { text: string; isPromised: boolean }[] {
  const promised = broken.filter(({ isPromised }) => isPromised).map(tallyText);
  const others = broken.filter(({ isPromised }) => !isPromised).map(tallyText);
  const { count, first } = failed;
  if (first !== null) promised.unshift(`not finished in ${count}, first in seed ${first.seed}: ${first.why}`);
  return [
    ...promised.map((text) => ({ text, isPromised: true })),
    ...(others.length === 0 ? [] : [{ text: `not promised: ${others.join(", ")}`, isPromised: false }]),
  ];
}

function tallyText({ invariant, seedCount }: BrokenTally): string {
  return `${invariant} in ${seedCount}`;
}
