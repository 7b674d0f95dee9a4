import type { TraceEvent } from "../kernel/trace-sink.ts";
import type { Outcome } from "../run/outcome.ts";
import type { Plan } from "../run/plan.ts";
import { run, type RunOptions } from "../run/run.ts";
import { createRecording, teeSinks } from "./recording.ts";
import { createStateRecording, type States } from "./state-recording.ts";
import { createTraceHash } from "./trace-hash.ts";

export interface Replay {
  readonly outcome: Outcome;
  /** SHA-256 over the canonical trace: equal on every machine and every Node version. */
  readonly traceHash: string;
  readonly events: readonly TraceEvent[];
  /** The state of every machine after every event. */
  readonly states: States;
}

/** Runs a plan again with everything recorded. */
export async function replay(plan: Plan, options: Omit<RunOptions, "trace" | "states">): Promise<Replay> {
  const recording = createRecording();
  const hash = createTraceHash();
  const recorder = createStateRecording(plan.cluster.machines);
  const trace = teeSinks(recording, hash, recorder);
  const outcome = await run(plan, { ...options, trace, states: recorder.watch });
  recorder.finish();
  return { outcome, traceHash: hash.digest(), events: recording.events, states: recorder.states };
}
