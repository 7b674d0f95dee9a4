import { performance } from "node:perf_hooks";
import { AbortedError } from "../kernel/kernel.ts";
import type { TraceEvent, TraceSink } from "../kernel/trace-sink.ts";
import type { Outcome } from "../run/outcome.ts";
import type { Plan } from "../run/plan.ts";
import { run, type RunOptions } from "../run/run.ts";
import { createWitness, type Testimony, type Witness } from "../run/witness.ts";
import { type Divergence, findDivergence } from "../trace/divergence.ts";
import { machinesByLane } from "../world/lanes.ts";
import { createWindowRecording, type WindowRecording } from "../trace/window-recording.ts";
import { teeSinks } from "../trace/recording.ts";
import { createTraceHash } from "../trace/trace-hash.ts";

/**
 * Running a plan twice and comparing: what no tripwire can catch (a random function taken before the run, a counter
 * that survives it) shows as a difference between two runs of one plan.
 */

/** How a run ended: with an outcome, or with an error. */
export type Ending = { readonly elapsedMs: number } & (
  | { readonly outcome: Outcome; readonly testimony: Testimony; readonly error: null }
  | { readonly outcome: null; readonly testimony: null; readonly error: Error }
);

/** Two runs of one plan were not the same. Plain data. */
export interface Mismatch {
  /** In one sentence. */
  readonly summary: string;
  /** Null when no two recorded runs were seen to differ. */
  readonly divergence: Divergence | null;
}

export interface Twice {
  readonly first: Ending;
  readonly second: Ending;
  /** Null when nothing was different. */
  readonly mismatch: Mismatch | null;
}

/**
 * Runs a plan once recorded and once not, so that recording is seen to change nothing either, and compares all that
 * machines sent and wrote and all that came of it. If anything differs, some more runs find the first event that
 * does.
 *
 * @throws AbortedError when it is stopped
 */
export async function runTwice(plan: Plan, options: RunOptions): Promise<Twice> {
  const recording = createWindowRecording();
  const first = await runToItsEnd(plan, options, recording);
  const second = await runToItsEnd(plan, options);
  const difference = differenceOf(first, second);
  if (difference === null) return { first, second, mismatch: null };

  const mismatch = await locate(plan, options, recording);
  if (mismatch !== null) return { first, second, mismatch };
  const isRecordingToBlame = differenceOf(second, await runToItsEnd(plan, options)) === null;
  const why = isRecordingToBlame
    ? "recording makes the difference: all recorded runs are alike, and so are all others"
    : COMES_AND_GOES;
  return { first, second, mismatch: unlocated(difference, why) };
}

export interface RecordedTwice {
  /** Of the first run. */
  readonly eventCount: number;
  /** Of the first run; SHA-256 as in {@link createTraceHash}. */
  readonly traceHash: string;
  readonly mismatch: Mismatch | null;
}

/** Runs a plan twice, both times recorded, and compares event by event. Otherwise like {@link runTwice}. */
export async function recordTwice(plan: Plan, options: RunOptions): Promise<RecordedTwice> {
  const [first, second] = [createRecorder(), createRecorder()];
  const endings = [
    await runToItsEnd(plan, options, first.sink),
    await runToItsEnd(plan, options, second.sink),
  ] as const;
  const [traceHash, secondHash] = [first.hash.digest(), second.hash.digest()];
  const { eventCount } = first.recording;
  const isSameTrace = traceHash === secondHash;
  const difference = differenceOf(...endings) ?? (isSameTrace ? null : "they left different traces");
  if (difference === null) return { eventCount, traceHash, mismatch: null };

  const mismatch = await locate(plan, options, first.recording, second.recording);
  return { eventCount, traceHash, mismatch: mismatch ?? unlocated(difference, COMES_AND_GOES) };
}

function createRecorder() {
  const recording = createWindowRecording();
  const hash = createTraceHash();
  return { recording, hash, sink: teeSinks(recording, hash) };
}

const COMES_AND_GOES = "more recorded runs were alike, so it comes and goes";

/** Finds where two runs part: in an event, or else in what a machine gave away, or in a turn that leaves none. */
async function locate(
  plan: Plan,
  options: RunOptions,
  first: WindowRecording,
  second: WindowRecording | null = null,
): Promise<Mismatch | null> {
  const record = (recording: WindowRecording) => runToItsEnd(plan, options, recording);
  const divergence = await findDivergence(first, record, second);
  if (divergence !== null) {
    const { commonCount } = divergence;
    return located(divergence, `${commonCount} events in common and differ from event #${commonCount} on`);
  }
  const recordSteps = (steps: WindowRecording) => runToItsEnd(plan, options, stepSink(plan, steps));
  const step = await findAnew(recordSteps);
  if (step !== null) {
    const what =
      `the same events but do not run the same: they differ from step #${step.commonCount} of the kernel on, ` +
      "a timer or an arrival that leaves no event";
    return located(step, what);
  }
  const sighting = await findAnew((sightings) => {
    const { sink, witness } = sightingRecorder(sightings);
    return runToItsEnd(plan, options, sink, witness);
  });
  if (sighting === null) return null;
  const what =
    "the same events at the same times, but machines sent or wrote something else: they differ from sighting " +
    `#${sighting.commonCount} on`;
  return located(sighting, what);
}

/** The same for runs of which none is recorded yet. */
async function findAnew(
  record: (recording: WindowRecording) => Promise<unknown>,
): Promise<Divergence | null> {
  const first = createWindowRecording();
  await record(first);
  return findDivergence(first, record);
}

/** Records what the kernel runs as if these were events. */
function stepSink(plan: Plan, recording: WindowRecording): TraceSink {
  const machineAt = machinesByLane(plan.cluster.machines);
  return {
    event() {},
    step({ timeUs, lane, activity }) {
      const machine = machineAt(lane);
      const index = recording.eventCount;
      recording.event({ index, timeUs, machine, kind: "step", cause: -1, activity, data: null });
    },
  };
}

/** Records what machines give away as if these were events. */
function sightingRecorder(recording: WindowRecording): { sink: TraceSink; witness: Witness } {
  let now = { timeUs: 0, activity: "" };
  const witness = createWitness(({ machine, kind, data }) => {
    recording.event({ index: recording.eventCount, ...now, machine, kind, cause: -1, data });
  });
  const sink: TraceSink = {
    event() {},
    step({ timeUs, activity }) {
      now = { timeUs, activity };
    },
  };
  return { sink, witness };
}

function located(divergence: Divergence, what: string): Mismatch {
  const { timeUs, machine } = (divergence.first ?? divergence.second) as TraceEvent;
  const where = machine === null ? "" : ` on ${machine}`;
  const summary = `two runs of the same plan have ${what}, at ${timeUs / 1000} ms${where}`;
  return { summary, divergence };
}

function unlocated(difference: string, why: string): Mismatch {
  return { summary: `two runs of the same plan are not the same: ${difference}; ${why}`, divergence: null };
}

async function runToItsEnd(
  plan: Plan,
  options: RunOptions,
  trace?: TraceSink,
  witness = createWitness(),
): Promise<Ending> {
  const startedMs = performance.now();
  const elapsed = (): number => performance.now() - startedMs;
  try {
    const outcome = await run(plan, { ...options, trace, witness });
    return { elapsedMs: elapsed(), outcome, testimony: witness.testify(outcome), error: null };
  } catch (error) {
    if (error instanceof AbortedError) throw error;
    const cause = error instanceof Error ? error : new Error(String(error));
    return { elapsedMs: elapsed(), outcome: null, testimony: null, error: cause };
  }
}

/** What is different in two runs, in words; null when nothing is. */
function differenceOf(a: Ending, b: Ending): string | null {
  if (a.error !== null || b.error !== null) {
    const [first, second] = [endText(a), endText(b)];
    return first === second ? null : `the first ${first}, the second ${second}`;
  }
  const [first, second] = [a.testimony, b.testimony];
  if (first.digest !== second.digest) return `they have the digests ${first.digest} and ${second.digest}`;
  if (first.seen !== second.seen) {
    return "the same happened at the same times, but machines sent or wrote something else";
  }
  return first.results === second.results
    ? null
    : "machines did the same, but clients or checks came to other results";
}

function endText({ error }: Ending): string {
  return error === null ? "came to its end" : `ended with ${error.name}: ${error.message}`;
}
