import { createClock, type Instant, type TimerHost } from "@phyxius/clock";
import { describeClock } from "./clock-conformance.ts";

interface ListedTimer {
  readonly ring: () => void;
  atMs: number;
}

/** The least a host can be: a number for the time, and a list of timers. Both tracks are one. */
function createListHost() {
  let timers: ListedTimer[] = [];
  let timeMs = 0;

  const host: TimerHost<ListedTimer> = {
    now: () => ({ wallMs: timeMs, monoMs: timeMs }) as Instant,
    start(_track, atMs, ring) {
      const timer = { atMs, ring };
      timers.push(timer);
      return timer;
    },
    restart(timer, atMs) {
      timer.atMs = atMs;
      timers.push(timer);
    },
    stop(timer) {
      timers = timers.filter((other) => other !== timer);
    },
  };

  return {
    host,
    pendingTimers: () => timers.length,
    async advance(durationMs: number) {
      for (let stepsLeft = durationMs; stepsLeft > 0; stepsLeft--) {
        timeMs++;
        const due = timers.filter(({ atMs }) => atMs <= timeMs);
        timers = timers.filter(({ atMs }) => atMs > timeMs);
        for (const { ring } of due) ring();
        await new Promise((resolve) => setImmediate(resolve));
      }
    },
  };
}

for (const lateTicks of ["every", "skip"] as const) {
  describeClock(`a clock made of a list (late ticks: ${lateTicks})`, (emit) => {
    const { host, ...harness } = createListHost();
    return { clock: createClock(host, { emit, lateTicks }), ...harness };
  });
}
