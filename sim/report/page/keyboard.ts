import { byId, element } from "./dom.ts";
import type { RunModel } from "./run-model.ts";
import type { Timeline } from "./timeline.ts";

export interface Keyboard {
  readonly model: RunModel;
  readonly timeline: Timeline;
  readonly select: (event: number) => void;
  readonly selected: () => number;
  readonly mask: () => Uint8Array;
  readonly violation: () => void;
  readonly copyLine: () => void;
  readonly copyPlan: () => void;
}

interface Binding {
  readonly keys: readonly string[];
  readonly shown: string;
  readonly what: string;
  readonly act: (keyboard: Keyboard) => void;
}

const BINDINGS: readonly Binding[] = [
  {
    keys: ["ArrowRight", "n"],
    shown: "→ n",
    what: "next event",
    act: (keyboard) => step(keyboard, 1, () => true),
  },
  {
    keys: ["ArrowLeft", "p"],
    shown: "← p",
    what: "previous event",
    act: (keyboard) => step(keyboard, -1, () => true),
  },
  {
    keys: ["m"],
    shown: "m",
    what: "next event on this machine",
    act: (keyboard) => step(keyboard, 1, sameMachine(keyboard)),
  },
  {
    keys: ["M"],
    shown: "Shift m",
    what: "previous event on this machine",
    act: (keyboard) => step(keyboard, -1, sameMachine(keyboard)),
  },
  {
    keys: ["k"],
    shown: "k",
    what: "next event about this key",
    act: (keyboard) => step(keyboard, 1, sameKey(keyboard)),
  },
  {
    keys: ["K"],
    shown: "Shift k",
    what: "previous event about this key",
    act: (keyboard) => step(keyboard, -1, sameKey(keyboard)),
  },
  {
    keys: ["c"],
    shown: "c",
    what: "what caused this event",
    act: ({ model, select, selected }) => select(model.cause[selected()] ?? -1),
  },
  { keys: ["v"], shown: "v", what: "the violation", act: ({ violation }) => violation() },
  { keys: ["s"], shown: "s", what: "next step of the story", act: (keyboard) => tell(keyboard, 1) },
  {
    keys: ["S"],
    shown: "Shift s",
    what: "previous step of the story",
    act: (keyboard) => tell(keyboard, -1),
  },
  { keys: ["y"], shown: "y", what: "copy the replay line", act: ({ copyLine }) => copyLine() },
  { keys: ["Y"], shown: "Shift y", what: "copy the plan", act: ({ copyPlan }) => copyPlan() },
  { keys: ["+", "="], shown: "+", what: "zoom in", act: ({ timeline }) => timeline.zoom(2) },
  { keys: ["-", "_"], shown: "−", what: "zoom out", act: ({ timeline }) => timeline.zoom(0.5) },
  {
    keys: ["0"],
    shown: "0",
    what: "the whole run",
    act: ({ model, timeline }) => timeline.show(0, model.payload.endUs * 1.04),
  },
  { keys: ["a", "["], shown: "a", what: "pan to earlier", act: ({ timeline }) => timeline.pan(-0.25) },
  { keys: ["d", "]"], shown: "d", what: "pan to later", act: ({ timeline }) => timeline.pan(0.25) },
  { keys: ["/"], shown: "/", what: "search", act: () => byId("search", HTMLElement).focus() },
  { keys: ["?"], shown: "?", what: "show or hide this list", act: toggleHelp },
];

const MOUSE = [
  ["drag", "pan"],
  ["Ctrl + wheel", "zoom"],
  ["Shift + wheel", "pan"],
  ["double click", "zoom in"],
  ["click", "select an event, a message or an operation"],
] as const;

/** Keys work in the diagram; from anywhere else they are left to the browser. */
export function bindKeys(keyboard: Keyboard): void {
  const diagram = byId("diagram", HTMLElement);
  diagram.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    const binding = BINDINGS.find(({ keys }) => keys.includes(event.key));
    if (binding === undefined) return;
    event.preventDefault();
    binding.act(keyboard);
  });
  byId("key-list", HTMLElement).replaceChildren(
    ...[...BINDINGS.map(({ shown, what }) => [shown, what] as const), ...MOUSE].map(([shown, what]) =>
      element("div", {}, element("dt", {}, element("kbd", {}, shown)), element("dd", {}, what)),
    ),
  );
}

function toggleHelp(): void {
  const help = byId("keys-help", HTMLDetailsElement);
  help.open = !help.open;
}

function step(
  { model, mask, selected, select }: Keyboard,
  by: 1 | -1,
  isWanted: (event: number) => boolean,
): void {
  const shown = mask();
  for (let event = selected() + by; event >= 0 && event < model.count; event += by) {
    if (shown[event] !== 1 || !isWanted(event)) continue;
    select(event);
    return;
  }
}

function tell({ model, selected, select }: Keyboard, by: 1 | -1): void {
  const events = (model.payload.explanation?.story ?? []).map(({ event }) => event);
  const next =
    by > 0 ? events.find((event) => event > selected()) : events.findLast((event) => event < selected());
  if (next !== undefined) select(next);
}

function sameMachine({ model, selected }: Keyboard): (event: number) => boolean {
  const machine = model.machine[selected()];
  return (event) => model.machine[event] === machine;
}

function sameKey({ model, selected }: Keyboard): (event: number) => boolean {
  const key = model.key(selected());
  return (event) => key !== null && model.key(event) === key;
}
