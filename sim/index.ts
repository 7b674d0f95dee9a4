/** The harness as a library: everything that is public, in one list. */
export { checkBytes, type CheckBytesOptions, type CheckedHistory } from "./check/check-bytes.ts";
export {
  checkHistory,
  type CheckHistoryOptions,
  type HistoryFinding,
  type HistoryReport,
  type HistoryVerdict,
} from "./check/check-history.ts";
export { type Dialect, type HistoryFormat, historyFormats } from "./check/formats/history-format.ts";
export type { Data, RecordedHistory, RecordedOperation } from "./check/formats/recorded-history.ts";
export { recordedRun } from "./check/formats/recorded-run.ts";
export { type HistoryWriter, historyWriters } from "./check/formats/write-history.ts";
export { invariantByName, invariants } from "./check/index.ts";
export type { Figure } from "./check/measures/figure.ts";
export { measureByName, measures } from "./check/measures/index.ts";
export { estimate, type Measure } from "./check/measures/measure.ts";
export type { Call } from "./check/models/call.ts";
export { models } from "./check/models/index.ts";
export { defineModel, type Model, type ModelSpec } from "./check/models/model.ts";
export { measureStaleness, type Staleness, type StaleRead } from "./check/register/register-staleness.ts";
export type { Chooser, HandSetChoices, Site } from "./kernel/choices.ts";
export type { TraceEvent, TraceSink } from "./kernel/trace-sink.ts";
export { AbortedError, RunawayError } from "./kernel/kernel.ts";
export { NondeterminismError } from "./kernel/tripwire.ts";
export { clocksBeyondSkew } from "./run/clock-band.ts";
export { drawPlan } from "./run/draw/draw-plan.ts";
export type { History, Operation, OperationKind, ResultKind } from "./run/history.ts";
export type { Invariant, RunRecord, Violation } from "./run/invariant.ts";
export type { OwnInvariant, OwnViolation } from "./run/invariant-file.ts";
export { readPlan, readScenario } from "./run/load/load-file.ts";
export { loadPlan } from "./run/load/load-plan.ts";
export { createRecordingReader, type RecordingReader } from "./search/recordings.ts";
export { RecordingError } from "./run/recorded/recording.ts";
export { loadScenario } from "./run/load/load-scenario.ts";
export type { Outcome, RunStatistics } from "./run/outcome.ts";
export { type Plan, planSchema } from "./run/plan.ts";
export { run, type RunOptions, type StateOf } from "./run/run.ts";
export type { Scenario } from "./run/scenario/scenario.ts";
export type {
  OperationAnswer,
  OperationRequest,
  PolicyCard,
  Snapshot,
  System,
  SystemNode,
  Tell,
  Told,
} from "./run/system.ts";
export type { Explanation } from "./report/explanation.ts";
export { exportLines } from "./report/export/index.ts";
export type { ExportKind } from "./report/export/kinds.ts";
export { htmlPage, type PageOptions } from "./report/html/index.ts";
export { explain, type ExplainOptions, type Explanation as FailureExplanation } from "./search/explain.ts";
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
export { createStateRecording, type StateChange, type States } from "./trace/state-recording.ts";
export { type LoadedTrace, loadTrace } from "./trace/load-trace.ts";
export { readTrace } from "./trace/read-trace.ts";
export { createTraceHash } from "./trace/trace-hash.ts";
export { faultKinds } from "./world/faults/index.ts";
export type { MachineEnv, NetworkPort } from "./world/machine.ts";
