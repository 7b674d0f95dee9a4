import type { TraceEvent } from "../kernel/trace-sink.ts";
import { BLOCK_EVENTS, createLineRecording, type LineRecording } from "./line-recording.ts";

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
export function compareRecordings(first: LineRecording, second: LineRecording): Parting {
  const blockCount = Math.max(first.blocks.length, second.blocks.length);
  let block = 0;
  while (block < blockCount && first.blocks[block] === second.blocks[block]) block++;
  // Of a block that is shorter in one run the fingerprints differ as well.
  if (block === blockCount) return { kind: "nowhere" };
  const blockStart = block * BLOCK_EVENTS;
  for (let index = Math.max(blockStart, first.from); index < blockStart + BLOCK_EVENTS; index++) {
    const [a, b] = [first, second].map(({ lines, from }) => lines[index - from]);
    if (a === b && a !== undefined) continue;
    const isShown = (recording: LineRecording, line: string | undefined): boolean =>
      line !== undefined || index >= recording.eventCount;
    if (blockStart < first.from || !isShown(first, a) || !isShown(second, b)) break;
    const offset = index - first.from;
    return {
      kind: "at",
      divergence: {
        commonCount: index,
        before: first.lines.slice(Math.max(0, offset - BEFORE_MAX), offset).map(eventOf),
        first: a === undefined ? null : eventOf(a),
        second: b === undefined ? null : eventOf(b),
      },
    };
  }
  return { kind: "near", from: Math.max(0, blockStart - BEFORE_MAX) };
}

function eventOf(line: string): TraceEvent {
  return JSON.parse(line) as TraceEvent;
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
  first: LineRecording,
  record: (recording: LineRecording) => Promise<unknown>,
  second: LineRecording | null = null,
): Promise<Divergence | null> {
  const { linesMax } = first;
  let left = first;
  let right = second;
  for (let pair = 0; pair < PAIRS_MAX; pair++) {
    if (right === null) {
      right = createLineRecording(left.from, linesMax);
      await record(right);
    }
    const parting = compareRecordings(left, right);
    if (parting.kind === "at") return parting.divergence;
    if (parting.kind === "near") {
      left = createLineRecording(parting.from, linesMax);
      await record(left);
    }
    right = null;
  }
  return null;
}
