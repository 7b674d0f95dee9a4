import type { TraceEvent } from "../kernel/trace-sink.ts";
import type { OperationKind } from "../run/history.ts";
import type { Violation } from "../run/invariant.ts";
import { eventText } from "./event-text.ts";
import type { Page } from "./page.ts";
import { instant } from "./units.ts";
import { cut, visible } from "./visible.ts";

/** How many events stand around a violation before some are left out. */
export const LOG_EVENTS_MAX = 80;

/** Machines further down the list share the last indentation. */
const LANES_MAX = 10;

/** What a line says at least, on however narrow a terminal. */
const TEXT_LENGTH_MIN = 40;

/**
 * Events one a line, in time order, indented by machine, so that each machine reads as a column of its own.
 *
 * @param textLengthMin how much of a long event is shown even where the line is full
 */
export function renderEvents(
  events: readonly TraceEvent[],
  machines: readonly string[],
  { style, width }: Page,
  textLengthMin = TEXT_LENGTH_MIN,
): string[] {
  const lanes = new Map(machines.map((machine, index) => [machine, Math.min(index, LANES_MAX)]));
  const last = events.at(-1);
  const timeWidth = instant(last?.timeUs ?? 0).length;
  const indexWidth = String(last?.index ?? 0).length + 1;
  const requestKinds = new Map<string, OperationKind>();
  return events.map(({ timeUs, index, machine, kind, data, activity }) => {
    if (kind === "client.call") requestKinds.set(activity, (data as { kind: OperationKind }).kind);
    const place = `${instant(timeUs).padStart(timeWidth)}  ${`#${index}`.padStart(indexWidth)}  `;
    const who = machine === null ? "" : `${"  ".repeat(lanes.get(machine) ?? 0)}${visible(machine)} `;
    const what = eventText({ kind, data }, requestKinds.get(activity));
    const room = Math.max(textLengthMin, width - place.length - who.length);
    return style.faint(place) + emphasis(kind, style)(who + cut(what, room));
  });
}

function emphasis(kind: string, style: Page["style"]): (text: string) => string {
  if (/^(fault\.|machine\.(boot|crash)|process\.)/.test(kind)) return style.notable;
  if (kind.startsWith("client.")) return style.strong;
  return kind === "net.drop" ? style.bad : (text) => text;
}

/**
 * The events that tell the story of a violation: those of the operations in its certificate, and the faults,
 * crashes, boots and failing processes from the first of them to the last.
 */
export function eventsAround(events: readonly TraceEvent[], violation: Violation): TraceEvent[] {
  const operations = operationsOf(events, violation);
  const own = events.filter(({ activity }) => operations.has(activity));
  const fromUs = own[0]?.timeUs ?? 0;
  const toUs = own.at(-1)?.timeUs ?? Number.POSITIVE_INFINITY;
  return events.filter((event) => {
    if (operations.has(event.activity)) return true;
    if (event.timeUs > toUs) return false;
    if (event.kind === "fault.start" || event.kind === "fault.stop") return endUsOf(event) >= fromUs;
    if (event.kind === "machine.crash" || event.kind === "process.kill") return event.timeUs >= fromUs;
    return event.kind === "machine.boot" && event.timeUs >= fromUs && event.timeUs > 0;
  });
}

/** The event at which a violation shows: the last answer of an operation in its certificate; null for none. */
export function violationEvent(events: readonly TraceEvent[], violation: Violation): number | null {
  const operations = operationsOf(events, violation);
  const answer = events.findLast(
    ({ kind, activity }) => kind === "client.return" && operations.has(activity),
  );
  const own = answer ?? events.findLast(({ activity }) => operations.has(activity));
  return own?.index ?? null;
}

/** A certificate without operations is about a key: then those that wrote it. */
function operationsOf(events: readonly TraceEvent[], { operations, key }: Violation): ReadonlySet<string> {
  if (operations.length > 0) return new Set(operations.map(({ id }) => id));
  const writes = events.filter(({ kind, data }) => {
    if (kind !== "client.call" || key === null) return false;
    const call = data as { readonly key?: unknown; readonly kind?: unknown };
    return call.key === key && call.kind !== "get";
  });
  return new Set(writes.map(({ activity }) => activity));
}

function endUsOf({ data }: TraceEvent): number {
  return (data as { readonly endMs: number }).endMs * 1000;
}

/**
 * At most `eventsMax` of the events, the most telling ones: what clients saw and what happened to machines, then
 * messages that arrived or were lost, then the machines' own journals, then sends. Of the kind for which there is
 * no longer room, the first and the last ones.
 */
export function mostTelling(events: readonly TraceEvent[], eventsMax: number): TraceEvent[] {
  let room = eventsMax;
  const kept = new Set<TraceEvent>();
  for (const rank of [0, 1, 2, 3]) {
    const members = events.filter(({ kind }) => rankOf(kind) === rank);
    const head = members.length <= room ? members.length : Math.ceil(room / 2);
    const tail = members.length <= room ? 0 : Math.floor(room / 2);
    for (const event of members.slice(0, head)) kept.add(event);
    for (const event of members.slice(members.length - tail)) kept.add(event);
    room -= head + tail;
  }
  return events.filter((event) => kept.has(event));
}

function rankOf(kind: string): number {
  if (kind === "machine.resume") return 1;
  if (/^(client|fault|machine|process)\./.test(kind)) return 0;
  if (kind === "net.send") return 3;
  return kind === "journal" ? 2 : 1;
}
