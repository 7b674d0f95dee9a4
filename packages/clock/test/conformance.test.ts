import { createControlledClock, createSystemClock, ms } from "@phyxius/clock";
import { describeClock } from "./clock-conformance.ts";

describeClock("the controlled clock", (emit) => {
  const clock = createControlledClock({ initialTime: 1_000, emit });
  return {
    clock,
    async advance(durationMs) {
      clock.advanceBy(durationMs);
      await clock.flush();
    },
    pendingTimers: () => clock.getPendingTimerCount(),
  };
});

describeClock(
  "the system clock",
  (emit) => {
    const clock = createSystemClock({ emit });
    const waiter = createSystemClock();
    return {
      clock,
      // Two timers of different lists and a turn of the loop, so that whatever is due has had its chance.
      async advance(durationMs) {
        await waiter.sleep(ms(durationMs + 2));
        await waiter.sleep(ms(1));
        await new Promise((resolve) => setImmediate(resolve));
      },
    };
  },
  { isExact: false },
);
