import { describe, expect, test } from "vitest";
import { run } from "../../../sim/run/run.ts";
import { createRecording } from "../../../sim/trace/recording.ts";
import { toyPlan } from "../../support/toy-plan.ts";
import { toySystem } from "../../support/toy-system.ts";

const options = { system: toySystem, invariants: [] };

describe("a run", () => {
  test("answers every operation of a calm plan", async () => {
    const outcome = await run(toyPlan(), options);
    expect(outcome.statistics.operations).toEqual({ total: 60, ok: 60, fail: 0, indeterminate: 0 });
    expect(outcome.statistics.virtualMs).toBe(1000);
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
});
