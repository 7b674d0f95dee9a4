import type { Draw } from "../kernel/draw.ts";
import { type AnyFaultKind, type Fault, faultKind, stopsOf } from "../world/faults/index.ts";
import { wholeMicros } from "../world/quantity.ts";
import type { Round } from "./draw-plan-rounds.ts";
import type { FaultSpec, Scenario } from "./scenario.ts";

/** The faults of one plan, in the order of their starts: drawn one by one, then held to the budget. */
export function drawFaults(scenario: Scenario, draw: Draw, rounds: readonly Round[]): Fault[] {
  const bursts = rounds.filter(({ isBurst }) => isBurst);
  const seenOfKind = new Map<string, number>();
  const faults = scenario.faults.flatMap((spec) => {
    // Numbered within its kind, so that an entry of another kind does not shift it.
    const entry = seenOfKind.get(spec.kind) ?? 0;
    seenOfKind.set(spec.kind, entry + 1);
    return drawSpec(scenario, spec, draw.at("fault").at(spec.kind).at(entry), bursts);
  });
  // Sorting is stable, so faults that start together stay in the order of the scenario.
  return withinBudget(
    faults.sort((a, b) => a.startMs - b.startMs),
    scenario,
  );
}

function drawSpec(
  { cluster, phases }: Scenario,
  spec: FaultSpec,
  draw: Draw,
  bursts: readonly Round[],
): Fault[] {
  const kind = kindOf(spec);
  const { min: fromMs, max: toMs } = spec.between ?? { min: 0, max: phases.safetyMs };
  const count = draw.int("count", spec.count.min, spec.count.max);
  return Array.from({ length: count }, (_, i) => {
    const at = draw.at(i);
    const lengthMs = wholeMicros(
      Math.min(at.between("lasts", spec.lasts.min, spec.lasts.max), toMs - fromMs),
    );
    const startMs = wholeMicros(drawStartMs(at, bursts, fromMs, toMs - lengthMs));
    // Two roundings may add up to a microsecond too many.
    const endMs = Math.min(wholeMicros(startMs + lengthMs), toMs);
    return kind.draw(spec, { machines: cluster.machines, draw: at, startMs, endMs }) as Fault;
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
  const stoppedBy = (fault: Fault): readonly string[] => stopsOf(fault, cluster);
  const impairing = faults.filter(
    (fault) =>
      kindOf(fault).impairsNetwork || (stoppedBy(fault).length > 0 && forgottenBy(fault).length === 0),
  );
  const impairments: Impairment[] = [];
  const downUntilMs = new Map<string, number>();
  return faults.filter((fault) => {
    const stopped = stoppedBy(fault);
    if (stopped.length === 0) return true;
    const { startMs, endMs } = fault;
    if (stopped.some((machine) => (downUntilMs.get(machine) ?? -1) >= startMs)) return false;
    const machines = forgottenBy(fault);
    const current = impairments.filter(({ untilMs }) => untilMs >= startMs);
    const forgetting = new Set([...current.map(({ machine }) => machine), ...machines]);
    if (machines.length > 0 && forgetting.size > budget.forgetting) return false;
    const untilMs = caughtUpAtMs(endMs, budget.catchUpMs, impairing);
    for (const machine of machines) impairments.push({ machine, untilMs });
    for (const machine of stopped) downUntilMs.set(machine, endMs);
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
