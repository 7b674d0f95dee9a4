import { createControlledClock, type ControlledClock } from "@phyxius/clock";
import { describe, expect, it } from "vitest";
import {
  acquireUseRelease,
  type Effect,
  effect,
  fail,
  race,
  runEffect,
  sleep,
  succeed,
} from "../src/index.ts";

describe("acquireUseRelease", () => {
  it("releases with the cause of the end", async () => {
    const causes: string[] = [];
    const using = (use: () => Effect<unknown, unknown>) =>
      acquireUseRelease(succeed("r"), use, (resource, cause) =>
        effect(() => void causes.push(`${resource} ${cause}`)),
      ).unsafeRunPromise();
    expect(await using(() => succeed(1))).toEqual({ _tag: "Ok", value: 1 });
    expect(await using(() => fail("no"))).toEqual({ _tag: "Err", error: "no" });
    expect(
      await using(() => {
        throw new Error("bug");
      }),
    ).toEqual({ _tag: "Err", error: new Error("bug") });
    expect(causes).toEqual(["r ok", "r error", "r error"]);
  });

  it("neither uses nor releases what was not acquired", async () => {
    const steps: string[] = [];
    const note = (step: string) => () => effect(() => void steps.push(step));
    const result = await acquireUseRelease(fail("closed"), note("use"), note("release")).unsafeRunPromise();
    expect(result).toEqual({ _tag: "Err", error: "closed" });
    expect(steps).toEqual([]);
  });

  it("swallows errors of the release", async () => {
    for (const release of [
      () => fail("no"),
      () => {
        throw new Error("no");
      },
      () => "no" as never,
    ])
      expect(await acquireUseRelease(succeed(1), () => succeed(2), release).run()).toBe(2);
  });

  it("releases nested resources from the inside out", async () => {
    const steps: string[] = [];
    const resource = (name: string, use: () => Effect<unknown, unknown>) =>
      acquireUseRelease(
        effect(() => void steps.push(`acquire ${name}`)),
        use,
        () => effect(() => void steps.push(`release ${name}`)),
      );
    await resource("outer", () => resource("inner", () => effect(() => void steps.push("use")))).run();
    expect(steps).toEqual(["acquire outer", "acquire inner", "use", "release inner", "release outer"]);
  });
});

/** Each phase takes 100 ms: acquire until 100, use until 200, release until 300. */
const phases = [
  { phase: "acquire", atMs: 50, steps: ["acquired 100", "release interrupted", "released 200"] },
  { phase: "use", atMs: 150, steps: ["acquired 100", "release interrupted", "released 250"] },
  { phase: "release", atMs: 250, steps: ["acquired 100", "used 200", "release ok", "released 300"] },
] as const;

function slowResource(clock: ControlledClock, steps: string[]) {
  const note = (step: string) => steps.push(`${step} ${clock.now().monoMs}`);
  return acquireUseRelease(
    // The acquire is a function with a nested wait, which must be spared as well.
    effect(async (env) => {
      await sleep(100).run(env);
      note("acquired");
    }),
    () => sleep(100).map(() => void note("used")),
    (_resource, cause) => {
      steps.push(`release ${cause}`);
      return effect(async (env) => {
        await sleep(100).run(env);
        note("released");
      });
    },
  );
}

async function advance(clock: ControlledClock, ms: number): Promise<void> {
  for (let step = 0; step < ms / 10; step++) {
    clock.advanceBy(10);
    await clock.flush();
  }
}

describe.each(phases)("an interrupt during $phase", ({ atMs, steps: expected }) => {
  const enders = {
    "a timeout": (resource: Effect<unknown, unknown>) => resource.timeout(atMs),
    "a race loss": (resource: Effect<unknown, unknown>) => race([resource, sleep(atMs)]),
    "an interrupt": (resource: Effect<unknown, unknown>) =>
      resource.fork().flatMap((fiber) => sleep(atMs).flatMap(() => fiber.interrupt())),
    "a parent that ends": (resource: Effect<unknown, unknown>) => resource.fork().flatMap(() => sleep(atMs)),
    "a deadline of runEffect": (resource: Effect<unknown, unknown>) =>
      effect(async (env) => runEffect((context) => resource.run(context), { context: env, timeoutMs: atMs })),
  };

  it.each(Object.keys(enders) as (keyof typeof enders)[])("by %s", async (ender) => {
    const clock = createControlledClock(0);
    const steps: string[] = [];
    let isOver = false;
    const run = enders[ender](slowResource(clock, steps)).unsafeRunPromise({ clock });
    void run.then(() => {
      isOver = true;
      steps.push("over");
      expect(clock.getPendingTimerCount()).toBe(0);
    });
    await clock.flush();
    await advance(clock, atMs);
    expect(isOver).toBe(false);
    await advance(clock, 400);
    await run;
    expect(steps).toEqual([...expected, "over"]);
  });
});

describe("scope finalizers", () => {
  it("run once, in reverse, after the body, before the result", async () => {
    const steps: string[] = [];
    await effect(async (env) => {
      env.scope.push((cause) => void steps.push(`first ${cause}`));
      env.scope.push(async (cause) => {
        await Promise.resolve();
        steps.push(`second ${cause}`);
      });
      steps.push("body");
    })
      .run()
      .then(() => steps.push("result"));
    expect(steps).toEqual(["body", "second ok", "first ok", "result"]);
  });

  it("live until the end of the run, not of the effect that pushed them", async () => {
    const steps: string[] = [];
    await effect((env) => env.scope.push(() => void steps.push("closed")))
      .flatMap(() => effect(() => void steps.push("used")))
      .run();
    expect(steps).toEqual(["used", "closed"]);
  });

  it("of a failed attempt run before the next one; those of the last success stay", async () => {
    const clock = createControlledClock(0);
    const steps: string[] = [];
    let attempts = 0;
    const run = effect((env) => {
      const attempt = ++attempts;
      env.scope.push((cause) => void steps.push(`${attempt} ${cause}`));
      return attempt < 3
        ? ({ _tag: "Err", error: "again" } as const)
        : ({ _tag: "Ok", value: attempt } as const);
    })
      .retry({ maxAttempts: 5, baseDelayMs: 10 })
      .map(() => void steps.push("used"))
      .run({ clock });
    clock.advanceBy(30);
    await run;
    expect(steps).toEqual(["1 error", "2 error", "used", "3 ok"]);
  });

  it("run at once when they are pushed too late", async () => {
    const clock = createControlledClock(0);
    const steps: string[] = [];
    const run = effect(async (env) => {
      await sleep(100)
        .run(env)
        .catch(() => {});
      env.scope.push((cause) => void steps.push(`late ${cause}`));
    })
      .timeout(10)
      .unsafeRunPromise({ clock });
    clock.advanceBy(10);
    await run;
    await clock.flush();
    expect(steps).toEqual(["late interrupted"]);
  });
});
