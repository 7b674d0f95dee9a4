import { createControlledClock } from "@phyxius/clock";
import { describe, expect, it } from "vitest";
import { effect, sleep } from "../src/index.ts";

/** Fails until the given attempt, and notes when each attempt was made. */
function flaky(succeedAt: number) {
  const clock = createControlledClock(0);
  const times: number[] = [];
  const attempt = effect(async () => {
    times.push(clock.now().monoMs);
    return times.length < succeedAt
      ? ({ _tag: "Err", error: `failure ${times.length}` } as const)
      : ({ _tag: "Ok", value: "success" } as const);
  });
  async function advance(ms: number): Promise<void> {
    for (let step = 0; step < ms; step++) {
      clock.advanceBy(1);
      await clock.flush();
    }
  }
  return { clock, times, attempt, advance };
}

describe("retry", () => {
  it("waits longer each time, by 2 unless told otherwise", async () => {
    const { clock, times, attempt, advance } = flaky(4);
    const run = attempt.retry({ maxAttempts: 4, baseDelayMs: 10 }).run({ clock });
    await clock.flush();
    await advance(100);
    expect(await run).toBe("success");
    expect(times).toEqual([0, 10, 30, 70]);
  });

  it("waits no longer than the longest wait", async () => {
    const { clock, times, attempt, advance } = flaky(5);
    const run = attempt
      .retry({ maxAttempts: 5, baseDelayMs: 10, backoffFactor: 3, maxDelayMs: 40 })
      .run({ clock });
    await clock.flush();
    await advance(200);
    await run;
    expect(times).toEqual([0, 10, 40, 80, 120]);
  });

  it("fails with the last error when the attempts are used up", async () => {
    const { clock, times, attempt } = flaky(9);
    const run = attempt.retry({ maxAttempts: 3, baseDelayMs: 0 }).unsafeRunPromise({ clock });
    expect(await run).toEqual({ _tag: "Err", error: "failure 3" });
    expect(times).toHaveLength(3);
    expect(clock.getPendingTimerCount()).toBe(0);
  });

  it("stops when interrupted, during a wait and during an attempt", async () => {
    const { clock, times, attempt, advance } = flaky(9);
    const duringWait = attempt
      .retry({ maxAttempts: 9, baseDelayMs: 1000, backoffFactor: 1 })
      .timeout(1500)
      .unsafeRunPromise({ clock });
    await clock.flush();
    await advance(1500);
    expect(await duringWait).toEqual({ _tag: "Err", error: { _tag: "Timeout" } });
    expect(clock.getPendingTimerCount()).toBe(0);
    await advance(5000);
    expect(times).toEqual([0, 1000]);

    let attempts = 0;
    const duringAttempt = effect(async (env) => {
      attempts++;
      // The nested run rejects when it is interrupted; that must not count as a failure to try again after.
      await sleep(100).run(env);
    })
      .retry({ maxAttempts: 9, baseDelayMs: 0 })
      .timeout(50)
      .unsafeRunPromise({ clock });
    await advance(50);
    await duringAttempt;
    await advance(500);
    expect(attempts).toBe(1);
  });

  it("needs no stack for many attempts", async () => {
    let attempts = 0;
    const result = await effect(() => ({ _tag: "Err", error: ++attempts }) as const)
      .retry({ maxAttempts: 50_000, baseDelayMs: 0 })
      .unsafeRunPromise();
    expect(result).toEqual({ _tag: "Err", error: 50_000 });
  });
});
