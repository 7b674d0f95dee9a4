import { fc, test } from "@fast-check/vitest";
import { describe, expect } from "vitest";
import type { TraceEvent } from "../../sim/kernel/trace-sink.ts";
import type { Plan } from "../../sim/run/plan.ts";
import { run } from "../../sim/run/run.ts";
import { createRecording } from "../../sim/trace/recording.ts";
import { toyPlan } from "../support/toy-plan.ts";
import { toySystem } from "../support/toy-system.ts";

/** Independent links, so that a message's journey is its own choices and nothing else. */
function plan(changes: Partial<Plan> = {}): Plan {
  const network = {
    latency: { kind: "exponential", minMs: 0.1, meanMs: 3 },
    loss: 0.1,
    duplicate: 0.1,
    reorder: 1,
  };
  return toyPlan({ network: network as Plan["network"], deadlineMs: 10, ...changes });
}

/** For each operation: what became of its messages, with their delays. */
async function fates(of: Plan): Promise<Map<string, string>> {
  const recording = createRecording();
  await run(of, { system: toySystem, invariants: [], trace: recording });
  const sentUs = new Map<number, number>();
  const byOperation = new Map<string, string[]>();
  for (const event of recording.events) {
    if (event.kind === "net.send") sentUs.set(event.index, event.timeUs);
    const fate = fateOf(event, sentUs.get(event.cause));
    if (fate === null) continue;
    const fates = byOperation.get(event.activity) ?? [];
    fates.push(fate);
    byOperation.set(event.activity, fates);
  }
  return new Map([...byOperation].map(([operation, list]) => [operation, list.toSorted().join(", ")]));
}

function fateOf({ kind, machine, timeUs }: TraceEvent, sentUs: number | undefined): string | null {
  if (kind === "net.drop") return `${machine} lost`;
  if (kind === "net.deliver") return `${machine} after ${timeUs - (sentUs ?? 0)}`;
  return null;
}

describe("choices", () => {
  const full = plan();

  test.prop(
    [
      fc.subarray(
        full.operations.map(({ id }) => id),
        { minLength: 1, maxLength: 30 },
      ),
    ],
    {
      seed: 1,
      numRuns: 50,
    },
  )("of other operations stay as they were when operations are removed", async (removed) => {
    const before = await fates(full);
    const after = await fates(
      plan({ operations: full.operations.filter(({ id }) => !removed.includes(id)) }),
    );
    expect(before.size).toBeGreaterThan(30);
    for (const id of removed) before.delete(id);
    expect(after).toEqual(before);
  });

  test("stay as they were when an idle machine joins", async () => {
    const before = await fates(full);
    const after = await fates(plan({ cluster: { machines: ["n1", "n2", "n3", "n4"], replication: 1 } }));
    expect(after).toEqual(before);
  });

  test("of messages outside a fault stay as they were when the fault is removed", async () => {
    const fault = { kind: "slow" as const, startMs: 200, endMs: 250, machine: "n2", factor: 3 };
    const isOutside = ({ atMs }: { atMs: number }) => atMs < 150 || atMs > 300;
    const outside = new Set(full.operations.filter(isOutside).map(({ id }) => id));
    const keep = (all: Map<string, string>) => [...all].filter(([operation]) => outside.has(operation));
    expect(keep(await fates(plan({ faults: [fault] })))).toEqual(keep(await fates(full)));
  });

  test("can be set by hand, one at a time", async () => {
    const before = await fates(full);
    const after = await fates(plan({ choices: { "net/n2>n1/delay c2#1 0": 0.999 } }));
    const changed = [...before.keys()].filter((operation) => before.get(operation) !== after.get(operation));
    expect(changed).toEqual(["c2#1"]);
  });
});
