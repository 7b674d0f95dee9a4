import { fc, test } from "@fast-check/vitest";
import { describe, expect } from "vitest";
import type { Plan } from "../../sim/run/plan.ts";
import type { System } from "../../sim/run/system.ts";
import { recordedChoices, type RecordedChoice } from "../support/recorded-choices.ts";
import { testAddressableChoices } from "../support/addressable-choices.ts";
import { onePairEach } from "../support/scenario-files.ts";
import { toyPlan } from "../support/toy-plan.ts";
import { toySystem } from "../support/toy-system.ts";

/**
 * The toy system with background work that takes choices of all sorts: every machine asks n1 something now and
 * then, after a random while. Its keys live on n1, wherever that stands in the list of machines.
 */
const chattySystem: System = {
  ...toySystem,
  boot(env, plan) {
    const { clock, network } = env;
    clock.interval(70 as never, () => {
      void clock.sleep((1 + Math.floor(env.random() * 20)) as never).then(() => {
        const question = JSON.stringify({ id: 0, kind: "get", key: "k1" });
        if (env.id !== "n1") network.send("n1", new TextEncoder().encode(question));
      });
    });
    const machines = ["n1", ...plan.cluster.machines.filter((machine) => machine !== "n1")];
    return toySystem.boot(env, { ...plan, cluster: { ...plan.cluster, machines } });
  },
};

/**
 * Independent links, so that a message's journey is its own choices and nothing else, and answers that come before
 * the client's next operation, so that none waits for another.
 */
function plan(changes: Partial<Plan> = {}): Plan {
  const latency = { kind: "uniform", minMs: 0.1, maxMs: 9 } as const;
  return toyPlan({
    network: { latency, loss: 0, duplicate: 0.2, reorder: 1 },
    deadlineMs: 20,
    ...changes,
  });
}

const choicesOf = (changes: Partial<Plan> = {}) => recordedChoices(plan(changes), chattySystem);
const full = plan();
const before = await choicesOf();

/** The choices that have nothing to do with some operations or machines. */
function without(
  choices: ReadonlyMap<string, RecordedChoice>,
  names: readonly string[],
): Map<string, RecordedChoice> {
  const gone = new Set(names);
  return new Map(
    [...choices].filter(([identity]) => !identity.split(/[ />@~]/).some((word) => gone.has(word))),
  );
}

describe("every other choice stays as it was, and is about the same, when the plan is without", () => {
  const ids = full.operations.map(({ id }) => id);

  test.prop([fc.subarray(ids, { minLength: 1 })], { seed: 1, numRuns: 40 })(
    "some operations",
    async (removed) => {
      const operations = full.operations.filter(({ id }) => !removed.includes(id));
      expect(await choicesOf({ operations })).toEqual(without(before, removed));
    },
  );

  test.each(full.clients)("client $id", async ({ id }) => {
    const isOwn = ({ client }: Plan["operations"][number]): boolean => client === id;
    const after = await choicesOf({
      clients: full.clients.filter((client) => client.id !== id),
      operations: full.operations.filter((operation) => !isOwn(operation)),
    });
    const removed = full.operations.filter(isOwn).map((operation) => operation.id);
    expect(removed).toHaveLength(20);
    expect(after).toEqual(without(before, removed));
  });

  const places = fc.record({
    name: fc.constantFrom("n4", "n9", "idle", "a", "zz.top"),
    index: fc.integer({ min: 0, max: 3 }),
  });

  test.prop([places], { seed: 1, numRuns: 20 })(
    "an idle machine, wherever it stood",
    async ({ name, index }) => {
      const machines = full.cluster.machines.toSpliced(index, 0, name);
      const after = await choicesOf({ cluster: { machines, replication: 1 } });
      // It has background work of its own.
      expect(after.size).toBeGreaterThan(before.size);
      expect(without(after, [name])).toEqual(before);
    },
  );

  const window = { startMs: 110, endMs: 130 };
  const faults: readonly Plan["faults"][number][] = [
    { kind: "slow", ...window, machine: "n2", factor: 3 },
    { kind: "crash", ...window, machine: "n2" },
    { kind: "partition", ...window, shape: "halves", left: ["n1"], right: ["n2", "n3"] },
    { kind: "loss", ...window, share: 0.5 },
    { kind: "duplicate", ...window, share: 0.5 },
  ];

  test.each(faults)("a fault ($kind): of what happens before and after it", async (fault) => {
    const around = full.operations.filter(({ atMs }) => atMs >= 100 && atMs <= 250).map(({ id }) => id);
    const clientsOnly = (choices: ReadonlyMap<string, RecordedChoice>) =>
      new Map([...without(choices, around)].filter(([identity]) => / c\d#\d+ /.test(identity)));
    const after = clientsOnly(await choicesOf({ faults: [fault] }));
    expect(after.size).toBeGreaterThan(100);
    expect(after).toEqual(clientsOnly(before));
  });
});

describe("in every scenario", () => {
  testAddressableChoices(onePairEach);
});
