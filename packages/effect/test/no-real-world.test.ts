import { createControlledClock } from "@phyxius/clock";
import { expect, it } from "vitest";
import { withoutRealWorld } from "../../clock/test/forbid-real-world.ts";
import {
  acquireUseRelease,
  all,
  createCancelToken,
  createScope,
  race,
  runEffect,
  sleep,
  succeed,
} from "../src/index.ts";

it("uses neither real time nor randomness unless it is asked to wait without a clock", async () => {
  const clock = createControlledClock(0);
  await withoutRealWorld(async () => {
    expect(createCancelToken().id).toBeTypeOf("string");
    expect(createScope().id).toBeTypeOf("string");
    expect(await succeed(1).fork().run()).toBeTypeOf("object");
    const run = runEffect(
      async (context) => {
        context.defer(() => sleep(1).run({ clock }));
        return all([
          race([sleep(10), sleep(20)]),
          acquireUseRelease(
            sleep(5),
            () => sleep(5),
            () => sleep(5),
          ),
          sleep(100)
            .timeout(3)
            .retry({ maxAttempts: 3, baseDelayMs: 1 })
            .catch(() => succeed(undefined)),
        ]).run(context);
      },
      { clock, timeoutMs: 1000, emit: () => {} },
    );
    // Only promise jobs may be needed between two steps of time: no immediate, no tick.
    for (let step = 0; step < 40; step++) {
      clock.advanceBy(1);
      for (let job = 0; job < 20; job++) await Promise.resolve();
    }
    expect(await run).toEqual([undefined, undefined, undefined]);
    expect(clock.getPendingTimerCount()).toBe(0);
    await expect(sleep(1).run()).rejects.toThrow("forbidden here");
  });
});
