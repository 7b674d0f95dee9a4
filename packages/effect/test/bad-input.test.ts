import { createControlledClock, InvalidArgumentError } from "@phyxius/clock";
import { describe, expect, it } from "vitest";
import {
  acquireUseRelease,
  all,
  createFiber,
  effect,
  EffectImpl,
  fromPromise,
  race,
  runEffect,
  sleep,
  succeed,
} from "../src/index.ts";

const nothing = undefined as never;
const retry = (policy: object) => () => succeed(1).retry({ maxAttempts: 1, baseDelayMs: 0, ...policy });

/** What is done, and the argument that the error must name. */
const mistakes: [name: string, argument: string, act: () => unknown][] = [
  ["effect of nothing", "fn", () => effect(nothing)],
  ["EffectImpl of a string", "fn", () => new EffectImpl("fn" as never)],
  ["fromPromise of a value", "promise", () => fromPromise(1 as never)],
  ...[-1, Number.NaN, Number.POSITIVE_INFINITY, 1.5, "10" as never].flatMap((duration): typeof mistakes => [
    [`sleep of ${duration}`, "ms", () => sleep(duration)],
    [`timeout of ${duration}`, "ms", () => succeed(1).timeout(duration)],
    [`retry with a delay of ${duration}`, "policy.baseDelayMs", retry({ baseDelayMs: duration })],
    [`retry with a longest delay of ${duration}`, "policy.maxDelayMs", retry({ maxDelayMs: duration })],
    [
      `runEffect with a timeout of ${duration}`,
      "options.timeoutMs",
      () => runEffect(() => 1, { timeoutMs: duration }),
    ],
  ]),
  ["retry without a policy", "policy", () => succeed(1).retry(nothing)],
  ["retry without attempts", "policy.maxAttempts", retry({ maxAttempts: 0 })],
  ["retry with half an attempt", "policy.maxAttempts", retry({ maxAttempts: 1.5 })],
  ["retry with a negative factor", "policy.backoffFactor", retry({ backoffFactor: -1 })],
  [
    "retry with an infinite factor",
    "policy.backoffFactor",
    retry({ backoffFactor: Number.POSITIVE_INFINITY }),
  ],
  ["map without a function", "fn", () => succeed(1).map(nothing)],
  ["flatMap without a function", "fn", () => succeed(1).flatMap(nothing)],
  ["catch without a function", "fn", () => succeed(1).catch(nothing)],
  ["onInterrupt without a function", "cleanup", () => succeed(1).onInterrupt(nothing)],
  ["withContext with a key that is none", "key", () => succeed(1).withContext(1 as never, 1)],
  ["all of no list", "effects", () => all(nothing)],
  ["all of something else", "effects[1]", () => all([succeed(1), 2 as never])],
  ["race of promises", "effects[0]", () => race([Promise.resolve(1) as never])],
  ["acquire that is no effect", "acquire", () => acquireUseRelease(1 as never, nothing, nothing)],
  ["use that is no function", "use", () => acquireUseRelease(succeed(1), nothing, () => succeed(1))],
  ["release that is no function", "release", () => acquireUseRelease(succeed(1), () => succeed(1), nothing)],
  ["createFiber of nothing", "promise", () => createFiber(nothing, () => {})],
  ["runEffect of nothing", "fn", () => runEffect(nothing)],
  ["runEffect in something else", "options.context", () => runEffect(() => 1, { context: {} as never })],
];

describe("bad input", () => {
  it.each(mistakes)("%s names %s", async (_name, argument, act) => {
    let thrown: unknown;
    try {
      await act();
    } catch (error) {
      thrown = error;
    }
    expect(thrown).toBeInstanceOf(InvalidArgumentError);
    expect(thrown).toMatchObject({ argument });
    expect((thrown as Error).message).toContain(`${argument} = `);
  });

  it("leaves an operation as it was", async () => {
    const clock = createControlledClock(0);
    await runEffect(
      async (context) => {
        expect(() => context.timeout(-1)).toThrow(InvalidArgumentError);
        await expect(context.timeout(1.5, async () => 1)).rejects.toThrow(InvalidArgumentError);
        await expect(context.timeout(1, 2 as never)).rejects.toThrow(InvalidArgumentError);
        expect(() => context.defer(nothing)).toThrow(InvalidArgumentError);
        expect(context.remainingMs()).toBeUndefined();
        expect(clock.getPendingTimerCount()).toBe(0);
      },
      { clock },
    );
  });
});
