import { describe, expect, test } from "vitest";
import type { Plan } from "../../../sim/run/plan.ts";
import { run } from "../../../sim/run/run.ts";
import { replay } from "../../../sim/trace/replay.ts";
import { toyPlan } from "../../support/toy-plan.ts";
import { toySystem } from "../../support/toy-system.ts";

const options = { system: toySystem, invariants: [] };
const patient = {
  network: { latency: { kind: "constant", ms: 2 }, loss: 0, duplicate: 0, reorder: 0 },
} as const;

/** c1 writes on the primary itself, which is paused for the given time; c2 reads there through n2. */
function paused(startMs: number, endMs: number, changes: Partial<Plan> = {}): Plan {
  return toyPlan({
    ...patient,
    operations: [
      { id: "c1#1", client: "c1", atMs: 100, kind: "set", key: "k", value: "a" },
      { id: "c2#1", client: "c2", atMs: 900, kind: "get", key: "k" },
    ],
    faults: [{ kind: "pause", startMs, endMs, machine: "n1" }],
    phases: { healMs: 850, settleMs: 870, endMs: 1000 },
    ...changes,
  });
}

describe("a client's call to a machine that stands still", () => {
  test("waits, and is answered when the machine goes on", async () => {
    const { record } = await run(paused(90, 300), options);
    expect(record.history[0]).toMatchObject({
      callUs: 100_000,
      takenUs: 300_000,
      returnUs: 300_000,
      result: "ok",
    });
    expect(record.history[1]).not.toHaveProperty("takenUs");
  });

  test("outlasts its client's patience, and is carried out all the same", async () => {
    const { record } = await run(paused(90, 800), options);
    expect(record.history[0]).toMatchObject({
      result: "indeterminate",
      error: "deadline",
      returnUs: 650_000,
      takenUs: 800_000,
    });
    expect(record.history[1]).toMatchObject({ result: "ok", value: "a" });
  });

  test("is lost when the machine dies before it goes on", async () => {
    const faults: Plan["faults"] = [
      { kind: "pause", startMs: 90, endMs: 400, machine: "n1" },
      { kind: "crash", startMs: 200, endMs: 300, machine: "n1" },
    ];
    const { record } = await run(paused(0, 0, { faults }), options);
    expect(record.history[0]).toMatchObject({ result: "indeterminate", error: "crashed", returnUs: 200_000 });
    expect(record.history[0]).not.toHaveProperty("takenUs");
    expect(record.history[1]).toMatchObject({ result: "ok", value: null });
  });

  test("has its place in the trace: how long it waited, and what came of it", async () => {
    const { events } = await replay(paused(90, 300), options);
    const resume = events.find(({ kind }) => kind === "machine.resume");
    expect(resume).toMatchObject({
      machine: "n1",
      timeUs: 300_000,
      activity: "c1#1",
      data: { waitedUs: 200_000 },
    });
    expect(events[resume?.cause ?? -1]).toMatchObject({ kind: "client.call", timeUs: 100_000 });
    expect(events.find(({ kind }) => kind === "client.return")?.cause).toBe(resume?.index);
  });

  test("counts against the machine's own time", async () => {
    const { record } = await run(paused(90, 300), options);
    expect(record.ownTimeUs("n1", 100_000, 650_000)).toBe(350_000);
    expect(record.ownTimeUs("n2", 100_000, 650_000)).toBe(550_000);
  });
});

test("a run whose faults do nothing is the run without them", async () => {
  const calm = await replay(toyPlan(), options);
  const faults: Plan["faults"] = [
    { kind: "clock-offset", startMs: 0, endMs: 600, machine: "n1", offsetMs: 0 },
    { kind: "clock-drift", startMs: 0, endMs: 600, machine: "n1", ppm: 0 },
    { kind: "crash-at", startMs: 0, endMs: 600, machine: "n2", afterEvents: 1_000_000 },
    { kind: "kill-process", startMs: 10, endMs: 600, machine: "n3", process: "any" },
  ];
  const faulty = await replay(toyPlan({ faults }), options);
  const story = ({ events }: typeof calm) =>
    events
      .filter(({ kind }) => !kind.startsWith("fault."))
      .map(({ timeUs, machine, kind, activity, data }) => ({ timeUs, machine, kind, activity, data }));
  expect(story(faulty)).toEqual(story(calm));
});
