import { byId, element, milliseconds, onClick } from "./dom.ts";
import type { RunModel } from "./run-model.ts";
import { countUpTo } from "./run-model.ts";

const ROWS = 50;

/** The events as a table, page by page: all that the diagram shows, for whoever cannot see it. */
export interface TableView {
  /** Shows the page with this event, or the first one. */
  show(shown: readonly number[], selected: number): void;
}

export function createTableView(model: RunModel, select: (event: number) => void): TableView {
  const table = byId("table", HTMLTableElement);
  const back = element("button", { type: "button", id: "page-back" }, "Previous");
  const on = element("button", { type: "button", id: "page-on" }, "Next");
  const place = element("span", { id: "page-place", role: "status", class: "quiet" });
  byId("pager", HTMLElement).replaceChildren(place, back, on);
  let events: readonly number[] = [];
  let first = 0;
  let selected = -1;

  onClick(back, () => turn(-1));
  onClick(on, () => turn(1));

  function turn(step: number): void {
    first = Math.max(0, Math.min(first + step * ROWS, lastPage()));
    draw();
  }

  function lastPage(): number {
    return Math.max(0, Math.floor((events.length - 1) / ROWS) * ROWS);
  }

  function draw(): void {
    const shown = events.slice(first, first + ROWS);
    back.disabled = first === 0;
    on.disabled = first >= lastPage();
    place.textContent =
      events.length === 0 ? "no events" : `${first + 1} to ${first + shown.length} of ${events.length}`;
    const titles = ["Event", "ms", "Machine", "Operation", "Caused by", "What"].map((title, column) =>
      element("th", { scope: "col", ...(column < 2 && { class: "num" }) }, title),
    );
    // What is in the table is a part of it, which a screen reader says.
    table.setAttribute("aria-rowcount", String(events.length + 1));
    table.replaceChildren(
      element("thead", {}, element("tr", {}, ...titles)),
      element("tbody", {}, ...shown.map((event, row) => rowOf(event, first + row))),
    );
  }

  function rowOf(event: number, row: number): HTMLElement {
    const cause = model.cause[event] ?? -1;
    const number = element("button", { type: "button" }, `#${event}`);
    onClick(number, () => select(event));
    return element(
      "tr",
      { "aria-rowindex": String(row + 2), ...(event === selected && { "aria-selected": "true" }) },
      element("td", { class: "num" }, number),
      element("td", { class: "num" }, milliseconds(model.timeUs[event] ?? 0)),
      element("td", {}, model.payload.machines[model.machine[event] ?? -1] ?? "world"),
      element("td", {}, model.activity(event)),
      element("td", {}, cause < 0 ? "" : `#${cause}`),
      element("td", { class: "wide" }, model.text(event)),
    );
  }

  return {
    show(shown, chosen) {
      const isOther = events !== shown;
      events = shown;
      selected = chosen;
      const at = countUpTo(events, chosen) - 1;
      if (chosen >= 0 && events[at] === chosen) first = Math.floor(at / ROWS) * ROWS;
      else if (isOther) first = 0;
      draw();
    },
  };
}
