/**
 * Asking no more replicas than it takes, and the others only if that takes too long: J. Dean, L. Barroso, "The tail
 * at scale" (Communications of the ACM 56(2), 2013). A hedged read costs as many messages as it needs answers, and
 * its latency is bounded by the slowest of the fastest replicas or by the delay and another round trip.
 */
import type { Atom } from "@phyxius/atom";
import { type Clock, ms, type TimerHandle } from "@phyxius/clock";
import { createLatencyHistogram } from "../observe/latency-histogram.ts";
import type { PolicyParameter } from "../policies/parameters.ts";
import type { CacheState, NodeInfo, NodeStatus } from "../state.ts";

/** For policies whose reads may be hedged. */
export const HEDGE: PolicyParameter = {
  name: "hedge",
  summary:
    "a read asks only as many owners as it needs, and the others after this percentile of recent answer times; " +
    "0 asks all at once",
  min: 0,
  maxFor: () => 100,
  usualFor: () => 0,
};

export interface Hedging {
  /**
   * The places of `targets` in the order in which to ask them: healthy nodes first, then degraded, then unhealthy ones,
   * each by their measured latency, those never measured first; then as they stand.
   */
  order(targets: readonly string[]): readonly number[];
  nowMs(): number;
  /** A replica took so long to answer a read. */
  note(latencyMs: number): void;
  /** Calls back once, when it is time to ask the others too. */
  later(widen: () => void): TimerHandle;
}

export interface HedgingOptions {
  readonly state: Atom<CacheState>;
  readonly clock: Clock;
  /** Above 0, at most 100. */
  readonly percentile: number;
  /** How long to wait as long as nothing was measured. */
  readonly usualMs: number;
}

const RANK: Readonly<Record<NodeStatus, number>> = { healthy: 0, degraded: 1, unhealthy: 2 };

export function createHedging({ state, clock, percentile, usualMs }: HedgingOptions): Hedging {
  const latencies = createLatencyHistogram();

  return {
    order(targets) {
      const { nodes } = state.deref();
      const infos = targets.map((target) => nodes.get(target));
      return [...targets.keys()].sort((a, b) => compareNodes(infos[a], infos[b]) || a - b);
    },
    nowMs: () => clock.now().monoMs,
    note: (latencyMs) => latencies.note(latencyMs),
    later(widen) {
      const delayMs = latencies.count === 0 ? usualMs : latencies.percentileMs(percentile);
      const timer = clock.interval(ms(Math.max(1, delayMs)), () => {
        timer.cancel();
        widen();
      });
      return timer;
    },
  };
}

/** This node itself has no entry, and is the nearest. */
function compareNodes(a: NodeInfo | undefined, b: NodeInfo | undefined): number {
  const ranks = (a === undefined ? 0 : RANK[a.status]) - (b === undefined ? 0 : RANK[b.status]);
  return ranks !== 0 ? ranks : (a?.avgLatencyMs ?? 0) - (b?.avgLatencyMs ?? 0);
}
