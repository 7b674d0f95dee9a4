import { createControlledClock, ms } from "@phyxius/clock";
import { describe, expect, it } from "vitest";
import { Journal } from "../../journal/src/index.ts";
import {
  createContext,
  effect,
  EffectTimeoutError,
  fail,
  runEffect,
  sleep,
  type RunContext,
} from "../src/index.ts";

const never = () => new Promise<never>(() => {});

describe("runEffect", () => {
  it("gives the value of the function, asynchronous or not", async () => {
    expect(await runEffect(async () => 1)).toBe(1);
    expect(await runEffect(() => 2)).toBe(2);
  });

  it("starts the function at once", () => {
    let started = false;
    void runEffect(async () => {
      started = true;
    });
    expect(started).toBe(true);
  });

  it("lets errors through as they are, thrown or rejected", async () => {
    const error = new Error("boom");
    await expect(runEffect(async () => Promise.reject(error))).rejects.toBe(error);
    await expect(
      runEffect(() => {
        throw error;
      }),
    ).rejects.toBe(error);
  });

  it("takes no clock, no timer and no listener for a plain call", async () => {
    const clock = createControlledClock({
      emit: (event) => expect.fail(`the clock was used: ${event.type}`),
    });
    expect(await runEffect(async () => 1, { clock })).toBe(1);
  });
});

describe("the context of an operation", () => {
  it("holds values of this operation", async () => {
    await runEffect(async (context) => {
      context.set("key", "a");
      context.set("key", "b");
      expect(context.get("key")).toBe("b");
      expect([...context.values]).toEqual([["key", "b"]]);
      const wider = context.with("more", 1);
      wider.set("most", 2);
      expect([wider.get("key"), wider.get("more"), wider.get("most")]).toEqual(["b", 1, 2]);
      expect([context.get("more"), context.get("most")]).toEqual([undefined, undefined]);
    });
  });

  it("holds any number of values, in the order in which they were first set", async () => {
    for (const count of [1, 8, 9, 100]) {
      await runEffect(async (context) => {
        const expected = new Map<string, number | undefined>();
        for (let index = 0; index < count; index++) {
          for (const [key, value] of [
            [`key ${index}`, index],
            [`key ${Math.floor(index / 2)}`, undefined],
          ] as const) {
            context.set(key, value);
            expected.set(key, value);
          }
          expect(context.get(`key ${count}`)).toBeUndefined();
        }
        expect([...context.values]).toEqual([...expected]);
        for (const [key, value] of expected) expect(context.get(key)).toBe(value);
        const wider = context.with("key 0", "hidden");
        expect([wider.get("key 0"), context.get("key 0")]).toEqual(["hidden", expected.get("key 0")]);
        expect([...wider.values.keys()]).toEqual([...expected.keys()]);
      });
    }
  });

  it("hides an outer value also by undefined", async () => {
    await runEffect(async (context) => {
      context.set("key", 1);
      expect(context.with("key", undefined).get("key")).toBeUndefined();
    });
  });

  it("flows to nested calls that are given it, and to no others; nothing flows back", async () => {
    await runEffect(async (context) => {
      context.set("requestId", "r1");
      await runEffect(
        async (nested) => {
          expect(nested.get("requestId")).toBe("r1");
          nested.set("requestId", "changed");
          nested.set("extra", 1);
        },
        { context },
      );
      expect(context.get("requestId")).toBe("r1");
      expect(context.get("extra")).toBeUndefined();
      await runEffect(async (stranger) => expect(stranger.get("requestId")).toBeUndefined());
      expect(await effect(async (env) => env.get("requestId")).run(context)).toBe("r1");
    });
  });

  it("starts with the values of a plain context", async () => {
    const clock = createControlledClock(5);
    const context = createContext(new Map<string, unknown>([["user", "ann"]])).with("clock", clock);
    await runEffect(
      async (inner) => {
        expect(inner.get("user")).toBe("ann");
        expect(inner.clock).toBe(clock);
      },
      { context },
    );
    expect(context.values.size).toBe(2);
  });

  it("carries a request id and a deadline through nested calls into journal events", async () => {
    const clock = createControlledClock(0);
    const journal = new Journal({ clock });
    const note = (context: RunContext, type: string) =>
      journal.append({ type, requestId: context.get("requestId"), remainingMs: context.remainingMs() });

    const run = runEffect(
      async (context) => {
        context.set("requestId", "r1");
        note(context, "outer");
        await runEffect(
          async (nested) => {
            await sleep(40).run(nested);
            note(nested, "nested");
            await runEffect(async (inner) => note(inner, "tighter"), { context: nested, timeoutMs: 10 });
            await runEffect(async (inner) => note(inner, "looser"), { context: nested, timeoutMs: 1000 });
          },
          { context },
        );
      },
      { clock, timeoutMs: 100 },
    );
    clock.advanceBy(40);
    await run;
    expect([...journal].map((entry) => entry.timestamp.monoMs)).toEqual([0, 40, 40, 40]);
    expect(journal.filter(() => true)).toEqual([
      { type: "outer", requestId: "r1", remainingMs: 100 },
      { type: "nested", requestId: "r1", remainingMs: 60 },
      { type: "tighter", requestId: "r1", remainingMs: 10 },
      { type: "looser", requestId: "r1", remainingMs: 60 },
    ]);
    expect(clock.getPendingTimerCount()).toBe(0);
  });
});

describe("defer", () => {
  it("runs before the caller hears, last come first served, with the cause", async () => {
    const steps: string[] = [];
    const operation = (outcome: () => unknown) =>
      runEffect(async (context) => {
        context.defer((cause) => void steps.push(`first ${cause}`));
        context.defer(async (cause) => {
          await Promise.resolve();
          steps.push(`second ${cause}`);
          throw new Error("swallowed");
        });
        return outcome();
      });
    await operation(() => 1).then(() => steps.push("value"));
    await operation(() => Promise.reject(new Error("no"))).catch(() => steps.push("error"));
    expect(steps).toEqual(["second ok", "first ok", "value", "second error", "first error", "error"]);
  });
});

describe("a deadline", () => {
  it("rejects with a TimeoutError after the finalizers ran, and leaves no timer", async () => {
    const clock = createControlledClock(0);
    const steps: string[] = [];
    const run = runEffect(
      async (context) => {
        context.defer((cause) => void steps.push(cause));
        await never();
      },
      { clock, timeoutMs: 50 },
    );
    clock.advanceBy(50);
    const error: unknown = await run.catch((thrown: unknown) => thrown);
    expect(error).toBeInstanceOf(EffectTimeoutError);
    expect(error).toMatchObject({
      name: "TimeoutError",
      message: "Effect timed out after 50ms",
      timeoutMs: 50,
    });
    expect(steps).toEqual(["interrupted"]);
    expect(clock.getPendingTimerCount()).toBe(0);
  });

  it("gives what comes after the end of the function the time it needs", async () => {
    const clock = createControlledClock(0);
    const run = runEffect(
      async (context) => {
        context.defer(() => clock.sleep(ms(100)));
        return "in time";
      },
      { clock, timeoutMs: 50 },
    );
    await clock.flush();
    expect(clock.getPendingTimerCount()).toBe(1);
    clock.advanceBy(100);
    expect(await run).toBe("in time");
  });

  it("is final: what the function does afterwards comes too late", async () => {
    const clock = createControlledClock(0);
    const events: string[] = [];
    const causes: string[] = [];
    const run = runEffect(
      async (context) => {
        await clock.sleep(ms(80));
        context.defer((cause) => void causes.push(cause));
        context.timeout(10);
        return "too late";
      },
      { clock, timeoutMs: 50, emit: (event) => void events.push(event.type) },
    );
    clock.advanceBy(50);
    await expect(run).rejects.toThrow("timed out");
    clock.advanceBy(30);
    await clock.flush();
    expect(events).toEqual(["effect:start", "effect:error"]);
    expect(causes).toEqual(["interrupted"]);
    expect(clock.getPendingTimerCount()).toBe(0);
  });

  it("takes its timer away when the operation is in time, or fails", async () => {
    const clock = createControlledClock(0);
    await runEffect(async () => 1, { clock, timeoutMs: 50 });
    await runEffect(() => 1, { clock, timeoutMs: 50 });
    await runEffect(async () => Promise.reject(new Error()), { clock, timeoutMs: 50 }).catch(() => {});
    expect(clock.getPendingTimerCount()).toBe(0);
  });

  it("ends nested calls too, the inner clean-up first", async () => {
    const clock = createControlledClock(0);
    const steps: string[] = [];
    const run = runEffect(
      async (context) => {
        context.defer(() => void steps.push("outer"));
        await runEffect(
          async (nested) => {
            nested.defer(() => void steps.push("nested"));
            await sleep(1000)
              .onInterrupt(() => effect(() => void steps.push("sleep")))
              .run(nested);
          },
          { context },
        ).catch((error: Error) => steps.push(`nested caller: ${error.message}`));
      },
      { clock, timeoutMs: 50 },
    );
    clock.advanceBy(50);
    await expect(run).rejects.toThrow("Effect timed out after 50ms");
    await clock.flush();
    expect(steps).toEqual(["sleep", "nested", "outer", "nested caller: Effect timed out after 50ms"]);
    expect(clock.getPendingTimerCount()).toBe(0);
  });

  it("of a nested call ends that call alone", async () => {
    const clock = createControlledClock(0);
    const run = runEffect(
      async (context) => runEffect(never, { context, timeoutMs: 10 }).catch(() => "went on without it"),
      { clock, timeoutMs: 100 },
    );
    clock.advanceBy(10);
    expect(await run).toBe("went on without it");
    expect(clock.getPendingTimerCount()).toBe(0);
  });

  it("can be set from inside, also late, and is only ever moved forward", async () => {
    const clock = createControlledClock(0);
    const run = runEffect(
      async (context) => {
        await sleep(10).run(context);
        context.timeout(60);
        context.timeout(50);
        context.timeout(80);
        expect(context.remainingMs()).toBe(50);
        await never();
      },
      { clock },
    );
    clock.advanceBy(10);
    await clock.flush();
    expect(clock.getPendingTimerCount()).toBe(1);
    clock.advanceBy(50);
    await expect(run).rejects.toThrow("timed out after 50ms");
    expect(clock.getPendingTimerCount()).toBe(0);
  });

  it("can bound a piece of the work", async () => {
    const clock = createControlledClock(0);
    const run = runEffect(
      async (context) => {
        const slow = context
          .timeout(10, (inner) => sleep(100).run(inner))
          .catch((error: Error) => error.message);
        const promised = context.timeout(10, never()).catch((error: Error) => error.message);
        const quick = context.timeout(10, async () => "in time");
        return Promise.all([slow, promised, quick]);
      },
      { clock },
    );
    await clock.flush();
    clock.advanceBy(10);
    expect(await run).toEqual(["Effect timed out after 10ms", "Effect timed out after 10ms", "in time"]);
    expect(clock.getPendingTimerCount()).toBe(0);
  });

  it("of zero is over before it began to wait", async () => {
    const clock = createControlledClock(0);
    let calls = 0;
    await expect(runEffect(() => ++calls, { clock, timeoutMs: 0 })).rejects.toThrow("timed out after 0ms");
    expect(calls).toBe(0);
    expect(clock.getPendingTimerCount()).toBe(0);
  });
});

describe("what an operation started", () => {
  it("ends with it", async () => {
    const clock = createControlledClock(0);
    const steps: string[] = [];
    await runEffect(
      async (context) => {
        void runEffect(
          async (nested) => {
            nested.defer((cause) => void steps.push(`nested ${cause}`));
            await never();
          },
          { context },
        ).catch((error: Error) => steps.push(error.message));
        void sleep(100)
          .run(context)
          .catch(() => {});
        return "done";
      },
      { clock },
    );
    await clock.flush();
    expect(steps).toEqual(["nested interrupted", "Effect was interrupted"]);
    expect(clock.getPendingTimerCount()).toBe(0);
  });

  it("is refused after the end", async () => {
    let leaked: RunContext | undefined;
    await runEffect(async (context) => {
      leaked = context;
    });
    const context = leaked as RunContext;
    await expect(runEffect(async () => 1, { context })).rejects.toThrow("Effect was interrupted");
    await expect(sleep(1).run(context)).rejects.toThrow("Effect was interrupted");
    let cause: string | undefined;
    context.defer((given) => {
      cause = given;
    });
    expect(cause).toBe("ok");
  });

  it("can be interrupted by an effect around it", async () => {
    const clock = createControlledClock(0);
    const causes: string[] = [];
    const run = effect(async (env) =>
      runEffect(
        async (context) => {
          context.defer((cause) => void causes.push(cause));
          expect(context.remainingMs()).toBe(10);
          await never();
        },
        { context: env },
      ),
    )
      .timeout(10)
      .unsafeRunPromise({ clock });
    clock.advanceBy(10);
    expect(await run).toEqual({ _tag: "Err", error: { _tag: "Timeout" } });
    expect(causes).toEqual(["interrupted"]);
  });

  it("reports its events", async () => {
    const clock = createControlledClock(7);
    const events: unknown[] = [];
    const emit = (event: unknown) => void events.push(event);
    await runEffect(async () => 1, { clock, emit });
    const error = new Error("no");
    await runEffect(async () => Promise.reject(error), { clock, emit, generateId: () => "mine" }).catch(
      () => {},
    );
    await runEffect(async (context) => fail("no").run(context), { clock, emit }).catch(() => {});
    expect(events).toMatchObject([
      { type: "effect:start", effectId: "effect-1", timestamp: 7 },
      { type: "effect:success", effectId: "effect-1", timestamp: 7 },
      { type: "effect:start", effectId: "mine" },
      { type: "effect:error", effectId: "mine", error, defect: true },
      { type: "effect:start", effectId: "effect-1" },
      { type: "effect:error", effectId: "effect-1", defect: false },
    ]);
  });
});
