/** What becomes of a node's entry when it answers and when it does not. Pure. */
import type { NodeInfo } from "../state.ts";

/** More errors in a row than this, and a node is unhealthy; up to this many, degraded. */
const DEGRADED_ERRORS_MAX = 3;
/** So many answers in a row, and a node is healthy again: one that loses every other message never is. */
const RECOVERY_ANSWERS = 2;

export function recordSuccess(node: NodeInfo, latencyMs: number, wallMs: number): NodeInfo {
  const { avgLatencyMs } = node;
  const consecutiveAnswers = node.consecutiveAnswers + 1;
  const isHealthy = node.status === "healthy" || consecutiveAnswers >= RECOVERY_ANSWERS;
  // Written out: a spread costs several times as much, and every ping that is answered comes here.
  return {
    id: node.id,
    status: isHealthy ? "healthy" : "degraded",
    consecutiveErrors: 0,
    consecutiveAnswers,
    lastLatencyMs: latencyMs,
    avgLatencyMs: avgLatencyMs === undefined ? latencyMs : (avgLatencyMs + latencyMs) / 2,
    lastSeenMs: wallMs,
    lastError: node.lastError,
    lastErrorMs: node.lastErrorMs,
  };
}

export function recordError(node: NodeInfo, error: string, wallMs: number): NodeInfo {
  const consecutiveErrors = node.consecutiveErrors + 1;
  return {
    ...node,
    status: consecutiveErrors > DEGRADED_ERRORS_MAX ? "unhealthy" : "degraded",
    consecutiveErrors,
    consecutiveAnswers: 0,
    lastError: error,
    lastErrorMs: wallMs,
  };
}

/** What becomes of a node's entry when it answers, and when it does not. */
export interface NodeHealth {
  readonly recordSuccess: typeof recordSuccess;
  readonly recordError: typeof recordError;
}

export const NODE_HEALTH: NodeHealth = { recordSuccess, recordError };

/** So many pings in a row without an answer make a node suspected to be gone. */
const SUSPICIOUS_ERRORS = 2;

/** Of this node itself there is no entry: it is not suspected. */
export function isSuspected(node: NodeInfo | undefined): boolean {
  return node !== undefined && node.consecutiveErrors >= SUSPICIOUS_ERRORS;
}
