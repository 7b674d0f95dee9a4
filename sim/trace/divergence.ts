import type { TraceEvent } from "../kernel/trace-sink.ts";
import { canonicalLine } from "./canonical-line.ts";
import { BLOCK_EVENTS, createWindowRecording, type WindowRecording } from "./window-recording.ts";

/** The first place where two runs of one plan differ. Plain data, so that it can be sent and stored. */
export interface Divergence {
  /** How many events both runs have in common, from the start. */
  readonly commonCount: number;
  /** The last few of them. */
  readonly before: readonly TraceEvent[];
  /** The event of each run that follows, of which something is different; null where a run had ended. */
  readonly first: TraceEvent | null;
  readonly second: TraceEvent | null;
}

/** Events shown before the first that differs. */
const BEFORE_MAX = 5;
/** With a leak each run may be different anew, so each pair may differ at another place. */
const PAIRS_MAX = 6;

/** Where two recordings part: nowhere, at a place that both show, or after `from`, where they do not. */
type Parting =
  | { readonly kind: "nowhere" }
  | { readonly kind: "at"; readonly divergence: Divergence }
  | { readonly kind: "near"; readonly from: number };

/** @param second recorded with the same window as `first` */
export function compareRecordings(first: WindowRecording, second: WindowRecording): Parting {
  const block = firstDifference(first.blocks, second.blocks);
  const blockStart = block * BLOCK_EVENTS;
  const near: Parting = { kind: "near", from: Math.max(0, blockStart - BEFORE_MAX) };
  if (block >= 0 && blockStart < first.from) return near;
  const offset = firstDifference(
    first.events,
    second.events,
    (a, b) => canonicalLine(a) === canonicalLine(b),
  );
  if (offset < 0) return block < 0 ? { kind: "nowhere" } : near;
  // The window goes on without a gap, so where it has no event the run had ended.
  const at = ({ events: { [offset]: event } }: WindowRecording) =>
    event === undefined ? null : plain(event);
  return {
    kind: "at",
    divergence: {
      commonCount: first.from + offset,
      before: first.events.slice(Math.max(0, offset - BEFORE_MAX), offset).map(plain),
      first: at(first),
      second: at(second),
    },
  };
}

/** @returns -1 when there is none */
function firstDifference<T>(
  a: readonly T[],
  b: readonly T[],
  isSame: (x: T, y: T) => boolean = (x, y) => x === y,
): number {
  const length = Math.max(a.length, b.length);
  for (let i = 0; i < length; i++) {
    const [x, y] = [a[i], b[i]];
    if (x === undefined || y === undefined ? x !== y : !isSame(x, y)) return i;
  }
  return -1;
}

/** Data of any kind as its line has it. */
function plain(event: TraceEvent): TraceEvent {
  return JSON.parse(canonicalLine(event)) as TraceEvent;
}

/**
 * Compares runs of one plan, two by two, until two of them are seen to part. What is shown comes from two runs that
 * really happened, never from different pairs.
 *
 * @param first a run that was recorded already, from its first event on
 * @param record makes another run
 * @param second another that was recorded already
 * @returns null when all further runs were like the first
 */
export async function findDivergence(
  first: WindowRecording,
  record: (recording: WindowRecording) => Promise<unknown>,
  second: WindowRecording | null = null,
): Promise<Divergence | null> {
  const { size } = first;
  let left = first;
  let right = second;
  for (let pair = 0; pair < PAIRS_MAX; pair++) {
    if (right === null) {
      right = createWindowRecording(left.from, size);
      await record(right);
    }
    const parting = compareRecordings(left, right);
    if (parting.kind === "at") return parting.divergence;
    if (parting.kind === "near") {
      left = createWindowRecording(parting.from, size);
      await record(left);
    }
    right = null;
  }
  return null;
}
