import { replay } from "../../sim/trace/replay.ts";
import type { Plan } from "../../sim/run/plan.ts";
import { invariants } from "../../sim/check/index.ts";
import { systems } from "../../sim/systems/index.ts";
import { calmPlan, runPlan } from "./end-to-end.ts";
import { cpuMs, figures, row, type Work } from "./measure.ts";

const ROUNDS = 9;
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
  await runPlan(plan);
  await record(plan);
  for (let round = 0; round < ROUNDS; round++) {
    // Between two runs without, so that a machine that becomes slower or faster does it to both alike.
    const before = await collectedCpuMs(() => runPlan(plan));
    let replayed: Awaited<ReturnType<typeof record>> | null = null;
    const recordedMs = await collectedCpuMs(async () => (replayed = await record(plan)));
    const { events, states } = replayed ?? (await record(plan));
    const after = await collectedCpuMs(() => runPlan(plan));
    ratios.push(recordedMs / ((before + after) / 2));
    eventCount = events.length;
    for (let place = 0; place <= 10; place++) {
      const event = Math.floor((place / 10) * (events.length - 1));
      opens.push(
        await timed(() => plan.cluster.machines.map((machine) => states.after(machine, event)?.describe())),
      );
    }
  }
  print(`A trace of ${eventCount.toLocaleString("en-US")} events`);
  print(row("  CPU time of a recorded run against one without (at most 2.5)", figures(ratios), "", 2));
  print(row("  state of all machines at an event (at most 200)", figures(opens), "ms", 2));
}

function record(plan: Plan) {
  const [system] = systems;
  if (system === undefined) throw new Error("there is no system");
  return replay(plan, { system, invariants });
}

/** CPU time, with nothing of the runs before left to be collected. */
function collectedCpuMs(work: Work): Promise<number> {
  globalThis.gc?.();
  return cpuMs(work);
}

async function timed(work: () => unknown): Promise<number> {
  const startedMs = performance.now();
  await work();
  return performance.now() - startedMs;
}
