/** What becomes of a node's entry when it answers and when it does not. Pure. */
import type { NodeInfo, NodeStatus } from "../state.ts";

/** How many pings in a row have to be answered, or not, for a node to be taken for something else. */
export interface HealthThresholds {
  /** Pings without an answer that make a healthy node degraded. */
  readonly degradedAfter: number;
  /** Pings without an answer that make a node unhealthy. */
  readonly unhealthyAfter: number;
  /** Pings without an answer that make a node suspected to be gone: its keys are led by another one. */
  readonly suspectedAfter: number;
  /** Answers that make a node healthy again: with more than one, a node that loses every other message never is. */
  readonly healthyAfter: number;
}

export const DEFAULT_HEALTH: HealthThresholds = {
  degradedAfter: 1,
  unhealthyAfter: 4,
  suspectedAfter: 2,
  healthyAfter: 2,
};

export interface NodeHealth {
  readonly recordSuccess: (node: NodeInfo, latencyMs: number, wallMs: number) => NodeInfo;
  readonly recordError: (node: NodeInfo, error: string, wallMs: number) => NodeInfo;
}

export function createNodeHealth(thresholds: HealthThresholds): NodeHealth {
  return {
    recordSuccess(node, latencyMs, wallMs) {
      const { avgLatencyMs } = node;
      const consecutiveAnswers = node.consecutiveAnswers + 1;
      const isHealthy = node.status === "healthy" || consecutiveAnswers >= thresholds.healthyAfter;
      // Written out: a spread costs several times as much, and every ping that is answered comes here.
      return {
        id: node.id,
        status: isHealthy ? "healthy" : "degraded",
        isSuspected: false,
        consecutiveErrors: 0,
        consecutiveAnswers,
        lastLatencyMs: latencyMs,
        avgLatencyMs: avgLatencyMs === undefined ? latencyMs : (avgLatencyMs + latencyMs) / 2,
        lastSeenMs: wallMs,
        lastError: node.lastError,
        lastErrorMs: node.lastErrorMs,
      };
    },
    recordError(node, error, wallMs) {
      const consecutiveErrors = node.consecutiveErrors + 1;
      return {
        ...node,
        status: statusAfterErrors(node.status, consecutiveErrors, thresholds),
        isSuspected: consecutiveErrors >= thresholds.suspectedAfter,
        consecutiveErrors,
        consecutiveAnswers: 0,
        lastError: error,
        lastErrorMs: wallMs,
      };
    },
  };
}

/** @param errors so many in a row */
export function statusAfterErrors(
  status: NodeStatus,
  errors: number,
  { degradedAfter, unhealthyAfter }: HealthThresholds,
): NodeStatus {
  if (errors >= unhealthyAfter) return "unhealthy";
  return errors >= degradedAfter ? "degraded" : status;
}
