import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";
import { expect, it } from "vitest";
import { createControlledClock, ms } from "@phyxius/clock";
import { startTimer } from "@phyxius/clock/one-shot-timer";

setFlagsFromString("--expose-gc");
const collectGarbage = runInNewContext("gc") as () => void;

function heapAfterCollection(): number {
  collectGarbage();
  return process.memoryUsage().heapUsed;
}

it("timers that were cancelled or have rung leave nothing behind, among a thousand that wait", () => {
  const clock = createControlledClock();
  for (let index = 0; index < 1_000; index++) clock.interval(ms(1_000_000_000), () => {});
  const churn = (count: number) => {
    for (let index = 0; index < count; index++) {
      clock.interval(ms(1 + (index % 100)), () => {}).cancel();
      startTimer(clock, 1 + (index % 100), { onDue: () => {} });
      if (index % 100 === 0) clock.advanceBy(100);
    }
    clock.advanceBy(100);
  };
  churn(10_000);
  const before = heapAfterCollection();
  churn(300_000);
  const growth = heapAfterCollection() - before;
  expect(clock.getPendingTimerCount()).toBe(1_000);
  // Keeping one object of each would be some tens of megabytes.
  expect(growth).toBeLessThan(1_000_000);
});
