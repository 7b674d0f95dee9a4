import { byId, copyButton, element, milliseconds, onClick } from "./dom.ts";
import type { PageExplanation, PageOdds } from "./payload.ts";
import type { RunModel } from "./run-model.ts";

/** Why the run fails, if somebody has found out. */
export function showExplanation(model: RunModel, select: (event: number) => void): void {
  const { explanation, command, plan } = model.payload;
  if (explanation === null) return;
  byId("explanation", HTMLElement).hidden = false;
  const go = (event: number): void => {
    select(event);
    byId("scroller", HTMLElement).scrollIntoView({ block: "nearest" });
  };
  byId("explanation-body", HTMLElement).replaceChildren(
    element("div", {}, element("h3", {}, "What led to it"), storyList(model, explanation, go)),
    element(
      "div",
      {},
      element("h3", {}, "What it cannot do without"),
      partList(model, explanation, go),
      element("h3", {}, "When it was decided"),
      decisionOf(model, explanation, go),
      oddsTable(explanation.odds),
      element(
        "div",
        { class: "row" },
        copyButton("Copy the replay line", () => command),
        copyButton("Copy the plan", () => plan),
      ),
    ),
  );
}

/** Numbered as in the diagram; a number goes to its event. */
function storyList(
  model: RunModel,
  { story, storyLeftOut }: PageExplanation,
  select: (event: number) => void,
): Node {
  const items = story.map(({ text, event }, place) => {
    const number = String(place + 1);
    const button = element(
      "button",
      { type: "button", "aria-label": `${number}: show event #${event}` },
      number,
    );
    onClick(button, () => select(event));
    const at = element("span", { class: "at" }, `${milliseconds(model.timeUs[event] ?? 0)} ms`);
    return element("li", {}, button, at, element("span", {}, text));
  });
  const rest = element("li", { class: "quiet" }, `${storyLeftOut} less important steps left out`);
  return element("ol", { class: "story", id: "story" }, ...items, ...(storyLeftOut > 0 ? [rest] : []));
}

function partList(
  { payload, timeUs }: RunModel,
  { faults, operations, changes, otherNecessary, otherParts }: PageExplanation,
  select: (event: number) => void,
): Node {
  const parts: (Node | string)[][] = [
    ...faults.map((place) => [`fault: ${payload.faults[place]?.text ?? ""}`]),
    ...changes.map((text) => [`change of the cluster: ${text}`]),
    ...otherNecessary.map((text) => [text]),
    ...operations.map((place) => {
      const operation = payload.operations[place];
      const event = operation?.callEvent ?? null;
      const text = ` ${operation?.request ?? ""}`;
      if (event === null) return [`${operation?.id ?? ""}${text}`];
      const label = `${operation?.id ?? ""}: show its call, at ${milliseconds(timeUs[event] ?? 0)} ms`;
      const button = element("button", { type: "button", "aria-label": label }, operation?.id ?? "");
      onClick(button, () => select(event));
      return [button, text];
    }),
  ];
  const nothing = "Nothing by itself: without any one part it still fails.";
  const others = `Without any one of the other ${otherParts} parts it still fails.`;
  return element(
    "ul",
    { class: "parts", id: "parts" },
    ...(parts.length === 0 ? [[nothing]] : parts).map((part) => element("li", {}, ...part)),
    ...(otherParts === 0 ? [] : [element("li", { class: "quiet" }, others)]),
  );
}

function decisionOf(
  { payload }: RunModel,
  { decision, noReturn }: PageExplanation,
  select: (event: number) => void,
): Node {
  if (noReturn === null) return element("p", { id: "decision" }, decision);
  const { atUs, event } = noReturn;
  const button = element("button", { type: "button" }, "Show the point of no return");
  onClick(button, () => select(event ?? lastBefore(payload.events.timeUs, atUs)));
  return element(
    "div",
    { id: "decision" },
    element("p", {}, decision),
    element("div", { class: "row" }, button),
  );
}

function lastBefore(sinceLastUs: readonly number[], atUs: number): number {
  let now = 0;
  let last = 0;
  for (const [event, since] of sinceLastUs.entries()) {
    now += since;
    if (now <= atUs) last = event;
  }
  return last;
}

/** The curve over the diagram, in numbers. */
function oddsTable(odds: readonly PageOdds[]): Node {
  const rows = odds.map(({ fromUs, failures, runs }) =>
    element(
      "tr",
      {},
      element("td", { class: "num" }, fromUs === null ? "as it is" : `${milliseconds(fromUs)} ms`),
      element("td", { class: "num" }, `${Math.round((failures / Math.max(1, runs)) * 100)} %`),
      element("td", { class: "num" }, `${failures} of ${runs}`),
    ),
  );
  const titles = ["All choices drawn anew from", "Fails", "Runs"].map((title) =>
    element("th", { scope: "col", class: "num" }, title),
  );
  return element(
    "details",
    {},
    element("summary", {}, "The curve over the diagram, in numbers"),
    element(
      "table",
      { id: "odds", class: "narrow" },
      element("thead", {}, element("tr", {}, ...titles)),
      element("tbody", {}, ...rows),
    ),
  );
}
