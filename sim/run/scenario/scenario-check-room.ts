import type { FaultWindow } from "../../world/faults/fault-kind.ts";
import { type AnyFaultKind, outagesOf } from "../../world/faults/index.ts";
import { durationText } from "../../world/quantity-text.ts";
import type { FaultSpec, Scenario } from "./scenario.ts";

/** One fault drawn from the entry, of the machines that it may happen to. */
interface Sample {
  readonly kind: AnyFaultKind;
  readonly fault: FaultWindow;
  readonly targetCount: number;
}

/**
 * Why a fault cannot happen even as often as its entry wants at the least, however it is drawn: a machine goes down
 * once at a time. Null when there is room. Kinds that keep a machine down for only a part of their time are left to
 * the drawing.
 */
export function roomProblem(
  { cluster, phases }: Scenario,
  { count, lasts, between }: FaultSpec,
  { kind, fault, targetCount }: Sample,
): string | null {
  const outages = outagesOf(kind, fault, cluster);
  const isThroughout = outages.every(
    ({ startMs, endMs }) => startMs === fault.startMs && endMs === fault.endMs,
  );
  if (outages.length === 0 || !isThroughout || lasts.min === 0) return null;
  const windowMs = between === undefined ? phases.safetyMs : between.max - between.min;
  const most = Math.floor(targetCount / outages.length) * Math.floor(windowMs / lasts.min);
  return count.min <= most
    ? null
    : `expected at most ${most}, got ${count.min}: each takes at least ${durationText(lasts.min)} of ` +
        `${durationText(windowMs)}, and a machine goes down once at a time`;
}
