/** The harness as a library: everything that is public, in one list. */
export { invariantByName, invariants } from "./check/index.ts";
export type { Chooser, HandSetChoices, Site } from "./kernel/choices.ts";
export type { TraceEvent, TraceSink } from "./kernel/trace-sink.ts";
export { AbortedError, RunawayError } from "./kernel/kernel.ts";
export { NondeterminismError } from "./kernel/tripwire.ts";
export { clocksBeyondSkew } from "./run/clock-band.ts";
export { drawPlan } from "./run/draw-plan.ts";
export type { History, Operation, OperationKind, ResultKind } from "./run/history.ts";
export type { Invariant, RunRecord, Violation } from "./run/invariant.ts";
export { readPlan, readScenario } from "./run/load-file.ts";
export { loadPlan } from "./run/load-plan.ts";
export { loadScenario } from "./run/load-scenario.ts";
export type { Outcome, RunStatistics } from "./run/outcome.ts";
export { type Plan, planSchema } from "./run/plan.ts";
export { run, type RunOptions } from "./run/run.ts";
export type { Scenario } from "./run/scenario.ts";
export type {
  OperationAnswer,
  OperationRequest,
  PolicyCard,
  System,
  SystemNode,
  Tell,
  Told,
} from "./run/system.ts";
export { explain, type ExplainOptions, type Explanation } from "./search/explain.ts";
export { type Fingerprint, fingerprintOf, fingerprintText, isSameFingerprint } from "./search/fingerprint.ts";
export {
  readRegression,
  type RegressionResult,
  replayRegression,
  toRegression,
} from "./search/regressions.ts";
export { shrink, type Shrinking, type ShrinkOptions, type Shrunk } from "./search/shrink.ts";
export { type Mismatch, type RecordedTwice, recordTwice, runTwice, type Twice } from "./search/twice.ts";
export { cacheSystem } from "./systems/cache.ts";
export { systems } from "./systems/index.ts";
export type { Divergence } from "./trace/divergence.ts";
export { createRecording } from "./trace/recording.ts";
export { replay, type Replay } from "./trace/replay.ts";
export { createTraceHash } from "./trace/trace-hash.ts";
export { faultKinds } from "./world/faults/index.ts";
export type { MachineEnv, NetworkPort } from "./world/machine.ts";
