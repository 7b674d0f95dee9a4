import type { TraceEvent } from "../kernel/trace-sink.ts";
import { eventKeys } from "../trace/event-keys.ts";
import { diffJson } from "../trace/json-diff.ts";
import type { Replay } from "../trace/replay.ts";
import { renderEvents, violationEvent } from "./event-log.ts";
import { changeLines, outline } from "./json-text.ts";
import type { Page } from "./page.ts";
import { plainStyle } from "./style.ts";
import { count, instant } from "./units.ts";
import { cut, visible } from "./visible.ts";
import { wrapList } from "./wrap.ts";

/**
 * Walking through a run, one event at a time: which event a key leads to, and what the screen shows of it. Pure;
 * the terminal is the caller's business.
 */
export interface Stepper {
  /** What a key does, from the event that is shown; null when it ends the walk. */
  press(key: string): Stepper | null;
  /** At most `height` lines. */
  screen(page: Page, height: number): string[];
  readonly event: number;
}

/** What the keys do, for the help. `key` is a character, or the name of a key without one. */
const KEYS: readonly (readonly [keys: readonly string[], what: string])[] = [
  [["n", "right", " "], "next event"],
  [["p", "left"], "previous event"],
  [["m"], "next event on this machine"],
  [["M"], "previous event on this machine"],
  [["k"], "next event about this key"],
  [["K"], "previous event about this key"],
  [["c"], "the event that caused this one"],
  [["v"], "the violation"],
  [["g"], "first event"],
  [["G"], "last event"],
  [["s"], "state of the machine on or off"],
  [["?"], "this help"],
  [["q", "escape"], "quit"],
];

interface Walk {
  readonly replay: Replay;
  readonly keys: readonly (string | null)[];
  readonly goal: number | null;
}

interface Place {
  readonly event: number;
  readonly isHelp: boolean;
  readonly isStateShown: boolean;
  readonly note: string;
}

export function createStepper(replay: Replay): Stepper {
  const [violation] = replay.outcome.violations;
  const goal = violation === undefined ? null : violationEvent(replay.events, violation);
  const walk = { replay, keys: eventKeys(replay.events), goal };
  return stepperAt(walk, { event: 0, isHelp: false, isStateShown: true, note: "" });
}

function stepperAt(walk: Walk, place: Place): Stepper {
  return {
    event: place.event,
    press(key) {
      if (isOneOf(key, "quit")) return null;
      return stepperAt(walk, after(walk, place, key));
    },
    screen: (page, height) =>
      fitted(screenOf(walk, place, wideEnough(page)), page).slice(0, Math.max(1, height)),
  };
}

/** Text is laid out for at least this many columns; on fewer, without colours, the rest of each line is cut off. */
const WIDTH_MIN = 64;

function wideEnough(page: Page): Page {
  return page.width >= WIDTH_MIN ? page : { width: WIDTH_MIN, style: plainStyle };
}

function fitted(lines: readonly string[], { width }: Page): readonly string[] {
  return width >= WIDTH_MIN ? lines : lines.map((line) => cut(line, Math.max(1, width)));
}

function isOneOf(key: string, what: string): boolean {
  return KEYS.some(([keys, meaning]) => meaning === what && keys.includes(key));
}

function after(walk: Walk, place: Place, key: string): Place {
  const what = KEYS.find(([keys]) => keys.includes(key))?.[1];
  const calm = { ...place, note: "", isHelp: false };
  if (what === undefined) return { ...calm, note: `no such key: ? shows them` };
  if (what === "this help") return { ...calm, isHelp: !place.isHelp };
  if (what === "state of the machine on or off") return { ...calm, isStateShown: !place.isStateShown };
  const target = targetOf(walk, place.event, what);
  return typeof target === "number" ? { ...calm, event: target } : { ...calm, note: target };
}

/** The event to go to, or why there is none. */
function targetOf({ replay: { events }, keys, goal }: Walk, from: number, what: string): number | string {
  const here = events[from];
  const key = keys[from];
  const find = (step: 1 | -1, isWanted: (event: TraceEvent) => boolean): number | string => {
    for (let index = from + step; index >= 0 && index < events.length; index += step) {
      const event = events[index];
      if (event !== undefined && isWanted(event)) return index;
    }
    return step === 1 ? `no ${what} after this one` : `no ${what} before this one`;
  };
  switch (what) {
    case "next event":
      return find(1, () => true);
    case "previous event":
      return find(-1, () => true);
    case "next event on this machine":
      return find(1, ({ machine }) => machine === here?.machine);
    case "previous event on this machine":
      return find(-1, ({ machine }) => machine === here?.machine);
    case "next event about this key":
      return key === null ? "this event is about no key" : find(1, ({ index }) => keys[index] === key);
    case "previous event about this key":
      return key === null ? "this event is about no key" : find(-1, ({ index }) => keys[index] === key);
    case "the event that caused this one":
      return here === undefined || here.cause < 0 ? "nothing caused this event" : here.cause;
    case "the violation":
      return goal ?? "this run has no violation";
    case "first event":
      return 0;
    default:
      return Math.max(0, events.length - 1);
  }
}

function screenOf(
  { replay, keys }: Walk,
  { event, isHelp, isStateShown, note }: Place,
  page: Page,
): string[] {
  const { style, width } = page;
  const { events, outcome, states } = replay;
  const here = events[event];
  if (here === undefined) return ["this trace has no events; q quits"];
  const rule = style.faint("─".repeat(width));
  const key = keys[event];
  const title =
    `#${count(event)} of ${count(events.length)}  ${instant(here.timeUs)} ms  ` +
    `${here.machine === null ? "world" : visible(here.machine)}${key === null || key === undefined ? "" : `  key ${visible(key)}`}`;
  const around = events.slice(Math.max(0, event - 4), event + 4);
  const lines = renderEvents(around, outcome.plan.cluster.machines, { style, width: width - 2 });
  const list = lines.map((line, place) => (around[place] === here ? `> ${line}` : `  ${line}`));
  const help = KEYS.map(([names, what]) => `${names.map(keyName).join(" ").padEnd(16)}${what}`);
  const footer =
    note === ""
      ? style.faint(cut("n next  p previous  m machine  k key  v violation  ? help  q quit", width))
      : style.notable(cut(note, width));
  const body = isHelp
    ? help.map((line) => cut(line, width))
    : [
        ...list,
        rule,
        ...wrapList(
          [
            `${here.kind}, part of ${visible(here.activity)}`,
            here.cause < 0 ? "no cause" : `caused by #${count(here.cause)}`,
          ],
          width,
        ),
        ...outline(here.data, page),
        ...(isStateShown && here.machine !== null ? stateLines(states, here.machine, event, page) : []),
      ];
  return [style.strong(cut(title, width)), footer, rule, ...body];
}

function stateLines(states: Replay["states"], machine: string, event: number, page: Page): string[] {
  const rule = page.style.faint("─".repeat(page.width));
  const snapshot = states.after(machine, event);
  if (snapshot === null) return [rule, `${visible(machine)} has no state: it is down`];
  const changes = diffJson(states.after(machine, event - 1)?.describe(), snapshot.describe());
  return [
    rule,
    page.style.strong(changes.length === 0 ? "it changed nothing" : "it changed"),
    ...changeLines(changes, page, "  "),
    page.style.strong(`state of ${visible(machine)}`),
    ...outline(snapshot.describe(), page, "  "),
  ];
}

function keyName(key: string): string {
  return key === " " ? "space" : key;
}
