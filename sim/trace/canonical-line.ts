import type { TraceEvent } from "../kernel/trace-sink.ts";

/**
 * The one line that stands for an event, in trace files and under the hash. Its keys come in a fixed order, and
 * so do those of `data`, which the code that records an event always writes in the same order.
 *
 * Never throws: recording a run must not change it.
 */
export function canonicalLine({ index, timeUs, machine, kind, cause, activity, data }: TraceEvent): string {
  const event = { index, timeUs, machine, kind, cause, activity, data };
  try {
    return JSON.stringify(event);
  } catch {
    // A bigint, or an object within itself.
    return JSON.stringify({ ...event, data: "cannot be written as JSON" });
  }
}

/**
 * The same function for all events of one run, three times as fast: the description of a message, which is most of
 * a trace, is written once for all events that have it.
 */
export function createLineWriter(): (event: TraceEvent) => string {
  const messages = new WeakMap<object, string>();
  const names = new Map<string | null, string>();

  function nameText(name: string | null): string {
    let text = names.get(name);
    if (text === undefined) names.set(name, (text = JSON.stringify(name)));
    return text;
  }

  function messageText(message: object): string {
    let text = messages.get(message);
    if (text === undefined) messages.set(message, (text = JSON.stringify(message)));
    return text;
  }

  return (event) => {
    const { index, timeUs, machine, kind, cause, activity, data } = event;
    const letter = letterOf(data);
    if (letter === null) return canonicalLine(event);
    const { side, peer, message } = letter;
    try {
      return (
        `{"index":${index},"timeUs":${timeUs},"machine":${nameText(machine)},"kind":${nameText(kind)},` +
        `"cause":${cause},"activity":${JSON.stringify(activity)},` +
        `"data":{"${side}":${nameText(peer)},"message":${messageText(message)}}}`
      );
    } catch {
      return canonicalLine(event);
    }
  };
}

interface Letter {
  readonly side: "from" | "to";
  readonly peer: string;
  readonly message: object;
}

/** Data that are a peer and a message, and nothing else; null for all others. */
function letterOf(data: unknown): Letter | null {
  if (typeof data !== "object" || data === null) return null;
  const [side, last, ...others] = Object.keys(data);
  if ((side !== "to" && side !== "from") || last !== "message" || others.length > 0) return null;
  const { [side]: peer, message } = data as Record<string, unknown>;
  if (typeof peer !== "string" || typeof message !== "object" || message === null) return null;
  return "toJSON" in message || "toJSON" in data ? null : { side, peer, message };
}
