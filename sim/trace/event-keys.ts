import type { TraceEvent } from "../kernel/trace-sink.ts";

/**
 * The key that each event of a trace is about: the one that it names, or else that of the client's operation that
 * it belongs to; null for events about no single key.
 */
export function eventKeys(events: readonly TraceEvent[]): (string | null)[] {
  const byOperation = new Map<string, string>();
  return events.map(({ kind, activity, data }) => {
    const named = namedKey(data);
    if (kind === "client.call" && named !== null) byOperation.set(activity, named);
    return named ?? byOperation.get(activity) ?? null;
  });
}

/** `key` of the data, of its message, or of the record in that. */
function namedKey(data: unknown): string | null {
  for (const path of [[], ["message"], ["message", "record"]]) {
    const key = path.reduce(fieldOf, data);
    const found = fieldOf(key, "key");
    if (typeof found === "string") return found;
  }
  return null;
}

function fieldOf(value: unknown, name: string): unknown {
  if (typeof value !== "object" || value === null || !Object.hasOwn(value, name)) return undefined;
  return Object.getOwnPropertyDescriptor(value, name)?.value;
}
