import type { TraceEvent } from "../kernel/trace-sink.ts";
import { causeChain } from "../trace/causality.ts";
import { diffJson } from "../trace/json-diff.ts";
import type { Replay } from "../trace/replay.ts";
import { renderEvents } from "./event-log.ts";
import { changeLines, outline } from "./json-text.ts";
import type { Page } from "./page.ts";
import { count, counted, instant } from "./units.ts";
import { visible } from "./visible.ts";
import { indented } from "./wrap.ts";

/** How many events stand on each side of the one that is asked for. */
const AROUND = 20;
const TEXT_LENGTH_MIN = 300;
const INDENT = "  ";

/** Which run it is, in a line over whatever is shown of it. */
export function runTitle({ outcome, events, traceHash }: Replay, { style }: Page): string {
  const { scenario, policy, seed } = outcome.plan;
  const name = style.strong(visible(`${scenario}, policy ${policy}, seed ${seed}`));
  return `${name}  ${style.faint(`${counted(events.length, "event")}, trace hash ${traceHash.slice(0, 16)}…`)}`;
}

/** What to say of an event that the trace does not have; null when it has it. */
export function eventProblem(place: string, event: number, eventCount: number): string | null {
  if (Number.isSafeInteger(event) && event >= 0 && event < eventCount) return null;
  const range =
    eventCount === 0 ? "this trace has no events" : `this trace has events 0 to ${eventCount - 1}`;
  return `${place}: there is no event ${event}; ${range}`;
}

export function renderUntil({ events, outcome }: Replay, event: number, page: Page): string[] {
  const shown = events.slice(0, event + 1);
  const title = page.style.strong(`Events 0 to ${count(event)} of ${count(events.length)}, times in ms`);
  return [title, ...renderEvents(shown, outcome.plan.cluster.machines, page, TEXT_LENGTH_MIN)];
}

/** The events before and after one, and what led to it. */
export function renderAround({ events, outcome }: Replay, event: number, page: Page): string[] {
  const { machines } = outcome.plan.cluster;
  const { style } = page;
  const shown = events.slice(Math.max(0, event - AROUND), event + AROUND + 1);
  const chain = causeChain(events, event);
  const isOfChain = new Set(chain.map(({ index }) => index));
  const inner = { ...page, width: page.width - INDENT.length };
  const lines = renderEvents(shown, machines, inner).map((line, place) => {
    const index = shown[place]?.index ?? -1;
    const mark = index === event ? "> " : isOfChain.has(index) ? "| " : INDENT;
    return mark + line;
  });
  return [
    style.strong(`Events around #${count(event)}, times in ms; > is the event, | what led to it`),
    ...lines,
    "",
    style.strong(`What led to it, ${counted(chain.length - 1, "event")}`),
    ...indented(renderEvents(chain, machines, inner), INDENT),
  ];
}

/** The state of a machine once an event had happened, and what that event changed. */
export function renderState(
  { events, states }: Replay,
  machine: string,
  event: number,
  page: Page,
): string[] {
  const { style } = page;
  const snapshot = states.after(machine, event);
  const at = events[event];
  const when = `after event #${count(event)}, ${instant(at?.timeUs ?? 0)} ms`;
  const title = style.strong(`State of ${visible(machine)} ${when}`);
  if (snapshot === null) return [title, `${INDENT}none: the machine is down, or its system shows no state`];
  const state = snapshot.describe();
  const before = states.after(machine, event - 1);
  const inner = { ...page, width: page.width - INDENT.length };
  const changes = diffJson(before?.describe(), state);
  const changed =
    before === null
      ? ["it had none before"]
      : changes.length === 0
        ? ["nothing: this event did not touch it"]
        : changeLines(changes, inner);
  return [
    title,
    ...outline(state, inner, INDENT),
    "",
    style.strong("What the event changed"),
    ...indented(changed, INDENT),
  ];
}

/** Each machine's own audit log, machine by machine. */
export function renderJournals({ events, outcome }: Replay, page: Page): string[] {
  const { machines } = outcome.plan.cluster;
  return machines.flatMap((machine, place) => {
    const own = events.filter((event) => event.machine === machine && isOfJournal(event));
    const entryCount = own.filter(({ kind }) => kind === "journal").length;
    return [
      ...(place === 0 ? [] : [""]),
      page.style.strong(
        `Journal of ${visible(machine)}, ${entryCount} ${entryCount === 1 ? "entry" : "entries"}`,
      ),
      ...renderEvents(own, [], page, TEXT_LENGTH_MIN),
    ];
  });
}

/** The lives of the machine stand between the entries, since each has a journal of its own. */
function isOfJournal({ kind }: TraceEvent): boolean {
  return kind === "journal" || kind === "machine.boot" || kind === "machine.crash";
}
