import { mixString } from "../kernel/mix.ts";
import type { TraceEvent, TraceSink } from "../kernel/trace-sink.ts";
import { canonicalLine } from "./canonical-line.ts";

/** Some 30 MB: all of any usual run. */
const WINDOW_EVENTS = 50_000;
export const BLOCK_EVENTS = 1024;

/**
 * What a run did, in bounded memory, to be compared with another run: a window of its events, and fingerprints of
 * all others, block by block.
 */
export interface WindowRecording extends TraceSink {
  /** Index of the first event of the window. */
  readonly from: number;
  /** How many events the window may have. */
  readonly size: number;
  readonly events: readonly TraceEvent[];
  /** Fingerprints of each {@link BLOCK_EVENTS} events, those in the window left out. */
  readonly blocks: readonly number[];
  /** Of the whole run. */
  readonly eventCount: number;
}

/**
 * @param from where the window begins
 * @param size how many events it has, more than a block
 */
export function createWindowRecording(from = 0, size = WINDOW_EVENTS): WindowRecording {
  const events: TraceEvent[] = [];
  const blocks: number[] = [];
  let eventCount = 0;
  return {
    from,
    size,
    events,
    blocks,
    get eventCount() {
      return eventCount;
    },
    event(event: TraceEvent) {
      const index = eventCount++;
      if (index >= from && events.length < size) {
        // As it is: its line takes time, and is needed only if the runs are not the same.
        events.push(event);
        return;
      }
      const block = Math.floor(index / BLOCK_EVENTS);
      blocks[block] = mixString(blocks[block] ?? 0, canonicalLine(event));
    },
  };
}
