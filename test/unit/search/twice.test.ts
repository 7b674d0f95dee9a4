import { beforeEach, describe, expect, test } from "vitest";
import type { TraceEvent } from "../../../sim/kernel/trace-sink.ts";
import type { Invariant } from "../../../sim/run/invariant.ts";
import { run } from "../../../sim/run/run.ts";
import type { System } from "../../../sim/run/system.ts";
import type { MachineEnv } from "../../../sim/world/machine.ts";
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

describe("a leak that gets only", () => {
  /** The toy system, on machines that do something else every 90 ms that leaves no event of its own. */
  function doing(act: (env: MachineEnv, runs: number) => void): System {
    let runs = 0;
    return {
      ...toySystem,
      boot(env, plan) {
        if (env.id === "n1") runs++;
        const run = runs;
        if (env.id === "n2") env.clock.interval(90 as never, () => act(env, run));
        return toySystem.boot(env, plan);
      },
    };
  }
  const bytes = (text: string): Uint8Array => new TextEncoder().encode(text);

  const acts: Readonly<Record<string, (env: MachineEnv, runs: number) => void>> = {
    append: ({ disk }, runs) => void disk.append(bytes(`run ${runs % 10}`)),
    replacement: ({ disk }, runs) => void disk.replace([bytes("run "), bytes(`${runs % 10}`)]),
    crashpoint: ({ hooks }, runs) => hooks.crashpoint(`in run ${runs}`),
    detour: ({ hooks }, runs) => void hooks.maybe(`in run ${runs}`),
  };

  test.each(Object.entries(acts))("into a %s is found where it gets there", async (kind, act) => {
    for (const compare of [runTwice, recordTwice]) {
      const { mismatch } = await compare(toyPlan(), { system: doing(act), invariants });
      expect(mismatch?.summary).toMatch(/machines sent or wrote something else: .* at 90 ms on n2$/);
      const { first, second } = mismatch?.divergence ?? {};
      expect(first).toMatchObject({ kind, machine: "n2", timeUs: 90_000 });
      expect(second).toMatchObject({ kind, machine: "n2", timeUs: 90_000 });
      expect(first?.data).not.toEqual(second?.data);
    }
  });

  test.each(Object.entries(acts))("the same into a %s each time is none", async (_, act) => {
    for (const compare of [runTwice, recordTwice]) {
      const system = doing((env) => act(env, 1));
      expect((await compare(toyPlan(), { system, invariants })).mismatch).toBeNull();
    }
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
