import { type Clock, ms, type TimerHandle } from "@phyxius/clock";

/** Calls back every period while there is something to do, and has no timer otherwise. */
export interface Ticker {
  /** Harmless while it runs. */
  start(): void;
  stop(): void;
}

/** @param work one round; false when nothing is left to do */
export function createTicker(clock: Clock, periodMs: number, work: () => boolean): Ticker {
  let timer: TimerHandle | null = null;

  function stop(): void {
    timer?.cancel();
    timer = null;
  }

  return {
    start() {
      timer ??= clock.interval(ms(periodMs), () => {
        if (!work()) stop();
      });
    },
    stop,
  };
}
