import type { TraceEvent } from "../kernel/trace-sink.ts";

/** Happens-before, as the causes of a trace give it. Events are those of a whole trace: each at its index. */

/** What led to an event: its cause, the cause of that, and so on, the earliest first and the event last. */
export function causeChain(events: readonly TraceEvent[], index: number): TraceEvent[] {
  const chain: TraceEvent[] = [];
  for (let event = events[index]; event !== undefined; event = events[event.cause]) chain.push(event);
  return chain.reverse();
}

/** What an event led to, in order, without itself. O(events). */
export function consequences(events: readonly TraceEvent[], index: number): TraceEvent[] {
  const caused = new Set([index]);
  const found: TraceEvent[] = [];
  for (const event of events.slice(index + 1)) {
    if (!caused.has(event.cause)) continue;
    caused.add(event.index);
    found.push(event);
  }
  return found;
}

/** The send that an arrival, a loss or a delay of a message goes back to; null for all other events. */
export function sendOf(events: readonly TraceEvent[], { kind, cause }: TraceEvent): TraceEvent | null {
  if (!/^net\.(deliver|drop|hold|corrupt)$/.test(kind)) return null;
  let event = events[cause];
  while (event !== undefined && /^net\.(hold|corrupt)$/.test(event.kind)) event = events[event.cause];
  return event?.kind === "net.send" ? event : null;
}
