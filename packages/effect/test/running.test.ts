import { createControlledClock } from "@phyxius/clock";
import { describe, expect, it } from "vitest";
import {
  createContext,
  effect,
  EffectFailureError,
  EffectImpl,
  fail,
  fromPromise,
  isDefect,
  sleep,
  succeed,
} from "../src/index.ts";

describe("an effect", () => {
  it("is lazy, and runs anew each time", async () => {
    let runs = 0;
    const counting = effect(async () => ++runs);
    expect(runs).toBe(0);
    expect(await counting.unsafeRunPromise()).toEqual({ _tag: "Ok", value: 1 });
    expect(await counting.unsafeRunPromise()).toEqual({ _tag: "Ok", value: 2 });
  });

  it("takes no timer before it runs, and none after", async () => {
    const clock = createControlledClock(0);
    const nap = sleep(1000);
    expect(clock.getPendingTimerCount()).toBe(0);
    const run = nap.unsafeRunPromise({ clock });
    expect(clock.getPendingTimerCount()).toBe(1);
    clock.advanceBy(1000);
    await run;
    expect(clock.getPendingTimerCount()).toBe(0);
  });

  it("reaches a wait after a promise within one promise job", async () => {
    const clock = createControlledClock(0);
    const run = effect(async () => 1)
      .flatMap(() => sleep(100).map(() => 2))
      .unsafeRunPromise({ clock });
    await Promise.resolve();
    expect(clock.getPendingTimerCount()).toBe(1);
    clock.advanceBy(100);
    expect(await run).toEqual({ _tag: "Ok", value: 2 });
  });

  it("takes a result, a value, or a promise of either", async () => {
    expect(await effect(() => ({ _tag: "Ok", value: 1 })).run()).toBe(1);
    expect(await effect(async () => ({ _tag: "Ok", value: 2 }) as const).run()).toBe(2);
    expect(await effect(() => 3).run()).toBe(3);
    expect(await effect(async () => 4).run()).toBe(4);
    expect(await effect(async () => undefined).run()).toBe(undefined);
    expect(await effect(() => ({ _tag: "Err", error: "no" })).unsafeRunPromise()).toEqual({
      _tag: "Err",
      error: "no",
    });
  });

  it("leaves values alone that only look a little like a result", async () => {
    const odd = { _tag: "Ok", other: 1 };
    expect(await effect(async () => odd as unknown).run()).toBe(odd);
  });

  it("is not a promise by accident", async () => {
    const inner = succeed(1);
    expect("then" in inner).toBe(false);
    expect(await (async () => inner)()).toBe(inner);
  });

  it("needs no stack for recursion", async () => {
    const count = (left: number): ReturnType<typeof succeed<number>> =>
      left === 0 ? succeed(0) : succeed(left).flatMap((value) => count(value - 1));
    expect(await count(100_000).run()).toBe(0);
    let chain = succeed(0);
    for (let step = 0; step < 50_000; step++) chain = chain.map((value) => value + 1);
    expect(await chain.run()).toBe(50_000);
  });

  it("can be made with the class of the original", async () => {
    const made = new EffectImpl<string, number>(async (env) => {
      expect(env.cancel.isCanceled()).toBe(false);
      return { _tag: "Ok", value: 42 };
    });
    expect(await made.map((value) => value + 1).unsafeRunPromise()).toEqual({ _tag: "Ok", value: 43 });
  });
});

describe("run", () => {
  it("resolves with the value", async () => {
    expect(await succeed(42).run()).toBe(42);
  });

  it("throws an Error as it is", async () => {
    const error = new Error("boom");
    await expect(fail(error).run()).rejects.toBe(error);
    await expect(
      effect(() => {
        throw error;
      }).run(),
    ).rejects.toBe(error);
  });

  it("throws an Error of the text of any other failure, which keeps the failure", async () => {
    await expect(fail("boom").run()).rejects.toThrow("boom");
    await expect(fail({ message: "from an object" }).run()).rejects.toThrow("from an object");
    await expect(fail({ code: 7 }).run()).rejects.toThrow('{"code":7}');
    await expect(fail(undefined).run()).rejects.toThrow("undefined");
    const circular: Record<string, unknown> = {};
    circular["self"] = circular;
    const error: unknown = await fail(circular)
      .run()
      .catch((thrown: unknown) => thrown);
    expect(error).toBeInstanceOf(EffectFailureError);
    expect((error as EffectFailureError).failure).toBe(circular);
  });

  it("says how long it waited for what timed out", async () => {
    const clock = createControlledClock(0);
    const run = sleep(1000).timeout(200).run({ clock });
    clock.advanceBy(200);
    await expect(run).rejects.toThrow("Effect timed out after 200ms");
  });
});

describe("defects and failures", () => {
  const thrower = effect((): never => {
    throw new Error("bug");
  });

  it("are both an Err, and can be told apart", async () => {
    const failed = await fail("no").unsafeRunPromise();
    const broken = await thrower.unsafeRunPromise();
    expect(failed).toEqual({ _tag: "Err", error: "no" });
    expect(broken).toEqual({ _tag: "Err", error: new Error("bug") });
    expect([isDefect(failed), isDefect(broken)]).toEqual([false, true]);
    expect(isDefect(await succeed(1).unsafeRunPromise())).toBe(false);
  });

  it("are both caught by catch", async () => {
    expect(await thrower.catch(() => succeed("saved")).run()).toBe("saved");
    expect(
      await fail(1)
        .catch((error) => succeed(error + 1))
        .run(),
    ).toBe(2);
  });

  it("keep their kind through combinators", async () => {
    const throughAll = await thrower
      .map(() => 1)
      .flatMap(() => succeed(2))
      .withContext("a", 1)
      .retry({ maxAttempts: 2, baseDelayMs: 0 })
      .timeout(100)
      .unsafeRunPromise({ clock: createControlledClock(0) });
    expect(isDefect(throughAll)).toBe(true);
  });

  it("counts what a callback of a combinator throws as a defect", async () => {
    const boom = () => {
      throw new Error("in the callback");
    };
    for (const broken of [
      succeed(1).map(boom),
      succeed(1).flatMap(boom),
      fail(1).catch(boom),
      succeed(1).flatMap(() => "no effect" as never),
    ])
      expect(isDefect(await broken.unsafeRunPromise())).toBe(true);
  });

  it("does not turn the failure of a nested run into a defect", async () => {
    const failure = new Error("expected");
    const outer = effect(async (env) => fail(failure).run(env));
    const result = await outer.unsafeRunPromise();
    expect(result).toEqual({ _tag: "Err", error: failure });
    expect(isDefect(result)).toBe(false);
    const brokenOuter = effect(async (env) => thrower.run(env));
    expect(isDefect(await brokenOuter.unsafeRunPromise())).toBe(true);
  });

  it("does not take a failure that looks like an interruption for one", async () => {
    const lookalike = fail({ _tag: "Interrupted" as const });
    expect(await lookalike.catch(() => succeed("caught")).run()).toBe("caught");
    const causes: string[] = [];
    await effect((env) => {
      env.scope.push((cause) => void causes.push(cause));
    })
      .flatMap(() => lookalike)
      .unsafeRunPromise();
    expect(causes).toEqual(["error"]);
  });
});

describe("fromPromise", () => {
  it("takes the value or the rejection", async () => {
    expect(await fromPromise(Promise.resolve(1)).run()).toBe(1);
    const rejected = await fromPromise(Promise.reject(new Error("no"))).unsafeRunPromise();
    expect(rejected).toEqual({ _tag: "Err", error: new Error("no") });
    expect(isDefect(rejected)).toBe(false);
  });

  it("answers for a rejection that comes before anybody runs it", async () => {
    const late = fromPromise(Promise.reject(new Error("early")));
    await new Promise((resolve) => setImmediate(resolve));
    await expect(late.run()).rejects.toThrow("early");
  });

  it("can be lazy", async () => {
    let calls = 0;
    const lazy = fromPromise(async () => ++calls);
    expect(calls).toBe(0);
    expect([await lazy.run(), await lazy.run()]).toEqual([1, 2]);
  });
});

describe("the environment", () => {
  it("is the context of the operation", async () => {
    const clock = createControlledClock(1000);
    await effect(async (env) => {
      expect(env.clock).toBe(clock);
      expect(env.get("clock")).toBe(clock);
      expect(env.get("missing")).toBeUndefined();
      expect(env.values.size).toBe(0);
      const wider = env.with("user", "ann");
      expect(wider.get("user")).toBe("ann");
      expect(env.get("user")).toBeUndefined();
      expect(await effect(async (inner) => inner.get("user")).run(wider)).toBe("ann");
      expect(await effect(async (inner) => inner.get("user")).run(env)).toBeUndefined();
    }).run({ clock });
  });

  it("shows values inside withContext, and not outside", async () => {
    const seen: unknown[] = [];
    const look = effect(async (env) => void seen.push(env.get("key")));
    await effect(async (env) => look.run(env))
      .withContext("key", "inner")
      .flatMap(() => look)
      .withContext("key", "outer")
      .flatMap(() => look)
      .run();
    expect(seen).toEqual(["inner", "outer", undefined]);
  });

  it("takes the clock from the key clock, from any context", async () => {
    const clock = createControlledClock(0);
    const runs = [
      sleep(10).withContext("clock", clock).run(),
      sleep(10).run(createContext(new Map([["clock", clock]]))),
      sleep(10).run(createContext().with("clock", clock)),
      effect(async (env) => sleep(10).run(env))
        .withContext("clock", clock)
        .run(),
    ];
    await clock.flush();
    expect(clock.getPendingTimerCount()).toBe(4);
    clock.advanceBy(10);
    await Promise.all(runs);
  });

  it("prefers the inner clock", async () => {
    const outer = createControlledClock(0);
    const inner = createControlledClock(0);
    const run = sleep(10).withContext("clock", inner).unsafeRunPromise({ clock: outer });
    expect([outer.getPendingTimerCount(), inner.getPendingTimerCount()]).toEqual([0, 1]);
    inner.advanceBy(10);
    await run;
  });

  it("falls back to the system clock only for a wait", async () => {
    expect(await sleep(2).run()).toBeUndefined();
  });
});
