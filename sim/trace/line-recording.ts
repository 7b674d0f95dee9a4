import { mixString } from "../kernel/mix.ts";
import type { TraceEvent, TraceSink } from "../kernel/trace-sink.ts";
import { canonicalLine } from "./canonical-line.ts";

/** Some 30 MB of lines: all of any usual run. */
const LINES_MAX = 100_000;
export const BLOCK_EVENTS = 1024;

/**
 * What a run did, in bounded memory, to be compared with another run: the lines of a window of events, and a
 * fingerprint of each block of them.
 */
export interface LineRecording extends TraceSink {
  /** Index of the first event of the window. */
  readonly from: number;
  /** How many it may have. */
  readonly linesMax: number;
  readonly lines: readonly string[];
  /** Of each {@link BLOCK_EVENTS} events, from the first event of the run to the last. */
  readonly blocks: readonly number[];
  readonly eventCount: number;
}

/**
 * @param from where the window begins
 * @param linesMax how many events it has, more than a block
 */
export function createLineRecording(from = 0, linesMax = LINES_MAX): LineRecording {
  const lines: string[] = [];
  const blocks: number[] = [];
  let eventCount = 0;
  return {
    from,
    linesMax,
    lines,
    blocks,
    get eventCount() {
      return eventCount;
    },
    event(event: TraceEvent) {
      const line = canonicalLine(event);
      const block = Math.floor(eventCount / BLOCK_EVENTS);
      blocks[block] = mixString(blocks[block] ?? 0, line);
      if (eventCount >= from && lines.length < linesMax) lines.push(line);
      eventCount++;
    },
  };
}
