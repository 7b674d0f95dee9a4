import type { Draw } from "../../kernel/draw.ts";
import { type LatencyModel, latencySampler } from "../../world/latency.ts";
import type { Scenario } from "../scenario/scenario.ts";

/**
 * When the clients act. Time is cut into rounds; in each round every client acts once. In most rounds each
 * client picks its own moment; in a burst all act within a few message delays of each other, because many
 * defects show only when operations on one key overlap, or when a fault begins in the middle of them.
 */
export interface Round {
  /** When its clients act: all within `[startMs, startMs + lengthMs)`. */
  readonly startMs: number;
  readonly lengthMs: number;
  readonly isBurst: boolean;
}

/** How many typical message delays a burst lasts: long enough for the first to be half done at the last. */
const BURST_DELAYS = 4;

/** In the order of time, one after the other. */
export function drawRounds({ workload, network, phases }: Scenario, draw: Draw): Round[] {
  const { operations, gap, bursts } = workload;
  // Beyond the safety phase, so that clients meet a recovering system; the rest is quiet.
  const activeMs = phases.safetyMs + phases.settleMs / 2;
  const burstMs = Math.max(1, BURST_DELAYS * typicalDelayMs(network));
  const rounds: Round[] = [];
  let startMs = 0;
  for (let i = 0; i < operations; i++) {
    const at = draw.at(i);
    const lengthMs = gap === undefined ? activeMs / operations : at.between("gap", gap.min, gap.max);
    if (at.uniform("burst") < bursts && burstMs < lengthMs) {
      const burstStartMs = startMs + at.between("start", 0, lengthMs - burstMs);
      rounds.push({ startMs: burstStartMs, lengthMs: burstMs, isBurst: true });
    } else {
      rounds.push({ startMs, lengthMs, isBurst: false });
    }
    startMs += lengthMs;
  }
  return rounds;
}

/** Where some links are slower than others, a burst is as long as theirs. */
function typicalDelayMs({ latency, crossZone }: Scenario["network"]): number {
  const usualMs = middleMs(latency);
  return crossZone?.latency === undefined ? usualMs : Math.max(usualMs, middleMs(crossZone.latency));
}

function middleMs(latency: LatencyModel): number {
  switch (latency.kind) {
    case "constant":
      return latency.ms;
    case "uniform":
      return (latency.minMs + latency.maxMs) / 2;
    case "exponential":
      return latency.meanMs;
    case "lognormal":
      return latency.medianMs;
    case "pareto":
    case "mixture":
    case "empirical":
      return latencySampler(latency)(0.5);
  }
}
