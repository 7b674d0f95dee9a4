import type { Draw } from "../../kernel/draw.ts";
import { type AnyFaultKind, type Fault, faultKind, outagesOf } from "../../world/faults/index.ts";
import type { Outage } from "../../world/faults/fault-kind.ts";
import { createPlaces, machinesAt } from "../../world/places.ts";
import { wholeMicros } from "../../world/quantity-text.ts";
import { clockBandMs, clockDriftPpmMax } from "../clock-band.ts";
import type { Round } from "./draw-plan-rounds.ts";
import type { Swarm } from "./draw-plan-swarm.ts";
import { type FaultSpec, promisedDriftPpm, type Scenario } from "../scenario/scenario.ts";

/** What the drawing of all faults shares. */
export interface FaultDraws {
  readonly draw: Draw;
  readonly rounds: readonly Round[];
  readonly swarm: Swarm | null;
  readonly crashpoints: readonly string[];
}

/** The faults of one plan, in the order of their starts: drawn one by one, then held to the budget. */
export function drawFaults(scenario: Scenario, { draw, rounds, swarm, crashpoints }: FaultDraws): Fault[] {
  const bursts = rounds.filter(({ isBurst }) => isBurst);
  const seenOfKind = new Map<string, number>();
  const faults = scenario.faults.flatMap((spec) => {
    // Numbered within its kind, so that an entry of another kind does not shift it.
    const entry = seenOfKind.get(spec.kind) ?? 0;
    seenOfKind.set(spec.kind, entry + 1);
    const share = swarm?.get(spec.kind) ?? 1;
    const at = draw.at("fault").at(spec.kind).at(entry);
    return share === 0 ? [] : drawSpec(scenario, spec, { draw: at, share, bursts, crashpoints });
  });
  // Sorting is stable, so faults that start together stay in the order of the scenario.
  faults.sort((a, b) => a.startMs - b.startMs);
  return withinSkew(withinBudget(faults, scenario), scenario);
}

interface SpecDraws {
  readonly draw: Draw;
  /** How much of the ranges of numbers, lengths and strengths is used. */
  readonly share: number;
  readonly bursts: readonly Round[];
  readonly crashpoints: readonly string[];
}

function drawSpec(
  scenario: Scenario,
  spec: FaultSpec,
  { draw, share, bursts, crashpoints }: SpecDraws,
): Fault[] {
  const { cluster, phases, budget } = scenario;
  const clockDriftPpm = promisedDriftPpm(scenario);
  const kind = kindOf(spec);
  const places = createPlaces(cluster.machines, cluster.zones);
  const targets = machinesAt(places, spec.among);
  const { min: fromMs, max: toMs } = spec.between ?? { min: 0, max: phases.safetyMs };
  const count = draw.scaled(share).int("count", spec.count.min, spec.count.max);
  return Array.from({ length: count }, (_, i) => {
    const at = draw.at(i);
    const weakened = at.scaled(share);
    const lengthMs = wholeMicros(
      Math.min(weakened.between("lasts", spec.lasts.min, spec.lasts.max), toMs - fromMs),
    );
    const startMs = wholeMicros(drawStartMs(at, bursts, fromMs, toMs - lengthMs));
    // Two roundings may add up to a microsecond too many.
    const endMs = Math.min(wholeMicros(startMs + lengthMs), toMs);
    const { catchUpMs, clockSkewMs } = budget;
    const setting = { machines: cluster.machines, places, targets, crashpoints, catchUpMs, clockSkewMs };
    return kind.draw(spec, { ...setting, clockDriftPpm, draw: weakened, startMs, endMs }) as Fault;
  });
}

/** How many faults begin while all clients act: what is under way then is what a cache gets wrong. */
const AIMED_SHARE = 0.5;

function drawStartMs(draw: Draw, bursts: readonly Round[], fromMs: number, toMs: number): number {
  if (draw.uniform("aim") < AIMED_SHARE) {
    const targets = bursts.filter(({ startMs, lengthMs }) => startMs >= fromMs && startMs + lengthMs <= toMs);
    if (targets.length > 0) {
      const { startMs, lengthMs } = draw.pick("burst", targets);
      return startMs + draw.between("within", 0, lengthMs);
    }
  }
  return draw.between("start", fromMs, toMs);
}

/** A stretch in which a machine is down, or does not know everything yet. */
interface Impairment extends Outage {
  readonly isForgetting: boolean;
  /** When it has caught up with what it forgot. */
  readonly untilMs: number;
}

/**
 * Leaves out every fault that would make more machines forget than a correct system can survive, or stop a machine
 * that another one keeps down. A machine that forgets counts from its crash until it has had, after its restart,
 * the time to catch up with all others up, over a network and disks that work.
 */
function withinBudget(faults: readonly Fault[], { budget, cluster }: Scenario): Fault[] {
  const forgottenBy = (fault: Fault): readonly string[] => kindOf(fault).forgets(fault, cluster);
  const downBy = (fault: Fault): readonly Outage[] => outagesOf(kindOf(fault), fault, cluster);
  const impairing = faults.filter(
    (fault) => kindOf(fault).impairsNetwork || (downBy(fault).length > 0 && forgottenBy(fault).length === 0),
  );
  let impairments: readonly Impairment[] = [];
  return faults.filter((fault) => {
    const forgotten = forgottenBy(fault);
    const own = downBy(fault).map((outage): Impairment => {
      const isForgetting = forgotten.includes(outage.machine);
      const untilMs = isForgetting ? caughtUpAtMs(outage.endMs, budget.catchUpMs, impairing) : outage.endMs;
      return { ...outage, isForgetting, untilMs };
    });
    const together = [...impairments, ...own];
    if (!isBearable(together, own, budget.forgetting)) return false;
    impairments = together;
    return true;
  });
}

/** Leaves out every fault by which clocks would be more wrong than a correct system was told to expect. */
function withinSkew(faults: readonly Fault[], scenario: Scenario): Fault[] {
  const { clockSkewMs } = scenario.budget;
  const clockDriftPpm = promisedDriftPpm(scenario) ?? Number.POSITIVE_INFINITY;
  const onClocks: Fault[] = [];
  return faults.filter((fault) => {
    if (kindOf(fault).clockFault === undefined) return true;
    onClocks.push(fault);
    if (clockBandMs(onClocks) <= clockSkewMs && clockDriftPpmMax(onClocks) <= clockDriftPpm) return true;
    onClocks.pop();
    return false;
  });
}

/** Whether the impairments that are `added` leave every machine down once at a time, and enough that remember. */
function isBearable(all: readonly Impairment[], added: readonly Impairment[], forgetting: number): boolean {
  const isMet = ({ startMs, untilMs }: Impairment): boolean =>
    added.some((own) => own.startMs <= untilMs && startMs <= own.untilMs);
  // At its worst it is as bad as at the beginning of one of them.
  return all.filter(isMet).every((one) => {
    const current = all.filter(({ startMs, untilMs }) => startMs <= one.startMs && untilMs >= one.startMs);
    const isDownTwice = current.some(
      (other) => other !== one && other.machine === one.machine && other.endMs >= one.startMs,
    );
    if (isDownTwice) return false;
    const forgetful = current.flatMap(({ machine, isForgetting }) => (isForgetting ? [machine] : []));
    return new Set(forgetful).size <= forgetting;
  });
}

/** The end of the first stretch of `catchUpMs` after a restart in which no fault disturbs the network. */
function caughtUpAtMs(restartMs: number, catchUpMs: number, impairing: readonly Fault[]): number {
  let fromMs = restartMs;
  // In the order of their starts, so one pass is enough: what ended before `fromMs` stays behind it.
  for (const fault of impairing) {
    if (fault.startMs < fromMs + catchUpMs) fromMs = Math.max(fromMs, fault.endMs);
  }
  return fromMs + catchUpMs;
}

function kindOf({ kind }: { readonly kind: string }): AnyFaultKind {
  const found = faultKind(kind);
  if (found === undefined) throw new Error(`no fault is called "${kind}"`);
  return found;
}
