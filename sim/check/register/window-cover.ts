import { createTimerQueue, type QueueEntry } from "@phyxius/clock/timer-queue";

/** A closed interval of time. */
export interface Span {
  readonly fromUs: number;
  readonly untilUs: number;
}

/** Windows that do not overlap, and all the sources that reach into any of them: one too few. */
export interface Shortage<Window, Source> {
  readonly windows: readonly Window[];
  readonly sources: readonly Source[];
}

interface Waiting<Source> extends QueueEntry {
  readonly source: Source;
}

/**
 * Each source takes one moment of its span. Can every window have a source in it? O(n log n).
 *
 * Goes through the windows by their ends. A window that has no source yet takes, at the last possible moment,
 * the waiting source that ends first; sources that end before that are taken at their end, where they cost
 * nothing. Taking a source later serves every window that is still open, and the source that is kept back can
 * stand in for the one that was taken, so this finds a way if there is one.
 *
 * @param windows a window with its end before its beginning can have no source
 * @returns null when every window has one
 */
export function findShortage<Window extends Span, Source extends Span>(
  windows: readonly Window[],
  sources: readonly Source[],
): Shortage<Window, Source> | null {
  const byEnd = [...windows].sort((a, b) => a.untilUs - b.untilUs);
  const byBeginning = [...sources].sort((a, b) => a.fromUs - b.fromUs);
  const waiting = createTimerQueue<Waiting<Source>>();
  const taken: { window: Window; source: Source }[] = [];
  let nextSource = 0;
  let latestUs = Number.NEGATIVE_INFINITY;
  for (const window of byEnd) {
    if (latestUs >= window.fromUs) continue;
    for (let source = byBeginning[nextSource]; source !== undefined; source = byBeginning[++nextSource]) {
      if (source.fromUs > window.untilUs) break;
      waiting.push({ source, due: source.untilUs, tie: 0, sequence: 0, place: -1 });
    }
    while ((waiting.peek()?.due ?? Number.POSITIVE_INFINITY) < window.untilUs) {
      latestUs = Math.max(latestUs, waiting.pop()?.due ?? latestUs);
    }
    if (latestUs >= window.fromUs) continue;
    const source = window.fromUs <= window.untilUs ? waiting.pop()?.source : undefined;
    if (source === undefined) return shortage(window, taken);
    taken.push({ window, source });
    latestUs = window.untilUs;
  }
  return null;
}

/**
 * Goes back from the window that was left without a source to those that took the ones it could have had, and
 * on to those that took the ones that these could have had. The windows do not overlap: each was still without
 * a source after the one before had taken its own at its end. And whatever reaches into any of them was taken
 * by one of them: a source that the earlier windows passed over ends later than those they took.
 */
function shortage<Window extends Span, Source extends Span>(
  last: Window,
  taken: readonly { window: Window; source: Source }[],
): Shortage<Window, Source> {
  const windows = [last];
  const sources: Source[] = [];
  if (last.fromUs > last.untilUs) return { windows, sources };
  let reachUs = last.fromUs;
  for (const { window, source } of taken.toReversed()) {
    if (source.untilUs < reachUs) continue;
    windows.push(window);
    sources.push(source);
    reachUs = window.fromUs;
  }
  return { windows: windows.reverse(), sources: sources.reverse() };
}
