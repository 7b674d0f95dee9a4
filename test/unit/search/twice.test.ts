import { beforeEach, describe, expect, test } from "vitest";
import type { TraceEvent } from "../../../sim/kernel/trace-sink.ts";
import type { Invariant } from "../../../sim/run/invariant.ts";
import { run } from "../../../sim/run/run.ts";
import type { System } from "../../../sim/run/system.ts";
import { recordTwice, runTwice } from "../../../sim/search/twice.ts";
import { replay } from "../../../sim/trace/replay.ts";
import { leaks, leakySystem, PLANTED } from "../../support/leaky-systems.ts";
import { toyPlan } from "../../support/toy-plan.ts";
import { toySystem } from "../../support/toy-system.ts";

const invariants = [] as const;

describe("two runs of a system without leaks", () => {
  test("are the same, recorded or not", async () => {
    const { mismatch, first, second } = await runTwice(toyPlan(), { system: toySystem, invariants });
    expect(mismatch).toBeNull();
    const alone = await run(toyPlan(), { system: toySystem, invariants });
    expect(first.outcome?.digest).toBe(alone.digest);
    expect(second.outcome?.digest).toBe(alone.digest);
  });

  test("are the same event by event", async () => {
    const twice = await recordTwice(toyPlan(), { system: toySystem, invariants });
    const { events, traceHash } = await replay(toyPlan(), { system: toySystem, invariants });
    expect(twice).toEqual({ eventCount: events.length, traceHash, mismatch: null });
  });

  test("are the same when both end with the same error", async () => {
    const options = { system: toySystem, invariants, eventsMax: 100 };
    const { first, mismatch } = await runTwice(toyPlan(), options);
    expect(first.error?.name).toBe("RunawayError");
    expect(mismatch).toBeNull();
    expect((await recordTwice(toyPlan(), options)).mismatch).toBeNull();
  });
});

describe("a system", () => {
  test("that writes what has no JSON is the same, recorded or not", async () => {
    const system: System = {
      ...toySystem,
      boot(env, plan) {
        env.journal({ type: "big", operation: null, edge: null, data: { size: 1n } });
        return toySystem.boot(env, plan);
      },
    };
    expect((await runTwice(toyPlan(), { system, invariants })).mismatch).toBeNull();
  });

  test("that acts when somebody looks is found out: recording must change nothing", async () => {
    let looks = 0;
    const system: System = {
      ...toySystem,
      boot(env, plan) {
        looks = 0;
        env.clock.interval(90 as never, () => void env.clock.sleep((1 + (looks % 7)) as never));
        return toySystem.boot(env, plan);
      },
      describeFrame: () => looks++,
    };
    const { mismatch } = await runTwice(toyPlan(), { system, invariants });
    expect(mismatch?.divergence).toBeNull();
    expect(mismatch?.summary).toMatch(/digests .*; recording makes the difference/);
  });

  test("that is checked by chance is found out, though it did the same", async () => {
    let checks = 0;
    const moody: Invariant = {
      name: "moody",
      summary: "Is broken every other time.",
      check: () =>
        checks++ % 2 === 0
          ? []
          : [{ invariant: "moody", key: null, summary: "So it is.", operations: [], notes: [] }],
    };
    const { mismatch } = await runTwice(toyPlan(), { system: toySystem, invariants: [moody] });
    expect(mismatch?.divergence).toBeNull();
    expect(mismatch?.summary).toMatch(/did the same, but clients or checks came to other results/);
  });

  test("that ends differently is found out", async () => {
    let runs = 0;
    const system: System = {
      ...toySystem,
      boot: (env, plan) => ({
        ...toySystem.boot(env, plan),
        replicas() {
          if (runs++ > 2) throw new Error("no more");
          return [];
        },
      }),
    };
    const { mismatch } = await runTwice(toyPlan(), { system, invariants });
    expect(mismatch?.summary).toMatch(/the first came to its end, the second ended with Error: no more/);
  });
});

describe.each(leaks)("$what", (leak) => {
  let system: System;
  beforeEach(() => {
    system = leakySystem(leak);
  });

  test("is nothing that the tripwire sees", async () => {
    await expect(run(toyPlan(), { system, invariants })).resolves.toBeDefined();
  });

  test.each([runTwice, recordTwice])("is found at the planted place by %o", async (compare) => {
    const { mismatch } = await compare(toyPlan(), { system, invariants });
    const divergence = mismatch?.divergence;
    if (divergence === null || divergence === undefined) throw new Error(`not found: ${mismatch?.summary}`);
    const { first, second: other, commonCount, before } = divergence;
    const planted = [first, other].filter((event) => isPlanted(event));
    // Where the message is late, something else may come first.
    expect(planted.length).toBeGreaterThanOrEqual(leak.delayMs === undefined ? 2 : 1);
    expect(first).not.toEqual(other);
    expect(before.map(({ index }) => index)).toEqual(
      [5, 4, 3, 2, 1].map((distance) => commonCount - distance),
    );
    const where = `differ from event #${commonCount} on, at ${(first as TraceEvent).timeUs / 1000} ms on n`;
    expect(mismatch?.summary).toContain(where);
  });
});

function isPlanted(event: TraceEvent | null): boolean {
  const { operation, machine } = PLANTED;
  return event?.kind === "net.send" && event.machine === machine && event.activity === operation;
}
