import type { Figure } from "../check/measures/figure.ts";
import { measureByName } from "../check/measures/index.ts";
import { type Measure, quantileOf } from "../check/measures/measure.ts";
import { type CellResult, type CellTask, type Curves, NOTHING, type SeedResult } from "./cell.ts";
import { type BoundVerdict, searchCheapest } from "./cheapest.ts";
import { performAll, type StudyPool } from "./pool.ts";
import { createSampler, type Estimate, worstShare } from "./statistics.ts";
import type { Scenario } from "../run/scenario/scenario.ts";
import {
  type Candidate,
  type Condition,
  conditionName,
  type ConditionParts,
  scenarioName,
  type Study,
} from "./study.ts";
import type { StudyTask, StudyTaskResult } from "./task.ts";

/** What a study gives. It depends on the study alone, not on the number of workers, unless it was stopped. */
export interface StudyReport {
  readonly name: string;
  readonly story: string;
  readonly baseline: string;
  /** How many seeds were run, from 1 on. */
  readonly seeds: number;
  /** Whether it was stopped before all of them. */
  readonly isInterrupted: boolean;
  /** The names of what is compared: policies, with the settings that each was run with. */
  readonly policies: readonly string[];
  readonly conditions: readonly string[];
  readonly measures: readonly string[];
  /** Condition by condition, in each policy by policy. */
  readonly rows: readonly StudyRow[];
  readonly precision: ReachedPrecision | null;
  readonly search: BoundVerdict | null;
}

export interface StudyRow {
  readonly condition: string;
  readonly parts: ConditionParts;
  /** The name of the candidate. */
  readonly policy: string;
  /** How a run of it is named on the command line. */
  readonly ranAs: RanAs;
  /** One for each measure. */
  readonly estimates: readonly Estimate[];
  /** What it has more than the baseline, by measure; of the baseline itself zeros. */
  readonly differences: readonly Estimate[];
  readonly broken: readonly BrokenTally[];
  /** Seeds that could not be run to their end, with why the first could not. */
  readonly failed: {
    readonly count: number;
    readonly first: { readonly seed: number; readonly why: string } | null;
  };
  readonly curves: Curves;
  /** Milliseconds at {@link LATENCY_QUANTILES}; null where nothing was answered. */
  readonly readMs: readonly (number | null)[];
  readonly writeMs: readonly (number | null)[];
}

export interface RanAs {
  readonly policy: string;
  readonly setting: string;
  /** What `--under` takes. */
  readonly under: string;
}

export interface BrokenTally {
  readonly invariant: string;
  readonly isPromised: boolean;
  readonly seedCount: number;
  readonly firstSeed: number;
}

export interface ReachedPrecision {
  readonly wanted: number;
  /** The widest interval that was left, as a share of its value, either side. */
  readonly reached: number;
  readonly isReached: boolean;
  /** Where that is. */
  readonly worst: string;
}

export const LATENCY_QUANTILES = [0.01, 0.1, 0.25, 0.5, 0.75, 0.9, 0.95, 0.99, 0.999];

/** What is taken besides the measures that were asked for. */
const ALSO = ["read-p50", "write-p50"];
const FIRST_ROUND = 25;
const SEEDS_PER_TASK = 5;
/** Of one seed alone no interval can be told. */
const SEEDS_MIN = 2;

export interface ExploreOptions {
  readonly pool: StudyPool<StudyTask, StudyTaskResult>;
  /** Told now and then how many of the runs that are planned so far are done. */
  readonly onProgress?: ((done: number, planned: number) => void) | undefined;
  /** Once it is aborted the study ends, with the seeds that all have been run with. */
  readonly signal?: AbortSignal | undefined;
}

/** Too few seeds were done to say anything of any policy. */
export class NothingToReportError extends Error {
  override readonly name = "NothingToReportError";
}

/**
 * Runs a study: all of its seeds or, with a precision, as many as it takes, twice as many in each round.
 *
 * @throws NothingToReportError when it was aborted too early
 */
export async function explore(
  study: Study,
  { pool, onProgress, signal }: ExploreOptions,
): Promise<StudyReport> {
  const cells = study.conditions.flatMap((condition) =>
    study.candidates.map((candidate) => ({ condition, candidate, runs: [] as SeedResult[] })),
  );
  const measures = [...new Set([...study.measures, ...ALSO])];
  let seeds = 0;
  for (;;) {
    const next =
      study.precision === null ? study.seeds : Math.min(study.seeds, Math.max(FIRST_ROUND, 2 * seeds));
    let done = cells.length * seeds;
    // Seed by seed, so that at any time all cells have been run with about the same ones.
    const tasks = seedGroups(seeds + 1, next).flatMap(([firstSeed, lastSeed]) =>
      cells.map(({ condition, candidate: { policy, setting } }): CellTask => {
        const scenario = condition.scenarios.get(setting) as Scenario;
        return { kind: "cell", scenario, policy, firstSeed, lastSeed, measures };
      }),
    );
    const results = await performAll<StudyTask, StudyTaskResult>(
      pool,
      tasks,
      (result) => {
        done += (result as CellResult).runs.length;
        onProgress?.(done, cells.length * next);
      },
      signal,
    );
    const wholeCount = results.length - (results.length % cells.length);
    for (const [index, result] of results.slice(0, wholeCount).entries()) {
      cells[index % cells.length]?.runs.push(...(result as CellResult).runs);
    }
    seeds = cells[0]?.runs.length ?? 0;
    const isInterrupted = wholeCount < tasks.length;
    if (seeds < SEEDS_MIN) throw new NothingToReportError("no seed was run with every policy");
    const report = reportOf(study, cells, measures, seeds, isInterrupted);
    if (isInterrupted || seeds >= study.seeds || report.precision?.isReached === true) return report;
  }
}

function seedGroups(first: number, last: number): [number, number][] {
  const groups: [number, number][] = [];
  for (let seed = first; seed <= last;) {
    // The first ones alone, so that whoever stops a study early has something.
    const end = Math.min(last, seed <= SEEDS_MIN ? seed : seed + SEEDS_PER_TASK - 1);
    groups.push([seed, end]);
    seed = end + 1;
  }
  return groups;
}

interface Cell {
  readonly condition: Condition;
  readonly candidate: Candidate;
  readonly runs: readonly SeedResult[];
}

function reportOf(
  study: Study,
  cells: readonly Cell[],
  names: readonly string[],
  seeds: number,
  isInterrupted: boolean,
): StudyReport {
  const sampler = createSampler(seeds);
  const measures = names.map((name) => measureByName(name) as Measure);
  const shown = measures.slice(0, study.measures.length);
  const figuresOf = new Map(
    cells.map((cell) => [
      cell,
      measures.map((_, index) => cell.runs.map((each) => each.figures[index] as Figure)),
    ]),
  );
  const figures = (cell: Cell, index: number): readonly Figure[] => figuresOf.get(cell)?.[index] ?? [];
  /** The worst that a run of anybody showed: what a run of those that showed nothing may come to. */
  const worst = shown.map((measure, index) =>
    worstShare(
      measure,
      cells.flatMap((cell) => figures(cell, index)),
    ),
  );
  const rows = cells.map((cell): StudyRow => {
    const base = cells.find(
      ({ condition, candidate }) => condition === cell.condition && candidate.name === study.baseline,
    ) as Cell;
    /** Of the seeds that both could run to their ends. */
    const paired = (ours: Cell, theirs: Cell, index: number): readonly Figure[] =>
      theirs.runs.every(({ error }) => error === null)
        ? figures(ours, index)
        : figures(ours, index).map((figure, run) => (theirs.runs[run]?.error === null ? figure : NOTHING));
    const { cluster, network, faults, workload } = cell.condition;
    const { name, policy, setting } = cell.candidate;
    return {
      condition: conditionName(cell.condition),
      parts: { cluster, network, faults, workload },
      policy: name,
      ranAs: { policy, setting, under: scenarioName(setting, cell.condition) },
      estimates: shown.map((measure, index) =>
        sampler.estimate(measure, figures(cell, index), worst[index] ?? null),
      ),
      differences: shown.map((measure, index) =>
        sampler.difference(measure, paired(cell, base, index), paired(base, cell, index)),
      ),
      broken: tallyBroken(cell.runs),
      failed: tallyFailed(cell.runs),
      curves: addCurves(cell.runs.map(({ curves }) => curves)),
      readMs: latencies(figures(cell, names.indexOf("read-p50"))),
      writeMs: latencies(figures(cell, names.indexOf("write-p50"))),
    };
  });
  return {
    name: study.name,
    story: study.story,
    baseline: study.baseline,
    seeds,
    isInterrupted,
    policies: study.candidates.map(({ name }) => name),
    conditions: study.conditions.map(conditionName),
    measures: study.measures,
    rows,
    precision: study.precision === null ? null : precisionOf(study, rows, study.precision),
    search: study.bounds.length === 0 ? null : searchCheapest(study, rows),
  };
}

function tallyBroken(runs: readonly SeedResult[]): BrokenTally[] {
  const tallies = new Map<string, BrokenTally>();
  for (const { seed, broken } of runs) {
    for (const { name, isPromised } of broken) {
      // Some promises hold in some runs only.
      const tallied = `${name} ${isPromised}`;
      const { seedCount, firstSeed } = tallies.get(tallied) ?? { seedCount: 0, firstSeed: seed };
      tallies.set(tallied, { invariant: name, isPromised, seedCount: seedCount + 1, firstSeed });
    }
  }
  return [...tallies.values()].sort((a, b) => Number(b.isPromised) - Number(a.isPromised));
}

function tallyFailed(runs: readonly SeedResult[]): StudyRow["failed"] {
  const failed = runs.flatMap(({ seed, error }) => (error === null ? [] : [{ seed, why: error }]));
  return { count: failed.length, first: failed[0] ?? null };
}

function addCurves(all: readonly Curves[]): Curves {
  const sum = (name: keyof Curves): number[] =>
    (all[0]?.[name] ?? []).map((_, bin) =>
      all.reduce((total, curves) => total + (curves[name][bin] ?? 0), 0),
    );
  return {
    hits: sum("hits"),
    staleHits: sum("staleHits"),
    called: sum("called"),
    answered: sum("answered"),
    found: sum("found"),
    foundStale: sum("foundStale"),
    faulty: sum("faulty"),
  };
}

function latencies(figures: readonly Figure[]): (number | null)[] {
  const all = figures.flatMap((figure) => (figure.kind === "samples" ? figure.values : []));
  all.sort((a, b) => a - b);
  return LATENCY_QUANTILES.map((quantile) => quantileOf(all, quantile));
}

/**
 * Shares are judged by what they are of: one that is smaller than a tenth as if it were a tenth, or rare things would have
 * to be counted for ever. A value of another kind that is zero in all runs has nothing to be precise to.
 */
function precisionOf(study: Study, rows: readonly StudyRow[], wanted: number): ReachedPrecision {
  let reached = 0;
  let worst = "";
  for (const row of rows) {
    for (const [index, { value, low, high }] of row.estimates.entries()) {
      if (value === null) continue;
      const { unit } = measureByName(study.measures[index] as string) as Measure;
      const least = unit === "share" ? SHARE_MIN : unit === "per thousand" ? SHARE_MIN * 1000 : 0;
      const size = Math.max(Math.abs(value), least);
      const half = high === low ? 0 : (high - low) / 2 / (size === 0 ? 1 : size);
      if (half <= reached) continue;
      reached = half;
      worst = `${study.measures[index]} of ${row.policy} (${row.condition})`;
    }
  }
  return { wanted, reached, isReached: reached <= wanted, worst };
}

const SHARE_MIN = 0.1;
