import type { TraceEvent } from "../../kernel/trace-sink.ts";
import { eventKeys } from "../../trace/event-keys.ts";
import { eventText } from "../event-text.ts";
import type { EventColumns } from "../page/payload.ts";

/** The events of a trace as columns, with each message, name and set of data written once. */
export function eventColumns(events: readonly TraceEvent[], machines: readonly string[]): EventColumns {
  const machinePlace = new Map(machines.map((machine, place) => [machine, place + 1]));
  const kinds = createTable<string>();
  const activities = createTable<string>();
  const keyNames = createTable<string>();
  const rests = createJsonTable();
  const messages = createJsonTable();
  const keys = eventKeys(events);
  const words = createTable<string>();
  const told: [number, number][] = [];
  let lastTold = 0;
  for (const event of events) {
    if (isFrequent(event.kind)) continue;
    told.push([event.index - lastTold, words.placeOf(eventText(event, undefined))]);
    lastTold = event.index;
  }
  const parts = events.map(({ data }) => splitData(data));
  return {
    timeUs: events.map(({ timeUs }, index) => timeUs - (events[index - 1]?.timeUs ?? 0)),
    machine: events.map(({ machine }) => machinePlace.get(machine ?? "") ?? 0),
    kind: events.map(({ kind }) => kinds.placeOf(kind)),
    back: events.map(({ index, cause }) => (cause < 0 ? 0 : index - cause)),
    activity: events.map(({ activity }) => activities.placeOf(activity)),
    key: keys.map((key) => (key === null ? 0 : keyNames.placeOf(key) + 1)),
    rest: parts.map(({ rest }) => rests.placeOf(rest)),
    message: parts.map(({ message }) => (message === undefined ? 0 : messages.placeOf(message) + 1)),
    kinds: kinds.items,
    activities: activities.items,
    keyNames: keyNames.items,
    told,
    words: words.items,
    rests: rests.items,
    messages: messages.items,
  };
}

/** What there are thousands of is put into words by the page, when it is looked at. */
function isFrequent(kind: string): boolean {
  return kind === "journal" || /^(client|net)\.(call|return|send|deliver|drop|hold)$/.test(kind);
}

function splitData(data: unknown): { readonly rest: unknown; readonly message: unknown } {
  if (typeof data !== "object" || data === null || !Object.hasOwn(data, "message")) {
    return { rest: data ?? null, message: undefined };
  }
  const { message, ...rest } = data as { readonly message: unknown };
  return { rest, message };
}

interface Table<T> {
  placeOf(item: T): number;
  readonly items: readonly T[];
}

function createTable<T>(): Table<T> {
  const places = new Map<T, number>();
  const items: T[] = [];
  return {
    items,
    placeOf(item) {
      let place = places.get(item);
      if (place === undefined) {
        places.set(item, (place = items.length));
        items.push(item);
      }
      return place;
    },
  };
}

/** Items are the same when their JSON is; the one object of a message that many events have is written once. */
function createJsonTable(): Table<unknown> {
  const byText = new Map<string, number>();
  const byObject = new WeakMap<object, number>();
  const items: unknown[] = [];
  return {
    items,
    placeOf(item) {
      const known = typeof item === "object" && item !== null ? byObject.get(item) : undefined;
      if (known !== undefined) return known;
      const text = jsonText(item);
      let place = byText.get(text);
      if (place === undefined) {
        byText.set(text, (place = items.length));
        items.push(JSON.parse(text));
      }
      if (typeof item === "object" && item !== null) byObject.set(item, place);
      return place;
    },
  };
}

function jsonText(item: unknown): string {
  try {
    return JSON.stringify(item) ?? "null";
  } catch {
    return '"cannot be written as JSON"';
  }
}
