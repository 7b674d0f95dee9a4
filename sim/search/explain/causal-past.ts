import type { TraceEvent } from "../../kernel/trace-sink.ts";
import type { Violation } from "../../run/invariant.ts";

/** One step on the way to a failure. */
export interface StoryStep {
  /** Index of the event in the trace, which shows that it is true. */
  readonly event: number;
  readonly timeUs: number;
  readonly machine: string | null;
  readonly kind: string;
  /** The operation or background work that it belongs to. */
  readonly activity: string;
  readonly data: unknown;
  /** Of an operation's end: the other machines that a message of it had reached by then. */
  readonly reached: readonly string[] | null;
}

/**
 * The past of a violation: what the operations of its certificate did until the last of them ended, whatever caused
 * that, what got lost on the way, and the faults that had begun. In the order of time.
 *
 * Every event has one cause, so its past is a chain. It ends at the call of an operation: that an earlier one of the same
 * client had to end first tells nothing. Messages that never arrived are in nobody's past, and yet the
 * reason of most failures: they belong to the story when whoever sent them does. If no operation has to do with it,
 * as when machines are wrong about each other, they belong to it whoever sent them.
 *
 * @param alsoNecessary operations without which it would not fail, though they are not in its certificate
 */
export function causalPast(
  events: readonly TraceEvent[],
  violation: Violation,
  alsoNecessary: readonly string[] = [],
): StoryStep[] {
  const own = new Set([...ownActivities(events, violation), ...alsoNecessary]);
  const last = events.findLast(({ kind, activity }) => kind === "client.return" && own.has(activity));
  const end = violation.operations.length === 0 ? events.length - 1 : (last?.index ?? events.length - 1);
  const wanted = new Set<number>();
  for (const event of events.slice(0, end + 1)) {
    const { index, kind, activity } = event;
    if (own.has(activity)) wanted.add(index);
    else if (kind === "net.drop" && (own.size === 0 || wanted.has(event.cause))) wanted.add(index);
    else if (isOfWorld(event)) wanted.add(index);
  }
  for (const index of wanted) {
    const event = events[index];
    if (event !== undefined && event.kind !== "client.call" && event.cause >= 0) wanted.add(event.cause);
  }
  return [...wanted].sort((a, b) => a - b).flatMap((index) => stepOf(events, index) ?? []);
}

/** What happens to the world and not to an operation: it may have to do with anything. */
function isOfWorld({ kind, timeUs }: TraceEvent): boolean {
  if (kind === "machine.boot") return timeUs > 0;
  return /^(fault\.|machine\.crash|operator\.|process\.|disk\.(loss|rot|full|failure))/.test(kind);
}

/** A certificate without operations is about a key: then those that wrote it. */
function ownActivities(events: readonly TraceEvent[], { operations, key }: Violation): ReadonlySet<string> {
  if (operations.length > 0) return new Set(operations.map(({ id }) => id));
  const calls = events.filter(({ kind, data }) => {
    return kind === "client.call" && (data as { readonly key?: unknown }).key === key;
  });
  return new Set(calls.map(({ activity }) => activity));
}

function stepOf(events: readonly TraceEvent[], index: number): StoryStep | null {
  const event = events[index];
  if (event === undefined) return null;
  const { timeUs, machine, kind, activity, data } = event;
  const reached = kind === "client.return" ? reachedBy(events, event) : null;
  return { event: index, timeUs, machine, kind, activity, data, reached };
}

function reachedBy(events: readonly TraceEvent[], end: TraceEvent): string[] {
  const reached = new Set<string>();
  for (const { index, kind, activity, machine } of events) {
    if (index >= end.index) break;
    if (kind === "net.deliver" && activity === end.activity && machine !== null && machine !== end.machine) {
      reached.add(machine);
    }
  }
  return [...reached].sort();
}
