import { createControlledClock } from "@phyxius/clock";
import { describe, expect, it } from "vitest";
import { acquireUseRelease, all, createFiber, effect, sleep, succeed, type Fiber } from "../src/index.ts";

describe("fork", () => {
  it("gives a handle: poll, join, interrupt", async () => {
    const clock = createControlledClock(0);
    const fiber = await sleep(100)
      .map(() => 42)
      .fork()
      .run({ clock });
    expect(fiber.id).toBeTypeOf("string");
    expect(await fiber.poll().run()).toBeUndefined();
    clock.advanceBy(100);
    expect(await fiber.join().run()).toBe(42);
    expect(await fiber.poll().run()).toEqual({ _tag: "Ok", value: 42 });
  });

  it("is interrupted by its handle, which waits for the clean-up", async () => {
    const clock = createControlledClock(0);
    const steps: string[] = [];
    const fiber = await sleep(100)
      .onInterrupt(() => sleep(5).map(() => void steps.push("cleaned up")))
      .fork()
      .run({ clock });
    const interrupted = fiber
      .interrupt()
      .run({ clock })
      .then(() => steps.push("interrupt returned"));
    clock.advanceBy(5);
    await interrupted;
    expect(steps).toEqual(["cleaned up", "interrupt returned"]);
    expect(await fiber.join().unsafeRunPromise()).toEqual({ _tag: "Err", error: { _tag: "Interrupted" } });
    expect(clock.getPendingTimerCount()).toBe(0);
    await fiber.interrupt().run();
  });

  it("ends with the effect that forked it", async () => {
    const clock = createControlledClock(0);
    let fiber: Fiber<never, void> | undefined;
    const run = effect(async (env) => {
      fiber = await sleep(1000).fork().run(env);
      await sleep(10).run(env);
      return "parent is done";
    }).run({ clock });
    await clock.flush();
    expect(clock.getPendingTimerCount()).toBe(2);
    clock.advanceBy(10);
    expect(await run).toBe("parent is done");
    expect(clock.getPendingTimerCount()).toBe(0);
    expect(await fiber?.poll().run()).toEqual({ _tag: "Err", error: { _tag: "Interrupted" } });
  });

  it("outlives its parent only when the parent returns it, alone or in a list", async () => {
    const clock = createControlledClock(0);
    const nap = sleep(10).map(() => "awake");
    const one = await nap.fork().run({ clock });
    const two = await all([nap.fork(), nap.fork()]).run({ clock });
    expect(new Set([one.id, ...two.map((fiber) => fiber.id)]).size).toBeGreaterThan(1);
    expect(two[0]?.id).not.toBe(two[1]?.id);
    const kept = await effect(async (env) => (await nap.fork().run(env)).id)
      .flatMap(() => succeed("not the handle"))
      .run({ clock });
    expect(kept).toBe("not the handle");
    expect(clock.getPendingTimerCount()).toBe(3);
    clock.advanceBy(10);
    expect(await all([one, ...two].map((fiber) => fiber.join())).run()).toEqual(["awake", "awake", "awake"]);
  });

  it("can be joined by many, and leaving a join leaves the fiber alone", async () => {
    const clock = createControlledClock(0);
    const fiber = await sleep(100)
      .map(() => 1)
      .fork()
      .run({ clock });
    const impatient = fiber.join().timeout(10).unsafeRunPromise({ clock });
    const patient = fiber.join().run({ clock });
    clock.advanceBy(10);
    expect(await impatient).toEqual({ _tag: "Err", error: { _tag: "Timeout" } });
    clock.advanceBy(90);
    expect(await patient).toBe(1);
  });

  it("may interrupt itself without waiting for ever", async () => {
    const clock = createControlledClock(0);
    const self: Fiber<unknown, unknown> = await sleep(10)
      .flatMap(() => self.interrupt())
      .flatMap(() => sleep(1000))
      .fork()
      .run({ clock });
    clock.advanceBy(10);
    expect(await self.join().unsafeRunPromise()).toEqual({ _tag: "Err", error: { _tag: "Interrupted" } });
  });
});

describe("a fiber that interrupts itself where nothing can be interrupted", () => {
  it("does not wait for itself", async () => {
    const clock = createControlledClock(0);
    const steps: string[] = [];
    const self: Fiber<unknown, unknown> = await acquireUseRelease(
      sleep(10).flatMap(() => self.interrupt()),
      () => effect(() => void steps.push("used")),
      (_resource, cause) => effect(() => void steps.push(`released ${cause}`)),
    )
      .fork()
      .run({ clock });
    clock.advanceBy(10);
    await clock.flush();
    expect(steps).toEqual(["released interrupted"]);
    expect(await self.join().unsafeRunPromise()).toEqual({ _tag: "Err", error: { _tag: "Interrupted" } });
  });
});

describe("createFiber", () => {
  it("makes a handle of a promise and what cancels it", async () => {
    let cancels = 0;
    const settled = createFiber(Promise.resolve({ _tag: "Ok", value: 1 } as const), () => cancels++);
    expect(await settled.poll().run()).toBeUndefined();
    expect(await settled.join().run()).toBe(1);
    expect(await settled.poll().run()).toEqual({ _tag: "Ok", value: 1 });
    await settled.interrupt().run();
    expect(cancels).toBe(1);
    const broken = createFiber(Promise.reject(new Error("no")), () => {});
    await expect(broken.join().run()).rejects.toThrow("no");
  });
});
