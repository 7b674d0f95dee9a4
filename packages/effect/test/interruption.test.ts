import { createControlledClock, ms } from "@phyxius/clock";
import { describe, expect, it } from "vitest";
import { all, createCancelToken, effect, fail, race, runEffect, sleep, succeed } from "../src/index.ts";

const forever = effect(() => new Promise<never>(() => {}));

describe("timeout", () => {
  it("fails with Timeout, interrupts the rest and releases its timers", async () => {
    const clock = createControlledClock(0);
    const run = sleep(10_000).timeout(100).unsafeRunPromise({ clock });
    clock.advanceBy(99);
    expect(clock.getPendingTimerCount()).toBe(2);
    clock.advanceBy(1);
    expect(await run).toEqual({ _tag: "Err", error: { _tag: "Timeout" } });
    expect(clock.getPendingTimerCount()).toBe(0);
  });

  it("leaves the result alone that comes in time, and no timer", async () => {
    const clock = createControlledClock(0);
    const run = sleep(50)
      .map(() => "done")
      .timeout(100)
      .run({ clock });
    clock.advanceBy(50);
    expect(await run).toBe("done");
    expect(clock.getPendingTimerCount()).toBe(0);
  });

  it("is the earlier of two things due together", async () => {
    const clock = createControlledClock(0);
    const run = sleep(100).timeout(100).unsafeRunPromise({ clock });
    clock.advanceBy(100);
    expect(await run).toEqual({ _tag: "Err", error: { _tag: "Timeout" } });
  });

  it("of zero lets only what needs no waiting through", async () => {
    const clock = createControlledClock(0);
    expect(await succeed(1).timeout(0).run({ clock })).toBe(1);
    expect(await sleep(1).timeout(0).unsafeRunPromise({ clock })).toEqual({
      _tag: "Err",
      error: { _tag: "Timeout" },
    });
    expect(clock.getPendingTimerCount()).toBe(0);
  });

  it("does not wait for a function that will not stop", async () => {
    const clock = createControlledClock(0);
    const causes: string[] = [];
    const run = effect(async (env) => {
      env.scope.push((cause) => void causes.push(cause));
      await new Promise(() => {});
    })
      .timeout(10)
      .unsafeRunPromise({ clock });
    clock.advanceBy(10);
    expect(await run).toEqual({ _tag: "Err", error: { _tag: "Timeout" } });
    expect(causes).toEqual(["interrupted"]);
  });

  it("can be caught, outside", async () => {
    const clock = createControlledClock(0);
    const run = sleep(100)
      .timeout(10)
      .catch((error) => succeed(error))
      .run({ clock });
    clock.advanceBy(10);
    expect(await run).toEqual({ _tag: "Timeout" });
  });

  it("nests: the shorter one wins, whichever it is", async () => {
    for (const [inner, outer, at] of [
      [10, 20, 10],
      [20, 10, 10],
    ] as const) {
      const clock = createControlledClock(0);
      const run = forever.timeout(inner).timeout(outer).unsafeRunPromise({ clock });
      clock.advanceBy(at);
      expect(await run).toEqual({ _tag: "Err", error: { _tag: "Timeout" } });
      expect(clock.getPendingTimerCount()).toBe(0);
    }
  });
});

describe("a nested run", () => {
  it("is interrupted with the operation it belongs to, and its caller hears of it", async () => {
    const clock = createControlledClock(0);
    const steps: string[] = [];
    const inner = effect(async (env) => {
      steps.push("inner starts");
      await sleep(800).run(env);
      steps.push("inner goes on");
    });
    const run = effect(async (env) => {
      try {
        await inner.run(env);
        steps.push("outer goes on");
      } catch (error) {
        steps.push((error as Error).message);
        throw error;
      } finally {
        steps.push("finally");
      }
    })
      .timeout(400)
      .run({ clock });
    clock.advanceBy(400);
    await expect(run).rejects.toThrow("Effect timed out after 400ms");
    await clock.flush();
    expect(steps).toEqual(["inner starts", "Effect was interrupted", "finally"]);
    expect(clock.getPendingTimerCount()).toBe(0);
  });

  it("is refused once the operation was interrupted", async () => {
    const clock = createControlledClock(0);
    const steps: unknown[] = [];
    const run = effect(async (env) => {
      await sleep(100)
        .run(env)
        .catch(() => {});
      // A function that does not take the hint.
      steps.push(await effect(() => void steps.push("ran anyway")).unsafeRunPromise(env));
    })
      .timeout(10)
      .unsafeRunPromise({ clock });
    clock.advanceBy(10);
    await run;
    await clock.flush();
    expect(steps).toEqual([{ _tag: "Err", error: { _tag: "Interrupted" } }]);
  });

  it("is refused while an interrupted operation is still cleaning up", async () => {
    const clock = createControlledClock(0);
    const steps: string[] = [];
    const run = effect(async (env) => {
      env.scope.push(() => clock.sleep(ms(20)));
      await sleep(100)
        .run(env)
        .catch(() => {});
      await effect(() => void steps.push("ran anyway"))
        .run(env)
        .catch((error: Error) => steps.push(error.message));
    })
      .timeout(10)
      .unsafeRunPromise({ clock });
    clock.advanceBy(10);
    await clock.flush();
    expect(steps).toEqual(["Effect was interrupted"]);
    clock.advanceBy(20);
    await run;
  });

  it("that a finalizer started and forgot ends with the operation too", async () => {
    const clock = createControlledClock(0);
    await effect(async (env) => {
      env.scope.push(() => {
        void sleep(100)
          .run(env)
          .catch(() => {});
      });
    }).run({ clock });
    expect(clock.getPendingTimerCount()).toBe(0);
  });

  it("does not outlive the operation that forgot to wait for it, and alarms nobody", async () => {
    const clock = createControlledClock(0);
    const steps: string[] = [];
    // Vitest fails the whole run for an unhandled rejection.
    await effect(async (env) => {
      void sleep(100)
        .onInterrupt(() => succeed(steps.push("interrupted")))
        .run(env);
      void runEffect(async () => forever.run(env), { context: env });
      return 1;
    }).run({ clock });
    await new Promise((resolve) => setImmediate(resolve));
    expect(steps).toEqual(["interrupted"]);
    expect(clock.getPendingTimerCount()).toBe(0);
  });

  it("gives its own values and clock, and the rest of its parent's", async () => {
    const seen = await effect(async (env) =>
      effect(async (inner) => [inner.get("a"), inner.get("b")])
        .withContext("b", 2)
        .run(env),
    )
      .withContext("a", 1)
      .run();
    expect(seen).toEqual([1, 2]);
  });
});

describe("all", () => {
  it("runs together and keeps the order of the values", async () => {
    const clock = createControlledClock(0);
    const run = all([30, 10, 20].map((ms) => sleep(ms).map(() => ms))).run({ clock });
    expect(clock.getPendingTimerCount()).toBe(3);
    clock.advanceBy(30);
    expect(await run).toEqual([30, 10, 20]);
  });

  it("of none gives none", async () => {
    expect(await all([]).run()).toEqual([]);
  });

  it("interrupts the rest on the first error, and waits for them", async () => {
    const clock = createControlledClock(0);
    const steps: string[] = [];
    const run = all([
      sleep(1000).onInterrupt(() => sleep(5).map(() => void steps.push("first cleaned up"))),
      sleep(10).flatMap(() => fail("second")),
      sleep(20).flatMap(() => fail("third")),
    ]).unsafeRunPromise({ clock });
    clock.advanceBy(10);
    await clock.flush();
    expect(steps).toEqual([]);
    clock.advanceBy(5);
    expect(await run).toEqual({ _tag: "Err", error: "second" });
    expect(steps).toEqual(["first cleaned up"]);
    expect(clock.getPendingTimerCount()).toBe(0);
  });

  it("starts every branch, also when the first has failed already", async () => {
    const clock = createControlledClock(0);
    const steps: string[] = [];
    const run = all([
      fail("at once"),
      sleep(1000).onInterrupt(() => succeed(steps.push("interrupted"))),
    ]).unsafeRunPromise({ clock });
    expect(await run).toEqual({ _tag: "Err", error: "at once" });
    expect(steps).toEqual(["interrupted"]);
  });
});

describe("race", () => {
  it("gives the first to finish and interrupts the losers", async () => {
    const clock = createControlledClock(0);
    const steps: string[] = [];
    const loser = effect((env) => env.scope.push((cause) => void steps.push(cause))).flatMap(() =>
      sleep(1000),
    );
    const run = race([loser, sleep(10).map(() => "winner"), loser]).run({ clock });
    clock.advanceBy(10);
    expect(await run).toBe("winner");
    expect(steps).toEqual(["interrupted", "interrupted"]);
    expect(clock.getPendingTimerCount()).toBe(0);
  });

  it("can be won by an error", async () => {
    const clock = createControlledClock(0);
    const run = race([sleep(20), sleep(10).flatMap(() => fail("first"))]).unsafeRunPromise({ clock });
    clock.advanceBy(10);
    expect(await run).toEqual({ _tag: "Err", error: "first" });
  });

  it("is decided by the order where the times are equal", async () => {
    const clock = createControlledClock(0);
    const run = race(["a", "b"].map((name) => sleep(10).map(() => name))).run({ clock });
    clock.advanceBy(10);
    expect(await run).toBe("a");
  });

  it("of none never ends, but can be interrupted", async () => {
    const clock = createControlledClock(0);
    const run = race([]).timeout(10).unsafeRunPromise({ clock });
    clock.advanceBy(9);
    await clock.flush();
    expect(clock.getPendingTimerCount()).toBe(1);
    clock.advanceBy(1);
    expect(await run).toEqual({ _tag: "Err", error: { _tag: "Timeout" } });
  });
});

describe("onInterrupt", () => {
  it("runs for an interrupt only, the inner one first", async () => {
    const clock = createControlledClock(0);
    const steps: string[] = [];
    const note = (step: string) => () => effect(() => void steps.push(step));
    await succeed(1).onInterrupt(note("success")).run();
    await fail(1).onInterrupt(note("failure")).unsafeRunPromise();
    const run = sleep(1000)
      .onInterrupt(note("inner"))
      .onInterrupt(note("outer"))
      .timeout(500)
      .unsafeRunPromise({ clock });
    clock.advanceBy(500);
    await run;
    expect(steps).toEqual(["inner", "outer"]);
  });

  it("survives a clean-up that fails, throws, or is no effect", async () => {
    const clock = createControlledClock(0);
    const run = sleep(1000)
      .onInterrupt(() => fail("no"))
      .onInterrupt(() => {
        throw new Error("no");
      })
      .onInterrupt(() => "no" as never)
      .timeout(10)
      .unsafeRunPromise({ clock });
    clock.advanceBy(10);
    expect(await run).toEqual({ _tag: "Err", error: { _tag: "Timeout" } });
  });
});

describe("a cancel token handed in", () => {
  it("interrupts the run, and nobody listens to it afterwards", async () => {
    const clock = createControlledClock(0);
    const cancel = createCancelToken();
    const run = sleep(100).unsafeRunPromise({ clock, cancel });
    cancel.cancel();
    expect(await run).toEqual({ _tag: "Err", error: { _tag: "Interrupted" } });
    expect(clock.getPendingTimerCount()).toBe(0);
    await expect(sleep(100).run({ clock, cancel })).rejects.toThrow("Effect was interrupted");
  });

  it("is passed on by env.cancel", async () => {
    const clock = createControlledClock(0);
    const seen: string[] = [];
    const run = effect(async (env) => {
      env.cancel.onCancel(() => seen.push("asked to stop"));
      await new Promise(() => {});
    })
      .timeout(10)
      .unsafeRunPromise({ clock });
    clock.advanceBy(10);
    await run;
    expect(seen).toEqual(["asked to stop"]);
  });

  it("is seen to be cancelled also by who looks for the first time after the interrupt", async () => {
    const clock = createControlledClock(0);
    const seen: boolean[] = [];
    const run = effect(async (env) => {
      await sleep(100)
        .run(env)
        .catch(() => {});
      seen.push(env.cancel.isCanceled());
    })
      .timeout(10)
      .unsafeRunPromise({ clock });
    clock.advanceBy(10);
    await run;
    await clock.flush();
    expect(seen).toEqual([true]);
  });
});
