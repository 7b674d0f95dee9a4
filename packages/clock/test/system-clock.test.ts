import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { createSystemClock, ms, type Clock } from "@phyxius/clock";

// What a real clock does over days, or when the wall time is set, is shown on replaced globals. The short
// waits of the conformance suite run on the real ones.
describe("the system clock", () => {
  const START = 1_700_000_000_000;
  let clock: Clock;

  beforeEach(() => {
    vi.useFakeTimers({ toFake: ["Date", "performance", "setTimeout", "clearTimeout"], now: START });
    vi.advanceTimersByTime(123);
    clock = createSystemClock();
  });

  afterEach(() => {
    vi.useRealTimers();
  });

  it("takes the wall from the system and starts the monotonic track at 0", () => {
    expect(clock.now()).toEqual({ wallMs: START + 123, monoMs: 0 });
    vi.advanceTimersByTime(40);
    expect(clock.now()).toEqual({ wallMs: START + 163, monoMs: 40 });
  });

  it("sleeps longer than setTimeout can count", async () => {
    const monthMs = 30 * 24 * 3_600_000;
    let isAwake = false;
    void clock.sleep(ms(monthMs)).then(() => (isAwake = true));
    await vi.advanceTimersByTimeAsync(monthMs - 1);
    expect(isAwake).toBe(false);
    await vi.advanceTimersByTimeAsync(1);
    expect(isAwake).toBe(true);
    expect(vi.getTimerCount()).toBe(0);
  });

  it("does not let a sleep notice that the wall time is set", async () => {
    let isAwake = false;
    void clock.sleep(ms(100)).then(() => (isAwake = true));
    vi.setSystemTime(START + 3_600_000);
    await vi.advanceTimersByTimeAsync(99);
    expect(isAwake).toBe(false);
    await vi.advanceTimersByTimeAsync(1);
    expect(isAwake).toBe(true);
  });

  it("notices within a second that the wall time was set past a deadline", async () => {
    let isReached = false;
    void clock.deadline({ wallMs: START + 3_600_000 }).then(() => (isReached = true));
    await vi.advanceTimersByTimeAsync(10_000);
    expect(isReached).toBe(false);
    vi.setSystemTime(START + 3_600_000);
    await vi.advanceTimersByTimeAsync(1_000);
    expect(isReached).toBe(true);
    expect(vi.getTimerCount()).toBe(0);
  });

  it("waits on when the wall time was set back before a deadline", async () => {
    let isReached = false;
    void clock.deadline({ wallMs: START + 623 }).then(() => (isReached = true));
    vi.setSystemTime(START);
    await vi.advanceTimersByTimeAsync(600);
    expect(isReached).toBe(false);
    await vi.advanceTimersByTimeAsync(23);
    expect(isReached).toBe(true);
  });

  it("skips the ticks that come while the last callback is unfinished", async () => {
    const starts: number[] = [];
    let running = 0;
    const handle = clock.interval(ms(10), async () => {
      expect(++running).toBe(1);
      starts.push(clock.now().monoMs);
      await clock.sleep(ms(25));
      running--;
    });
    await vi.advanceTimersByTimeAsync(100);
    expect(starts).toEqual([10, 40, 70, 100]);
    handle.cancel();
    await vi.advanceTimersByTimeAsync(100);
    expect(starts).toHaveLength(4);
    expect(vi.getTimerCount()).toBe(0);
  });

  it("resumes after a callback that failed", async () => {
    const failures: unknown[] = [];
    const emitting = createSystemClock({
      emit: (event) => event.type === "time:interval:error" && failures.push(event.error),
    });
    let ticks = 0;
    const handle = emitting.interval(ms(10), () => Promise.reject(new Error(`tick ${++ticks}`)));
    await vi.advanceTimersByTimeAsync(35);
    handle.cancel();
    expect(failures).toEqual([new Error("tick 1"), new Error("tick 2"), new Error("tick 3")]);
  });

  it("keeps the cadence and piles up no ticks after the process was held up", async () => {
    let heldUpMs = 0;
    const monotonic = performance.now.bind(performance);
    vi.spyOn(performance, "now").mockImplementation(() => monotonic() + heldUpMs);
    const ticks: number[] = [];
    const handle = clock.interval(ms(10), () => {
      ticks.push(clock.now().monoMs);
      if (ticks.length === 2) heldUpMs = 47;
    });
    await vi.advanceTimersByTimeAsync(34);
    handle.cancel();
    // At 20 the process stands still until 67. The timer for 30 rings late, and stands for all it missed.
    expect(ticks).toEqual([10, 20, 77, 80]);
    vi.restoreAllMocks();
  });
});
