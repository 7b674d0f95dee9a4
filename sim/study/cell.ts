import type { Figure } from "../check/measures/figure.ts";
import { measureByName } from "../check/measures/index.ts";
import { type ObservedHit, observedHits } from "../check/measures/staleness.ts";
import { isAnswered, workloadOperations } from "../check/measures/workload-operations.ts";
import { drawPlan } from "../run/draw/draw-plan.ts";
import type { Outcome } from "../run/outcome.ts";
import { promisedUntil } from "../run/conditional-promises.ts";
import { parsePolicy, promisesOf } from "../run/policy-text.ts";
import { run } from "../run/run.ts";
import type { Scenario } from "../run/scenario/scenario.ts";
import type { Bench } from "./task.ts";

/** A scenario under a policy, with some seeds: what a worker is given at a time. */
export interface CellTask {
  readonly kind: "cell";
  readonly scenario: Scenario;
  readonly policy: string;
  readonly firstSeed: number;
  readonly lastSeed: number;
  /** Names of the measures to take. */
  readonly measures: readonly string[];
}

export interface CellResult {
  readonly kind: "cell";
  /** In the order of the seeds. */
  readonly runs: readonly SeedResult[];
}

/** What one run gave. */
export interface SeedResult {
  readonly seed: number;
  /** One for each measure, in their order. */
  readonly figures: readonly Figure[];
  /** Names of the broken invariants: those that the policy promises first. */
  readonly broken: readonly BrokenInvariant[];
  readonly curves: Curves;
  /** Why the run could not be finished; then the figures say nothing. */
  readonly error: string | null;
}

export interface BrokenInvariant {
  readonly name: string;
  readonly isPromised: boolean;
}

/** Counts by stretch of time, which add up over runs. */
export interface Curves {
  /** By how long after the last write a hit was called, in powers of two from 1 ms: all, and stale ones. */
  readonly hits: readonly number[];
  readonly staleHits: readonly number[];
  /** By the part of the run in which operations were called, in 40 equal parts until all has settled. */
  readonly called: readonly number[];
  readonly answered: readonly number[];
  /** By the same parts: hits of keys that had been written, and the stale ones of them. */
  readonly found: readonly number[];
  readonly foundStale: readonly number[];
  readonly faulty: readonly number[];
}

export const AGE_BINS = 16;
export const TIME_BINS = 40;

/** Runs all seeds of the task, one after the other. */
export async function runCell(task: CellTask, bench: Bench): Promise<CellResult> {
  const runs: SeedResult[] = [];
  for (let seed = task.firstSeed; seed <= task.lastSeed; seed++) runs.push(await runSeed(task, bench, seed));
  return { kind: "cell", runs };
}

async function runSeed(
  { scenario, policy, measures }: CellTask,
  bench: Bench,
  seed: number,
): Promise<SeedResult> {
  const name = parsePolicy(policy)?.name;
  const system = bench.systems.find(({ policies }) => policies.some((card) => card.name === name));
  const card = system?.policies.find((each) => each.name === name);
  if (system === undefined || card === undefined) throw new RangeError(`no policy is called "${policy}"`);
  const known = system.invariants ?? bench.invariants;
  const { parameters = {} } = parsePolicy(policy) ?? {};
  /** What no policy may break is promised by all. */
  const promises = new Set([
    ...known.filter(({ isUnconditional }) => isUnconditional === true).map((each) => each.name),
    ...promisesOf(card, parameters, scenario.cluster.replication),
    ...promisedUntil(card),
  ]);
  const plan = drawPlan(scenario, {
    seed,
    policy,
    system: system.name,
    hooks: system.hooks,
    workload: system.workload,
    invariants: known.map((invariant) => invariant.name),
  });
  const checked = known.filter((invariant) => plan.invariants.includes(invariant.name));
  try {
    const outcome = await run(plan, { system, invariants: checked });
    const broken = [...new Set(outcome.violations.map(({ invariant }) => invariant))];
    const ended = new Set(
      outcome.violations.filter(({ endedBy }) => endedBy !== undefined).map(({ invariant }) => invariant),
    );
    return {
      seed,
      figures: figuresOf(outcome, measures),
      broken: broken
        .map((each) => ({ name: each, isPromised: promises.has(each) && !ended.has(each) }))
        .sort((a, b) => Number(b.isPromised) - Number(a.isPromised)),
      curves: curvesOf(outcome),
      error: null,
    };
  } catch (error) {
    if (!(error instanceof Error)) throw error;
    return {
      seed,
      figures: measures.map(() => NOTHING),
      broken: [],
      curves: noCurves(),
      error: error.message,
    };
  }
}

/** Of a run that says nothing of a measure. */
export const NOTHING: Figure = { kind: "value", value: null };

function figuresOf(outcome: Outcome, names: readonly string[]): Figure[] {
  const known = new Map<unknown, Figure>();
  return names.map((name) => {
    const measure = measureByName(name);
    if (measure === undefined) throw new RangeError(`no measure is called "${name}"`);
    const figure = known.get(measure.figure) ?? measure.figure(outcome);
    known.set(measure.figure, figure);
    return figure;
  });
}

function noCurves(): { [Name in keyof Curves]: number[] } {
  const zeros = (count: number): number[] => Array.from({ length: count }, () => 0);
  return {
    hits: zeros(AGE_BINS),
    staleHits: zeros(AGE_BINS),
    called: zeros(TIME_BINS),
    answered: zeros(TIME_BINS),
    found: zeros(TIME_BINS),
    foundStale: zeros(TIME_BINS),
    faulty: zeros(TIME_BINS),
  };
}

function curvesOf(outcome: Outcome): Curves {
  const { plan, record } = outcome;
  const curves = noCurves();
  const { settleMs } = plan.phases;
  const timeBin = (ms: number): number => Math.floor((ms / settleMs) * TIME_BINS);
  for (const { callMs, sinceMs, isStale } of observedHits(outcome)) {
    count(curves.hits, ageBin(sinceMs));
    count(curves.found, timeBin(callMs));
    if (!isStale) continue;
    count(curves.staleHits, ageBin(sinceMs));
    count(curves.foundStale, timeBin(callMs));
  }
  for (const operation of workloadOperations(record)) {
    const bin = timeBin(operation.callUs / 1000);
    count(curves.called, bin);
    if (isAnswered(operation)) count(curves.answered, bin);
  }
  for (let bin = 0; bin < TIME_BINS; bin++) {
    const atMs = ((bin + 0.5) / TIME_BINS) * settleMs;
    if (plan.faults.some(({ startMs, endMs }) => startMs <= atMs && atMs < endMs)) count(curves.faulty, bin);
  }
  return curves;
}

function ageBin(sinceMs: ObservedHit["sinceMs"]): number {
  return Math.min(AGE_BINS - 1, Math.max(0, Math.ceil(Math.log2(Math.max(1, sinceMs)))));
}

function count(bins: number[], bin: number): void {
  if (bin >= 0 && bin < bins.length) bins[bin] = (bins[bin] ?? 0) + 1;
}
