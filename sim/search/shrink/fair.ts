import { clocksBeyondSkew } from "../../run/clock-band.ts";
import { clusterOf, type Plan } from "../../run/plan.ts";
import { type AnyFaultKind, type Fault, faultKind, outagesOf } from "../../world/faults/index.ts";
import type { FaultWindow, Outage } from "../../world/faults/fault-kind.ts";

/**
 * A scenario's budget keeps a plan such that a correct system survives it. A plan does not carry that budget, so
 * shrinking may only do what cannot leave it: otherwise it would turn a bug into a plan that nobody can survive.
 *
 * - No machine forgets that did not before, and no key has fewer copies while some machine forgets.
 * - While several machines forget, outages and what impairs catching up may only become shorter, never move: two
 *   machines that forgot one after the other must not forget together. The same holds for changes of the cluster, in
 *   which data moves, while any machine forgets or is given up.
 * - Clocks stay within the band that the plan allows, if they were.
 *
 * That the time to recover and the deadlines stay as they are is up to whoever changes a plan.
 */
export function isFair(before: Plan, after: Plan): boolean {
  if (clocksBeyondSkew(after) !== null && clocksBeyondSkew(before) === null) return false;
  const forgetful = forgetfulMachines(after);
  const { changes = [] } = after;
  const isGivenUp = changes.some(({ remove = [] }) => remove.length > 0);
  if ((forgetful.size > 0 || isGivenUp) && !changes.every(({ atMs }) => isKept(atMs, before))) return false;
  if (forgetful.size === 0) return true;
  if (after.cluster.replication < before.cluster.replication) return false;
  const wasForgetful = forgetfulMachines(before);
  if ([...forgetful].some((machine) => !wasForgetful.has(machine))) return false;
  if (forgetful.size === 1 && changes.length === 0) return true;
  return isWithin(outages(after), outages(before));
}

function isKept(atMs: number, { changes = [] }: Plan): boolean {
  return changes.some((change) => change.atMs === atMs);
}

function forgetfulMachines(plan: Plan): ReadonlySet<string> {
  const cluster = clusterOf(plan);
  return new Set(plan.faults.flatMap((fault) => kindOf(fault).forgets(fault, cluster)));
}

/** When machines are down, and, under no name, when they may be unable to catch up. */
function outages(plan: Plan): Outage[] {
  const cluster = clusterOf(plan);
  return plan.faults.flatMap((fault) => {
    const kind = kindOf(fault);
    const { startMs, endMs } = fault;
    const impairment = kind.impairsNetwork ? [{ machine: "", startMs, endMs }] : [];
    return [...outagesOf(kind, fault, cluster), ...impairment];
  });
}

function isWithin(inner: readonly Outage[], outer: readonly Outage[]): boolean {
  return inner.every((one) => outer.some((other) => other.machine === one.machine && covers(other, one)));
}

function covers(outer: FaultWindow, inner: FaultWindow): boolean {
  return outer.startMs <= inner.startMs && inner.endMs <= outer.endMs;
}

function kindOf({ kind }: Fault): AnyFaultKind {
  return faultKind(kind) as AnyFaultKind;
}
