import type { TraceEvent } from "../../kernel/trace-sink.ts";
import type { Replay } from "../../trace/replay.ts";
import { eventText } from "../event-text.ts";

/**
 * A log for https://bestchai.bitbucket.io/shiviz/: the regular expression that reads it, the (empty) separator of
 * executions, then two lines an event: what happened, and where and when in vector time.
 *
 * Hosts are the machines, and one for the world, whose events are faults. An event's clock joins those of the event
 * before it on its host and of its cause.
 */
export const SHIVIZ_EXPRESSION = String.raw`(?<event>.*)\n(?<host>\S*) (?<clock>{.*})`;

const WORLD = "world";

type Clock = Readonly<Record<string, number>>;

export function* shivizLines({ events }: Replay): Generator<string> {
  yield `${SHIVIZ_EXPRESSION}\n\n`;
  const clocks = vectorClocks(events);
  for (const [place, event] of events.entries()) {
    yield `#${event.index} ${eventText(event, undefined)}\n${hostOf(event)} ${JSON.stringify(clocks[place])}\n`;
  }
}

/** The vector clock of each event. An event happened before another exactly if its clock is smaller. */
export function vectorClocks(events: readonly TraceEvent[]): Clock[] {
  const latest = new Map<string, Clock>();
  const clocks: Clock[] = [];
  for (const event of events) {
    const host = hostOf(event);
    const own = latest.get(host) ?? {};
    const cause = clocks[event.cause] ?? {};
    const clock: Record<string, number> = { ...own };
    for (const [name, time] of Object.entries(cause)) clock[name] = Math.max(time, clock[name] ?? 0);
    clock[host] = (own[host] ?? 0) + 1;
    latest.set(host, clock);
    clocks.push(clock);
  }
  return clocks;
}

function hostOf({ machine }: TraceEvent): string {
  return machine ?? WORLD;
}
