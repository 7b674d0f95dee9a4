import type { Draw } from "../kernel/draw.ts";
import { type AnyFaultKind, type Fault, faultKind } from "../world/faults/index.ts";
import { createPlaces, machinesAt } from "../world/places.ts";
import { wholeMicros } from "../world/quantity.ts";
import type { Round } from "./draw-plan-rounds.ts";
import type { Swarm } from "./draw-plan-swarm.ts";
import type { FaultSpec, Scenario } from "./scenario.ts";

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
  return withinBudget(
    faults.sort((a, b) => a.startMs - b.startMs),
    scenario,
  );
}

interface SpecDraws {
  readonly draw: Draw;
  /** How much of the ranges of numbers, lengths and strengths is used. */
  readonly share: number;
  readonly bursts: readonly Round[];
  readonly crashpoints: readonly string[];
}

function drawSpec(
  { cluster, phases }: Scenario,
  spec: FaultSpec,
  { draw, share, bursts, crashpoints }: SpecDraws,
): Fault[] {
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
    return kind.draw(spec, {
      machines: cluster.machines,
      places,
      targets,
      crashpoints,
      draw: weakened,
      startMs,
      endMs,
    }) as Fault;
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

interface Impairment {
  readonly machine: string;
  readonly startMs: number;
  readonly downUntilMs: number;
  /** When it has caught up with what it forgot. */
  readonly untilMs: number;
}

/**
 * Leaves out every fault that would make more machines forget than a correct system can survive. A machine
 * that forgets counts from its crash until it has had, after its restart, the time to catch up over a network
 * that works.
 */
function withinBudget(faults: readonly Fault[], { budget }: Scenario): Fault[] {
  const impairing = faults.filter((fault) => kindOf(fault).impairsNetwork);
  const impairments: Impairment[] = [];
  return faults.filter((fault) => {
    const machines = kindOf(fault).forgets(fault);
    if (machines.length === 0) return true;
    const { startMs, endMs } = fault;
    const current = impairments.filter(({ untilMs }) => untilMs >= startMs);
    const isDown = current.some(
      ({ machine, downUntilMs }) => downUntilMs >= startMs && machines.includes(machine),
    );
    const forgetting = new Set([...current.map(({ machine }) => machine), ...machines]);
    if (isDown || forgetting.size > budget.forgetting) return false;
    const untilMs = caughtUpAtMs(endMs, budget.catchUpMs, impairing);
    for (const machine of machines) impairments.push({ machine, startMs, downUntilMs: endMs, untilMs });
    return true;
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
