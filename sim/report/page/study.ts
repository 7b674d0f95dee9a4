import { byId, onClick } from "./dom.ts";
import type { StudyData } from "./study-data.ts";
import { drawFront } from "./study-front.ts";

/** Each table can be sorted by each of its columns, with a click or with the keyboard. */
function sortTables(): void {
  for (const table of document.querySelectorAll<HTMLTableElement>("table.sortable")) {
    const heads = [...table.querySelectorAll("thead th")];
    for (const [column, head] of heads.entries()) {
      const button = head.querySelector("button");
      if (button !== null) onClick(button, () => sortBy(table, heads, column));
    }
  }
}

function sortBy(table: HTMLTableElement, heads: readonly Element[], column: number): void {
  const isRising = heads[column]?.getAttribute("aria-sort") !== "ascending";
  for (const head of heads) if (head.hasAttribute("aria-sort")) head.setAttribute("aria-sort", "none");
  heads[column]?.setAttribute("aria-sort", isRising ? "ascending" : "descending");
  const body = table.tBodies[0];
  if (body === undefined) return;
  const valueOf = (row: HTMLTableRowElement): number | string => {
    const cell = row.cells[column];
    const text = cell?.dataset["value"];
    if (text === undefined) return cell?.textContent ?? "";
    return text === "" ? Infinity : Number(text);
  };
  const rows = [...body.rows].sort((a, b) => {
    const [first, second] = [valueOf(a), valueOf(b)];
    return (first < second ? -1 : first > second ? 1 : 0) * (isRising ? 1 : -1);
  });
  body.append(...rows);
}

function startStudy(): void {
  const data = JSON.parse(byId("data", HTMLScriptElement).text) as StudyData;
  sortTables();
  const selects = ["across", "up", "under"].map((id) => byId(id, HTMLSelectElement));
  for (const select of selects) select.addEventListener("change", () => drawFront(data));
  const [, second] = selects;
  if (second !== undefined) second.selectedIndex = Math.min(1, data.measures.length - 1);
  onClick(byId("theme", HTMLButtonElement), () => {
    const root = document.documentElement;
    const isDark =
      root.dataset["theme"] === "dark" ||
      (root.dataset["theme"] === undefined && matchMedia("(prefers-color-scheme: dark)").matches);
    root.dataset["theme"] = isDark ? "light" : "dark";
  });
  drawFront(data);
}

startStudy();
