import { type AnyFaultKind, type Fault, faultKind } from "../world/faults/index.ts";
import type { ClockFault, FaultWindow } from "../world/faults/fault-kind.ts";
import { wholeMicros } from "../world/quantity-text.ts";
import type { Plan } from "./plan.ts";

/**
 * How wrong clocks get by the faults of a plan.
 *
 * A value that expires is stamped with one machine's time and judged by another's, perhaps much later. So what
 * counts is not how far two clocks are apart at one moment, but the band around the true time in which all
 * clocks stay over the whole run: a machine that is 50 ms ahead now, and another that will be 50 ms behind then,
 * need a band of 100 ms.
 */

/** What a drifting clock may be off the exact product by, since it shows whole microseconds. */
const ROUNDING_MS = 0.002;

interface Change {
  readonly atMs: number;
  readonly aheadMs: number;
  readonly ppm: number;
}

/** The width of the band, in milliseconds to the microsecond; 0 when every clock is always right. O(n log n). */
export function clockBandMs(faults: readonly Fault[]): number {
  const changes = new Map<string, Change[]>();
  let isDrifting = false;
  for (const fault of faults) {
    const clockFault = (faultKind(fault.kind) as AnyFaultKind).clockFault?.(fault);
    if (clockFault === undefined) continue;
    isDrifting ||= clockFault.ppm !== undefined;
    const ofMachine = changes.get(clockFault.machine) ?? [];
    changes.set(clockFault.machine, ofMachine);
    ofMachine.push(...changesBy(fault, clockFault));
  }
  let fromMs = 0;
  let toMs = 0;
  for (const ofMachine of changes.values()) {
    let aheadMs = 0;
    let ppm = 0;
    let lastMs = 0;
    for (const change of ofMachine.sort((a, b) => a.atMs - b.atMs)) {
      // Between two changes an error grows or shrinks at a constant rate, so its ends are its extremes.
      const beforeMs = aheadMs + ((change.atMs - lastMs) * ppm) / 1_000_000;
      aheadMs = beforeMs + change.aheadMs;
      ppm += change.ppm;
      lastMs = change.atMs;
      fromMs = Math.min(fromMs, beforeMs, aheadMs);
      toMs = Math.max(toMs, beforeMs, aheadMs);
    }
  }
  // Up to whole microseconds, but for what is left of sums that should be none.
  const bandMs = Math.ceil((toMs - fromMs) * 1000 - 0.001) / 1000;
  return wholeMicros(bandMs + (isDrifting ? 2 * ROUNDING_MS : 0));
}

function changesBy(
  { startMs, endMs }: FaultWindow,
  { aheadUs = 0, ppm = 0, staysWrong }: ClockFault,
): Change[] {
  const aheadMs = aheadUs / 1000;
  const gainedMs = ((endMs - startMs) * ppm) / 1_000_000;
  return [
    { atMs: startMs, aheadMs, ppm },
    { atMs: endMs, aheadMs: staysWrong ? 0 : -aheadMs - gainedMs, ppm: -ppm },
  ];
}

/** By how many millionths the rate of any clock is wrong at the most. O(n log n). */
export function clockDriftPpmMax(faults: readonly Fault[]): number {
  const changes = new Map<string, { readonly atMs: number; readonly ppm: number }[]>();
  for (const fault of faults) {
    const clockFault = (faultKind(fault.kind) as AnyFaultKind).clockFault?.(fault);
    if (clockFault?.ppm === undefined) continue;
    const { machine, ppm } = clockFault;
    const ofMachine = changes.get(machine) ?? [];
    ofMachine.push({ atMs: fault.startMs, ppm }, { atMs: fault.endMs, ppm: -ppm });
    changes.set(machine, ofMachine);
  }
  let most = 0;
  for (const ofMachine of changes.values()) {
    let ppm = 0;
    for (const change of ofMachine.sort((a, b) => a.atMs - b.atMs)) {
      ppm += change.ppm;
      most = Math.max(most, Math.abs(ppm));
    }
  }
  // What sums of decimals are off by.
  return Math.round(most * 1000) / 1000;
}

/**
 * Why promises that depend on clocks are not owed in this plan, as a sentence that goes on after "expected: ";
 * null when they are. Plans that were drawn always keep what they say of their clocks.
 */
export function clocksBeyondSkew({
  faults,
  cluster,
  clockSkewMs = 0,
  clockDriftPpm = 0,
}: Plan): string | null {
  if (cluster.ttlMode === "relative") {
    const ppm = clockDriftPpmMax(faults);
    if (ppm <= clockDriftPpm) return null;
    return `clocks drift more than the plan says (by ${ppm} ppm, clockDriftPpm ${clockDriftPpm})`;
  }
  const bandMs = clockBandMs(faults);
  if (bandMs <= clockSkewMs) return null;
  return `clocks are further apart than the plan says (a band of ${bandMs} ms, clockSkewMs ${clockSkewMs})`;
}
