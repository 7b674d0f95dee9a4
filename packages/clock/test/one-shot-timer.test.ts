import { describe, expect, it } from "vitest";
import { createControlledClock, type Clock } from "@phyxius/clock";
import { startTimer } from "@phyxius/clock/one-shot-timer";

function setUp() {
  const clock = createControlledClock();
  const rings: number[] = [];
  const waiter = { onDue: () => void rings.push(clock.now().monoMs) };
  return { clock, rings, waiter };
}

describe("a one-shot timer", () => {
  it("rings once, at its due time, and leaves nothing behind", () => {
    const { clock, rings, waiter } = setUp();
    const timer = startTimer(clock, 10, waiter);
    expect(clock.getPendingTimerCount()).toBe(1);
    clock.advanceBy(100);
    expect(rings).toEqual([10]);
    expect(clock.getPendingTimerCount()).toBe(0);
    timer.cancel();
  });

  it("rounds up to whole milliseconds, at least one", () => {
    const { clock, rings, waiter } = setUp();
    for (const durationMs of [-5, 0, 0.2, 1, 1.01]) startTimer(clock, durationMs, waiter);
    clock.advanceBy(5);
    expect(rings).toEqual([1, 1, 1, 1, 2]);
  });

  it("does not ring once called off", () => {
    const { clock, rings, waiter } = setUp();
    const timer = startTimer(clock, 10, waiter);
    clock.advanceBy(9);
    timer.cancel();
    timer.cancel();
    expect(clock.getPendingTimerCount()).toBe(0);
    clock.advanceBy(10);
    expect(rings).toEqual([]);
  });

  it("has left the clock when it rings, so that it can be set anew", () => {
    const { clock, rings } = setUp();
    const again = {
      onDue() {
        rings.push(clock.getPendingTimerCount());
        if (rings.length < 3) startTimer(clock, 10, again);
      },
    };
    startTimer(clock, 10, again);
    clock.advanceBy(100);
    expect(rings).toEqual([0, 0, 0]);
  });

  it("works on a clock that can only sleep", async () => {
    const { clock, rings, waiter } = setUp();
    const sleeper = { now: () => clock.now(), sleep: (ms: never) => clock.sleep(ms) } as unknown as Clock;
    startTimer(sleeper, 10, waiter);
    startTimer(sleeper, 10, waiter).cancel();
    clock.advanceBy(10);
    await clock.flush();
    expect(rings).toEqual([10]);
  });
});
