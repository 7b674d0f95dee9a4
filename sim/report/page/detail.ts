import { byId, element, milliseconds, onClick } from "./dom.ts";
import { dataText, type RunModel } from "./run-model.ts";
import type { Selection } from "./selection.ts";
import type { Change, StateHistory } from "./states.ts";

const CHAIN_SHOWN_MAX = 40;
const CHANGES_SHOWN_MAX = 60;

/** What is known of the selected event: its payload, what led to it, and the state of its machine then. */
export function showDetail(
  model: RunModel,
  states: StateHistory,
  selection: Selection,
  select: (event: number) => void,
): void {
  const detail = byId("detail", HTMLElement);
  const { event, chain } = selection;
  if (event < 0) {
    detail.replaceChildren(
      element(
        "p",
        { class: "quiet" },
        "Click an event, a message or an operation; or press the right arrow key in the diagram.",
      ),
    );
    return;
  }
  const machine = model.machine[event] ?? -1;
  const where = model.payload.machines[machine] ?? "world";
  const key = model.key(event);
  const facts = [
    `#${event}`,
    `${milliseconds(model.timeUs[event] ?? 0)} ms`,
    where,
    `part of ${model.activity(event)}`,
  ];
  detail.replaceChildren(
    element(
      "p",
      { class: "quiet mono", id: "detail-place" },
      [...facts, ...(key === null ? [] : [`key ${key}`])].join("  ·  "),
    ),
    element("p", { class: "what", id: "detail-what" }, model.text(event)),
    element("h3", {}, "Payload"),
    element("pre", { id: "detail-payload" }, JSON.stringify(model.data(event), null, 2)),
    ...causes(model, chain, event, select),
    ...(machine < 0 ? [] : stateParts(model, states, machine, event)),
  );
}

function causes(
  model: RunModel,
  chain: readonly number[],
  event: number,
  select: (event: number) => void,
): Node[] {
  const own = chain.findIndex((at) => model.activity(at) === model.activity(event));
  const before = chain.slice(0, own).slice(-CHAIN_SHOWN_MAX);
  const list = (events: readonly number[], id: string): Node =>
    element("ol", { class: "chain", id }, ...events.map((at) => causeItem(model, at, event, select)));
  const earlier = element(
    "details",
    {},
    element(
      "summary",
      {},
      `${before.length === own ? own : `The last ${before.length} of ${own}`} earlier causes`,
    ),
    list(before, "detail-earlier"),
  );
  return [
    element("h3", {}, "What led to it"),
    ...(own > 0 ? [earlier] : []),
    list(chain.slice(own), "detail-chain"),
  ];
}

function causeItem(model: RunModel, at: number, event: number, select: (event: number) => void): Node {
  const machine = model.payload.machines[model.machine[at] ?? -1] ?? "world";
  const button = element(
    "button",
    { type: "button", ...(at === event && { "aria-current": "true" }) },
    element("span", { class: "at" }, `${milliseconds(model.timeUs[at] ?? 0)} ${machine}`),
    element("span", { class: "text" }, model.text(at)),
  );
  onClick(button, () => select(at));
  return element("li", {}, button);
}

function stateParts(model: RunModel, states: StateHistory, machine: number, event: number): Node[] {
  const name = model.payload.machines[machine] ?? "";
  const found = states.after(machine, event);
  if (found === null) {
    return [
      element("h3", {}, `State of ${name}`),
      element("p", { class: "quiet" }, "none: it is down, or shows no state"),
    ];
  }
  const { every } = model.payload.states;
  const isThis = found.event === event;
  const title = isThis ? "What it changed" : `Last change, by #${found.event}`;
  return [
    element("h3", {}, title),
    changeList(found.changes),
    element("h3", {}, `State of ${name} after it`),
    ...(every > 1
      ? [
          element(
            "p",
            { class: "quiet" },
            `Every ${every}th state is in this page; this one is of event #${found.event}.`,
          ),
        ]
      : []),
    element("pre", { id: "detail-state" }, JSON.stringify(found.state, null, 2)),
  ];
}

function changeList(changes: readonly Change[] | null): Node {
  if (changes === null) return element("p", { class: "quiet" }, "Its first state.");
  if (changes.length === 0) return element("p", { class: "quiet" }, "Nothing.");
  const items = changes
    .slice(0, CHANGES_SHOWN_MAX)
    .map(({ path, before, after }) =>
      element(
        "li",
        {},
        element("span", { class: "path" }, path.join(".")),
        ...(before === undefined ? [] : [element("del", {}, dataText(before)), " "]),
        ...(after === undefined ? [] : [element("ins", {}, dataText(after))]),
      ),
    );
  const hidden = changes.length - items.length;
  const rest = hidden > 0 ? [element("li", {}, `and ${hidden} more`)] : [];
  return element("ul", { class: "changes", id: "detail-changes" }, ...items, ...rest);
}
