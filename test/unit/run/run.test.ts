import { describe, expect, test } from "vitest";
import type { Chooser } from "../../../sim/kernel/choices.ts";
import { NondeterminismError } from "../../../sim/kernel/tripwire.ts";
import type { Plan } from "../../../sim/run/plan.ts";
import { run } from "../../../sim/run/run.ts";
import type { System, SystemNode } from "../../../sim/run/system.ts";
import { createRecording } from "../../../sim/trace/recording.ts";
import { replay } from "../../../sim/trace/replay.ts";
import type { MachineEnv } from "../../../sim/world/machine.ts";
import { toyPlan } from "../../support/toy-plan.ts";
import { toySystem } from "../../support/toy-system.ts";

const options = { system: toySystem, invariants: [] };

/** The toy system, but what a node does with a request is up to the test. */
function systemThat(perform: (env: MachineEnv) => SystemNode["perform"]): System {
  return { ...toySystem, boot: (env) => ({ perform: perform(env), replicas: () => [] }) };
}

const answer = { result: "ok", value: null, error: null } as const;

function oneOperation(changes: Partial<Plan> = {}): Plan {
  return toyPlan({
    operations: [{ id: "c2#1", client: "c2", atMs: 10, kind: "get", key: "k" }],
    ...changes,
  });
}

describe("a run", () => {
  test("answers every operation of a calm plan", async () => {
    const outcome = await run(toyPlan(), options);
    expect(outcome.statistics.operations).toEqual({ total: 60, ok: 60, fail: 0, indeterminate: 0 });
    expect(outcome.statistics.virtualMs).toBe(1000);
    expect(outcome.record.rejections).toEqual([]);
  });

  test("is a pure function of its plan, with and without tracing", async () => {
    const first = await run(toyPlan(), options);
    const trace = createRecording();
    const second = await run(toyPlan(), { ...options, trace });
    expect(second.digest).toBe(first.digest);
    expect(second.record.history).toEqual(first.record.history);
    expect(trace.events.length).toBeGreaterThan(200);
    expect((await run(toyPlan({ seed: 2 }), options)).digest).not.toBe(first.digest);
  });

  test("leaves nothing behind: another run in between, or at the same time, changes nothing", async () => {
    const faults: Plan["faults"] = [{ kind: "crash", startMs: 100, endMs: 300, machine: "n1" }];
    const alone = await replay(toyPlan(), options);
    await run(toyPlan({ seed: 9, faults }), options);
    const after = await replay(toyPlan(), options);
    const [besides] = await Promise.all([replay(toyPlan(), options), replay(toyPlan({ faults }), options)]);
    expect(after.traceHash).toBe(alone.traceHash);
    expect(besides.traceHash).toBe(alone.traceHash);
  });

  test("gives every event the event that caused it", async () => {
    const { events } = await replay(oneOperation(), options);
    const story = ["client.return"];
    let index = events.find(({ kind }) => kind === "client.return")?.cause ?? -1;
    while (index >= 0) {
      const event = events[index];
      story.unshift(event?.kind ?? "?");
      index = event?.cause ?? -1;
    }
    expect(story).toEqual([
      "client.call",
      "net.send",
      "net.deliver",
      "net.send",
      "net.deliver",
      "client.return",
    ]);
  });
});

test("a fault that ends at the moment at which it begins does end", async () => {
  const instants = Array.from({ length: 20 }, (_, i) => 100 + i * 20);
  const faults = instants.flatMap((at): Plan["faults"] => [
    { kind: "crash", startMs: at, endMs: at, machine: "n3" },
    { kind: "pause", startMs: at, endMs: at, machine: "n2" },
  ]);
  const { record } = await run(toyPlan({ faults }), options);
  expect(record.machines.map(({ isUp, incarnation }) => [isUp, incarnation])).toEqual([
    [true, 1],
    [true, 1],
    [true, 21],
  ]);
  expect(record.ownTimeUs("n2", 0, 1_000_000)).toBe(1_000_000);
});

describe("choices set by hand", () => {
  const given = {
    "net/n2>n1/delay c2#1 0": 0.5,
    "net/n1>n2/delay c2#1 0": 0.999,
    "net/n2>n1/dealy c2#1 0": 0.5,
    "net/n1>n2/delay c2#1 1": 0.5,
  };

  test("are named when the run had no such choice", async () => {
    const { choices } = await run(oneOperation({ choices: given }), options);
    expect(choices).toEqual({
      appliedCount: 2,
      notApplied: ["net/n2>n1/dealy c2#1 0", "net/n1>n2/delay c2#1 1"],
    });
  });

  test("are none in most plans", async () => {
    expect((await run(oneOperation(), options)).choices).toEqual({ appliedCount: 0, notApplied: [] });
  });

  test("take part in runs whose choices are taken by somebody else", async () => {
    const asked: number[] = [];
    const chooser = (usual: Chooser): Chooser => ({
      quantile(site, cause, ordinal) {
        asked.push(usual.quantile(site, cause, ordinal));
        return 0;
      },
    });
    const { record } = await run(oneOperation({ choices: given }), { ...options, chooser });
    expect(asked).toContain(0.999);
    // Always the mildest: the lognormal delay at its least.
    expect(record.history[0]?.returnUs).toBeLessThan(11_000);
  });
});

describe("clients", () => {
  test("give up after the deadline and their patience, and the late answer changes nothing", async () => {
    const slow = systemThat((env) => async () => {
      await env.clock.sleep(700 as never);
      return answer;
    });
    const { record } = await run(oneOperation(), { ...options, system: slow });
    expect(record.history).toMatchObject([
      { id: "c2#1", result: "indeterminate", error: "deadline", callUs: 10_000, returnUs: 560_000 },
    ]);
  });

  test("lose their answer when the machine crashes, at that moment", async () => {
    const never = systemThat(() => () => new Promise(() => {}));
    const faults: Plan["faults"] = [{ kind: "crash", startMs: 100, endMs: 300, machine: "n2" }];
    const { record } = await run(oneOperation({ faults }), { ...options, system: never });
    expect(record.history).toMatchObject([{ result: "indeterminate", error: "crashed", returnUs: 100_000 }]);
    expect(record.crashedAtUs).toEqual(new Map([["n2@1", 100_000]]));
  });

  test("go to the next machine that is up", async () => {
    const faults: Plan["faults"] = [
      { kind: "crash", startMs: 5, endMs: 300, machine: "n2" },
      { kind: "crash", startMs: 5, endMs: 300, machine: "n3" },
    ];
    const { record } = await run(oneOperation({ faults }), options);
    expect(record.history).toMatchObject([{ machine: "n1", result: "ok" }]);
  });

  test("are refused when no machine is up", async () => {
    const faults: Plan["faults"] = ["n1", "n2", "n3"].map((machine) => ({
      kind: "crash" as const,
      startMs: 5,
      endMs: 300,
      machine,
    }));
    const { record } = await run(oneOperation({ faults }), options);
    expect(record.history).toMatchObject([{ machine: "none", result: "fail", error: "refused" }]);
  });

  test("send one operation at a time: the next waits for the one before", async () => {
    const slow = systemThat((env) => async () => {
      await env.clock.sleep(100 as never);
      return answer;
    });
    const operations = [1, 2, 3].map((n) => ({
      id: `c1#${n}`,
      client: "c1",
      atMs: n * 10,
      kind: "get" as const,
      key: "k",
    }));
    const { record } = await run(toyPlan({ operations }), { ...options, system: slow });
    expect(record.history.map(({ callUs, returnUs }) => [callUs, returnUs])).toEqual([
      [10_000, 110_000],
      [110_000, 210_000],
      [210_000, 310_000],
    ]);
  });

  test("keep an operation that is still open when the run ends", async () => {
    const never = systemThat(() => () => new Promise(() => {}));
    const plan = oneOperation({ phases: { healMs: 20, settleMs: 30, endMs: 40 } });
    const { record } = await run(plan, { ...options, system: never });
    expect(record.history).toMatchObject([{ result: "indeterminate", error: "open", returnUs: Infinity }]);
  });
});

describe("a system that misbehaves", () => {
  test("by asking the real clock fails the run, which names machine, file and line", async () => {
    const leaky = systemThat(() => async () => {
      try {
        Date.now();
      } catch {
        // A system may swallow the error; the run must fail all the same.
      }
      return answer;
    });
    const error = await run(oneOperation(), { ...options, system: leaky }).catch((caught: unknown) => caught);
    expect(error).toBeInstanceOf(NondeterminismError);
    expect(String(error)).toMatch(/Date\.now was used .* at .*run\.test\.ts:\d+:\d+ by n2/);
    expect(Date.now()).toBeGreaterThan(0);
  });

  test("by a rejection that nobody handles is found out", async () => {
    const careless = systemThat(() => async () => {
      void Promise.reject(new Error("forgotten"));
      return answer;
    });
    const { record } = await run(oneOperation(), { ...options, system: careless });
    expect(record.rejections).toEqual([{ machine: null, message: "unhandled rejection: Error: forgotten" }]);
  });

  test("by throwing in a callback is found out, and the run goes on", async () => {
    const throwing = systemThat((env) => async () => {
      env.clock.interval(5 as never, () => {
        throw new Error("in a timer");
      });
      return answer;
    });
    const plan = oneOperation({ phases: { healMs: 20, settleMs: 22, endMs: 22 } });
    const { record } = await run(plan, { ...options, system: throwing });
    expect(record.rejections).toEqual([
      { machine: "n2", message: "uncaught: Error: in a timer" },
      { machine: "n2", message: "uncaught: Error: in a timer" },
    ]);
  });
});
