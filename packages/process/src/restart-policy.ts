/**
 * Whether and when a failed process is started again. All times are monotonic: a jump of the wall clock neither
 * forgives nor condemns.
 */
import type { SupervisionStrategy } from "./types.ts";

export type RestartDecision =
  | { readonly kind: "restart"; readonly attempt: number; readonly delayMs: number }
  | { readonly kind: "giveup"; readonly attempts: number; readonly withinMs: number }
  | { readonly kind: "none" };

export interface RestartPolicy {
  /** Asked at each failure, with the time. */
  decide(nowMs: number): RestartDecision;
}

export function createRestartPolicy(strategy: SupervisionStrategy, random?: () => number): RestartPolicy {
  const { backoff, maxRestarts } = strategy;
  /** When the restarts of the current window were decided, oldest first; never more than `maxRestarts.count`. */
  const restartTimesMs: number[] = [];
  let attempt = 0;
  /** When the life that has now failed was to begin; the first life needs no date. */
  let bornMs: number | undefined;

  function delayOf(attemptNumber: number, nowMs: number): number {
    let delayMs = 0;
    if (backoff !== undefined) {
      delayMs = backoff.initial;
      for (let n = 1; n < attemptNumber && delayMs < backoff.max; n++) delayMs *= backoff.factor;
      delayMs = Math.min(delayMs, backoff.max);
      if (backoff.jitter !== undefined && random !== undefined)
        delayMs *= 1 + ((random() * 2 - 1) * backoff.jitter) / 100;
    }
    // A process that fails as soon as it starts would otherwise be restarted for ever in one instant.
    const leastMs = bornMs === nowMs ? 1 : 0;
    return Math.max(Math.round(delayMs), leastMs);
  }

  return {
    decide(nowMs) {
      if (strategy.type === "none") return { kind: "none" };
      if (maxRestarts !== undefined) {
        while (restartTimesMs.length > 0 && nowMs - (restartTimesMs[0] as number) > maxRestarts.within)
          restartTimesMs.shift();
        if (restartTimesMs.length >= maxRestarts.count)
          return { kind: "giveup", attempts: restartTimesMs.length, withinMs: maxRestarts.within };
        restartTimesMs.push(nowMs);
      }
      // A life longer than the longest wait counts as recovered: the waits start again from the shortest.
      if (bornMs !== undefined && nowMs - bornMs > (backoff?.max ?? 0)) attempt = 0;
      attempt++;
      const delayMs = delayOf(attempt, nowMs);
      bornMs = nowMs + delayMs;
      return { kind: "restart", attempt, delayMs };
    },
  };
}
