/** Questions that wait for their answer, each with a timer and a promise; one way to settle, exactly once. */
import type { Clock } from "@phyxius/clock";
import { TimeoutError } from "./process-errors.ts";
import { startTimer } from "./one-shot-timer.ts";

export interface PendingAsk {
  reject(error: unknown): void;
}

export interface PendingAsks {
  /**
   * Opens a question, lets `start` send it, and gives the promise of its answer. The timer runs from now on and
   * is gone as soon as the question is settled.
   */
  open<R>(
    clock: Clock,
    timeoutMs: number,
    describeTimeout: () => string,
    start: (resolve: (answer: R) => void, ask: PendingAsk) => void,
  ): Promise<R>;
  rejectAll(makeError: () => unknown): void;
}

export function createPendingAsks(): PendingAsks {
  const open = new Set<PendingAsk>();
  return {
    open(clock, timeoutMs, describeTimeout, start) {
      return new Promise((resolve, reject) => {
        function settle(): boolean {
          if (!open.delete(ask)) return false;
          stopTimer();
          return true;
        }
        const ask: PendingAsk = {
          reject(error) {
            if (settle()) reject(error);
          },
        };
        const stopTimer = startTimer(clock, timeoutMs, () => ask.reject(new TimeoutError(describeTimeout())));
        open.add(ask);
        try {
          start((answer) => {
            if (settle()) resolve(answer);
          }, ask);
        } catch (error) {
          ask.reject(error);
        }
      });
    },
    rejectAll(makeError) {
      for (const ask of open) ask.reject(makeError());
    },
  };
}
