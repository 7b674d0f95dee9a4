import type { TraceEvent } from "../kernel/trace-sink.ts";
import { canonicalLine } from "../trace/canonical-line.ts";
import { consequences } from "../trace/causality.ts";
import type { LoadedTrace } from "../trace/load-trace.ts";
import type { Replay } from "../trace/replay.ts";
import { renderDivergence } from "./divergence.ts";
import { renderEvents } from "./event-log.ts";
import type { Page } from "./page.ts";
import type { Writer } from "./trace-lines.ts";
import { count, counted } from "./units.ts";
import { visible } from "./visible.ts";
import { indented, wrap } from "./wrap.ts";

const BEFORE_MAX = 5;
const CONSEQUENCES_MAX = 20;
const INDENT = "  ";

/** A recorded trace and the name that it goes by. */
export interface NamedTrace {
  readonly name: string;
  readonly trace: Pick<LoadedTrace, "plan" | "code" | "node" | "events" | "traceHash">;
}

/** Where two traces part, and what followed in each from the event that differs, because of it. */
export function renderTraceDifference(first: NamedTrace, second: NamedTrace, page: Page): string[] {
  const { style } = page;
  const heading = [first, second].flatMap(({ name, trace }, place) => {
    const { plan, code, node, events } = trace;
    const what = `${plan.scenario}, policy ${plan.policy}, seed ${plan.seed}; ${counted(events.length, "event")}`;
    return wrap(
      visible(`${place === 0 ? "first " : "second"}  ${name}: ${what}; cache-sim ${code}, Node ${node}`),
      page.width,
    );
  });
  const difference = firstDifference(first.trace.events, second.trace.events);
  if (difference === null) {
    return [
      ...heading,
      "",
      style.good(`the traces are identical: ${counted(first.trace.events.length, "event")}`),
    ];
  }
  const divergence = {
    commonCount: difference,
    before: first.trace.events.slice(Math.max(0, difference - BEFORE_MAX), difference),
    first: first.trace.events[difference] ?? null,
    second: second.trace.events[difference] ?? null,
  };
  return [
    ...heading,
    ...(canonicalPlan(first) === canonicalPlan(second) ? [] : [style.notable("the plans are not the same")]),
    "",
    ...renderDivergence(divergence, page),
    ...[first, second].flatMap((side) => followUp(side, difference, page)),
  ];
}

/** Whether running the plan of a trace file gave that trace again, and if not, where the two part and what may be why. */
export function renderTraceCheck(
  { name, trace }: NamedTrace,
  replayed: Replay,
  here: Writer,
  page: Page,
): string[] {
  const { style, width } = page;
  if (trace.traceHash === replayed.traceHash) {
    return [style.good(`the same trace as in ${visible(name)}: ${counted(trace.events.length, "event")}`)];
  }
  const [was, is] = [trace, here].map(({ code, node }) => `cache-sim ${code} on Node ${node}`);
  const why =
    was === is
      ? "it was written by the same versions, so the code of the system has changed since"
      : `it was written by ${was}, and this is ${is}`;
  return [
    ...wrap(`NOT THE SAME TRACE as in ${visible(name)}: ${visible(why)}`, width).map(style.bad),
    ...renderTraceDifference(
      { name, trace },
      { name: "this run", trace: { ...replayed, ...here, plan: replayed.outcome.plan } },
      page,
    ),
  ];
}

/** Index of the first event that is not the same in both; null when there is none. */
export function firstDifference(first: readonly TraceEvent[], second: readonly TraceEvent[]): number | null {
  const length = Math.max(first.length, second.length);
  for (let index = 0; index < length; index++) {
    const [a, b] = [first[index], second[index]];
    if (a === undefined || b === undefined || canonicalLine(a) !== canonicalLine(b)) return index;
  }
  return null;
}

function followUp({ name, trace: { events, plan } }: NamedTrace, index: number, page: Page): string[] {
  if (events[index] === undefined) return [];
  const followed = consequences(events, index);
  const shown = followed.slice(0, CONSEQUENCES_MAX);
  const title = `In ${visible(name)} ${counted(followed.length, "event")} followed from #${count(index)}`;
  const hidden = followed.length - shown.length;
  const inner = { ...page, width: page.width - INDENT.length };
  return [
    "",
    page.style.strong(
      hidden > 0 ? `${title}, the first ${shown.length}:` : `${title}${shown.length > 0 ? ":" : ""}`,
    ),
    ...indented(renderEvents(shown, plan.cluster.machines, inner), INDENT),
  ];
}

function canonicalPlan({ trace }: NamedTrace): string {
  return JSON.stringify(trace.plan);
}
