import { describe, expect, test } from "vitest";
import { run, type StateOf } from "../../../sim/run/run.ts";
import type { Snapshot } from "../../../sim/run/system.ts";
import { cacheSystem } from "../../../sim/systems/cache.ts";
import { teeSinks } from "../../../sim/trace/recording.ts";
import { createStateRecording } from "../../../sim/trace/state-recording.ts";
import { cachePlan, replayCache } from "../../support/cache-plan.ts";

const plan = cachePlan({
  operations: [
    { id: "c1#1", client: "c1", atMs: 10, kind: "set", key: "k", value: "a" },
    { id: "c2#1", client: "c2", atMs: 500, kind: "set", key: "k", value: "b", ttlMs: 300 },
    { id: "c3#1", client: "c3", atMs: 620, kind: "get", key: "k" },
    { id: "c1#2", client: "c1", atMs: 2000, kind: "delete", key: "k" },
  ],
  faults: [
    { kind: "crash", machine: "n3", startMs: 505, endMs: 600 },
    { kind: "pause", machine: "n2", startMs: 1995, endMs: 2100 },
  ],
});

describe("the states of a run", () => {
  test("are those that looking at every machine before every event gives", async () => {
    const { machines } = plan.cluster;
    const recorder = createStateRecording(machines);
    const seen: (Snapshot | null)[][] = [];
    let look: StateOf = () => null;
    const looker = {
      event() {
        seen.push(machines.map((machine) => look(machine)));
      },
    };
    await run(plan, {
      system: cacheSystem,
      invariants: [],
      trace: teeSinks(looker, recorder),
      states(given) {
        look = given;
        recorder.watch(given);
      },
    });
    recorder.finish();
    expect(seen.length).toBeGreaterThan(100);
    for (const [index, snapshots] of seen.entries()) {
      const recorded = machines.map((machine) => recorder.states.after(machine, index - 1));
      expect(recorded.every((snapshot, lane) => snapshot === snapshots[lane])).toBe(true);
    }
    const down = seen.filter((snapshots) => snapshots[2] === null);
    expect(down.length).toBeGreaterThan(0);
    expect(down.length).toBeLessThan(seen.length / 2);
  });

  test("show what a message changed", async () => {
    const { events, states } = await replayCache(plan);
    const store = events.find(
      ({ kind, machine, data }) =>
        kind === "net.deliver" && machine === "n2" && JSON.stringify(data).includes('"store"'),
    );
    const at = store?.index ?? Number.NaN;
    expect(states.after("n2", at - 1)?.describe()).toMatchObject({ records: {} });
    expect(states.after("n2", at)?.describe()).toMatchObject({
      records: { k: { value: "a", version: "1.n1@1" } },
    });
    expect(states.after("n2", events.length)?.describe()).toMatchObject({
      records: { k: { value: null } },
    });
  });

  test("are plain data that nothing later changes", async () => {
    const { events, states } = await replayCache(plan);
    const last = states.after("n1", events.length)?.describe();
    expect(JSON.parse(JSON.stringify(last))).toEqual(last);
    const changes = states.changes("n1").map(({ event }) => event);
    expect(changes).toEqual([...new Set(changes)].sort((a, b) => a - b));
    expect(changes.length).toBeGreaterThan(5);
  });

  test("of a system that offers none are nothing", async () => {
    const recorder = createStateRecording(plan.cluster.machines);
    await run(plan, {
      system: { ...cacheSystem, boot: (...args) => withoutSnapshot(cacheSystem.boot(...args)) },
      invariants: [],
      trace: recorder,
      states: recorder.watch,
    });
    recorder.finish();
    expect(recorder.states.changes("n1")).toEqual([]);
    expect(recorder.states.after("n1", 10)).toBeNull();
  });
});

function withoutSnapshot(node: ReturnType<typeof cacheSystem.boot>): ReturnType<typeof cacheSystem.boot> {
  return { perform: (request) => node.perform(request), replicas: () => node.replicas() };
}
