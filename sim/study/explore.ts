import type { Figure } from "../check/measures/figure.ts";
import { measureByName } from "../check/measures/index.ts";
import { type Measure, quantileOf } from "../check/measures/measure.ts";
import type { CellResult, CellTask, Curves, SeedResult } from "./cell.ts";
import { type BoundVerdict, searchCheapest } from "./cheapest.ts";
import { performAll, type StudyPool } from "./pool.ts";
import { createSampler, type Estimate } from "./statistics.ts";
import { type Condition, conditionName, type ConditionParts, type Study } from "./study.ts";
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
  readonly policy: string;
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
    study.policies.map((policy) => ({ condition, policy, runs: [] as SeedResult[] })),
  );
  const measures = [...new Set([...study.measures, ...ALSO])];
  let seeds = 0;
  for (;;) {
    const next =
      study.precision === null ? study.seeds : Math.min(study.seeds, Math.max(FIRST_ROUND, 2 * seeds));
    const before = seeds;
    // Seed by seed, so that at any time all cells have been run with about the same ones.
    const tasks = seedGroups(seeds + 1, next).flatMap(([firstSeed, lastSeed]) =>
      cells.map(({ condition, policy }): CellTask => {
        return { kind: "cell", scenario: condition.scenario, policy, firstSeed, lastSeed, measures };
      }),
    );
    const results = await performAll<StudyTask, StudyTaskResult>(
      pool,
      tasks,
      (_result, index) => {
        const done = cells.length * before + (index + 1) * SEEDS_PER_TASK;
        onProgress?.(Math.min(done, cells.length * next), cells.length * next);
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
  for (let seed = first; seed <= last; seed += SEEDS_PER_TASK) {
    groups.push([seed, Math.min(last, seed + SEEDS_PER_TASK - 1)]);
  }
  return groups;
}

interface Cell {
  readonly condition: Condition;
  readonly policy: string;
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
  const figures = (cell: Cell, index: number): Figure[] =>
    cell.runs.map((each) => each.figures[index] as Figure);
  const rows = cells.map((cell): StudyRow => {
    const base = cells.find(
      ({ condition, policy }) => condition === cell.condition && policy === study.baseline,
    ) as Cell;
    const { cluster, network, faults, workload } = cell.condition;
    return {
      condition: conditionName(cell.condition),
      parts: { cluster, network, faults, workload },
      policy: cell.policy,
      estimates: shown.map((measure, index) => sampler.estimate(measure, figures(cell, index))),
      differences: shown.map((measure, index) =>
        sampler.difference(measure, figures(cell, index), figures(base, index)),
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
    policies: study.policies,
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

/** A value of zero has no share to be precise to; its interval is judged by itself, as a share of one. */
function precisionOf(study: Study, rows: readonly StudyRow[], wanted: number): ReachedPrecision {
  let reached = 0;
  let worst = "";
  for (const row of rows) {
    for (const [index, { value, low, high }] of row.estimates.entries()) {
      if (value === null) continue;
      const half = (high - low) / 2 / (value === 0 ? 1 : Math.abs(value));
      if (half <= reached) continue;
      reached = half;
      worst = `${study.measures[index]} of ${row.policy} (${row.condition})`;
    }
  }
  return { wanted, reached, isReached: reached <= wanted, worst };
}
