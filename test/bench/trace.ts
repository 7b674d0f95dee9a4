import { replay } from "../../sim/trace/replay.ts";
import type { Plan } from "../../sim/run/plan.ts";
import { invariants } from "../../sim/check/index.ts";
import { systems } from "../../sim/systems/index.ts";
import { calmPlan, runPlan } from "./end-to-end.ts";
import { figures, row } from "./measure.ts";

const ROUNDS = 7;
/** Some 50,000 events in the trace. */
const TIMES = 35;

/**
 * What it costs to record everything (events, their hash, the states of all machines), against the same run without
 * recording; and how long it takes to open the state of a machine at any event.
 */
export async function tracing(print: (line?: string) => void): Promise<void> {
  print();
  const plan = calmPlan("abd", TIMES);
  const ratios: number[] = [];
  const opens: number[] = [];
  let eventCount = 0;
  for (let round = 0; round < ROUNDS; round++) {
    const plainMs = await timed(() => runPlan(plan));
    const startedMs = performance.now();
    const { events, states } = await record(plan);
    ratios.push((performance.now() - startedMs) / plainMs);
    eventCount = events.length;
    for (let place = 0; place <= 10; place++) {
      const event = Math.floor((place / 10) * (events.length - 1));
      opens.push(
        await timed(() => plan.cluster.machines.map((machine) => states.after(machine, event)?.describe())),
      );
    }
  }
  print(`A trace of ${eventCount.toLocaleString("en-US")} events`);
  print(row("  recorded run against the same run without (at most 2.5)", figures(ratios), "", 2));
  print(row("  state of all machines at an event (at most 200)", figures(opens), "ms", 2));
}

function record(plan: Plan) {
  const [system] = systems;
  if (system === undefined) throw new Error("there is no system");
  return replay(plan, { system, invariants });
}

async function timed(work: () => unknown): Promise<number> {
  const startedMs = performance.now();
  await work();
  return performance.now() - startedMs;
}
