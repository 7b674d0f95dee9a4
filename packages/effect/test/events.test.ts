import { createControlledClock } from "@phyxius/clock";
import { describe, expect, it } from "vitest";
import { acquireUseRelease, all, effect, fail, sleep, succeed, type EffectEvent } from "../src/index.ts";

function recorder() {
  const events: EffectEvent[] = [];
  return {
    events,
    emit: (event: EffectEvent) => void events.push(event),
    types: () => events.map((event) => event.type),
  };
}

describe("events", () => {
  it("tell of start and success, with id and time", async () => {
    const clock = createControlledClock(100);
    const { events, emit } = recorder();
    const run = effect(async (env) => sleep(5).run(env), { emit }).unsafeRunPromise({ clock });
    clock.advanceBy(5);
    await run;
    expect(events).toEqual([
      { type: "effect:start", effectId: "effect-1", timestamp: 100 },
      { type: "effect:success", effectId: "effect-1", timestamp: 105 },
    ]);
  });

  it("tell of an error, and whether it was a defect", async () => {
    const clock = createControlledClock(0);
    const { events, emit } = recorder();
    await fail("no", { emit }).unsafeRunPromise({ clock });
    await effect(
      () => {
        throw new Error("bug");
      },
      { emit },
    ).unsafeRunPromise({ clock });
    expect(events).toMatchObject([
      { type: "effect:start" },
      { type: "effect:error", error: "no", defect: false },
      { type: "effect:start" },
      { type: "effect:error", error: new Error("bug"), defect: true },
    ]);
  });

  it("tell of a timeout", async () => {
    const clock = createControlledClock(0);
    const { events, emit } = recorder();
    const run = sleep(100, { emit }).timeout(10).unsafeRunPromise({ clock });
    clock.advanceBy(10);
    await run;
    expect(events).toMatchObject([
      { type: "effect:start", timestamp: 0 },
      { type: "effect:timeout:start", timeoutMs: 10, timestamp: 0 },
      { type: "effect:timeout:triggered", timeoutMs: 10, timestamp: 10 },
      { type: "effect:error", error: { _tag: "Timeout" }, timestamp: 10 },
    ]);
  });

  it("tell of no timeout of what was interrupted already", async () => {
    const clock = createControlledClock(0);
    const { types, emit } = recorder();
    const slow = acquireUseRelease(
      sleep(100),
      () => succeed(1),
      () => succeed(1),
      { emit },
    );
    const fiber = await slow.timeout(50).fork().run({ clock });
    clock.advanceBy(20);
    const interrupted = fiber.interrupt().run();
    clock.advanceBy(80);
    await interrupted;
    expect(await fiber.poll().run()).toEqual({ _tag: "Err", error: { _tag: "Interrupted" } });
    expect(types()).toEqual(["effect:start", "effect:timeout:start", "effect:error"]);
  });

  it("tell of no timeout that was not needed", async () => {
    const { types, emit } = recorder();
    await succeed(1, { emit })
      .timeout(0)
      .run({ clock: createControlledClock(0) });
    expect(types()).toEqual(["effect:start", "effect:timeout:start", "effect:success"]);
  });

  it("tell of every attempt", async () => {
    const clock = createControlledClock(0);
    const { events, emit } = recorder();
    let attempts = 0;
    const flaky = effect(
      () => (++attempts < 3 ? ({ _tag: "Err", error: "no" } as const) : ({ _tag: "Ok", value: 1 } as const)),
      { emit },
    );
    const run = flaky.retry({ maxAttempts: 3, baseDelayMs: 10 }).run({ clock });
    clock.advanceBy(30);
    await run;
    expect(events).toMatchObject([
      { type: "effect:start" },
      { type: "effect:retry:attempt", attempt: 1, maxAttempts: 3 },
      { type: "effect:retry:delay", attempt: 1, delayMs: 10 },
      { type: "effect:retry:attempt", attempt: 2 },
      { type: "effect:retry:delay", attempt: 2, delayMs: 20 },
      { type: "effect:retry:attempt", attempt: 3 },
      { type: "effect:retry:success", attempt: 3 },
      { type: "effect:success" },
    ]);
  });

  it("tell when the attempts are used up", async () => {
    const { types, emit } = recorder();
    const run = fail("no", { emit }).retry({ maxAttempts: 1, baseDelayMs: 10 });
    await run.unsafeRunPromise({ clock: createControlledClock(0) });
    expect(types()).toEqual([
      "effect:start",
      "effect:retry:attempt",
      "effect:retry:exhausted",
      "effect:error",
    ]);
  });

  it("come once a run, and for each branch that asked", async () => {
    const clock = createControlledClock(0);
    const { events, emit } = recorder();
    await all([succeed(1, { emit }), succeed(2).map((value) => value)], { emit }).run({ clock });
    expect(events.map((event) => [event.type, event.effectId])).toEqual([
      ["effect:start", "effect-1"],
      ["effect:start", "effect-2"],
      ["effect:success", "effect-2"],
      ["effect:success", "effect-1"],
    ]);
  });

  it("cannot disturb what they tell of", async () => {
    const emit = () => {
      throw new Error("broken listener");
    };
    expect(await succeed(1, { emit }).run({ clock: createControlledClock(0) })).toBe(1);
  });

  it("carry the same identifiers in identical runs, or those of a generator", async () => {
    const clock = createControlledClock(0);
    async function idsOf(generateId?: () => string): Promise<string[]> {
      const { events, emit } = recorder();
      await all([succeed(1, { emit }), succeed(2, { emit })], { emit }).run({ clock, generateId });
      return events.map((event) => event.effectId);
    }
    expect(await idsOf()).toEqual(await idsOf());
    let count = 100;
    expect(new Set(await idsOf(() => `mine-${count++}`))).toEqual(
      new Set(["mine-100", "mine-101", "mine-102"]),
    );
  });
});
