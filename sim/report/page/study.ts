import { byId, onClick, svgElement } from "./dom.ts";

interface StudyEstimate {
  readonly value: number | null;
  readonly low: number | null;
  readonly high: number | null;
}

interface StudyPoint {
  readonly condition: string;
  readonly policy: string;
  readonly estimates: readonly StudyEstimate[];
}

interface StudyData {
  readonly measures: readonly string[];
  readonly better: readonly ("less" | "more")[];
  readonly units: readonly string[];
  readonly rows: readonly StudyPoint[];
}

const FRONT_WIDTH = 900;
const FRONT_HEIGHT = 360;
const FRONT_MARGIN = 60;

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

/** Whether another policy is at least as good by both measures, and better by one. */
function isBeaten(
  data: StudyData,
  rows: readonly StudyPoint[],
  row: StudyPoint,
  axes: readonly number[],
): boolean {
  const gain = (other: StudyPoint, axis: number): number => {
    const [ours, theirs] = [row.estimates[axis]?.value ?? null, other.estimates[axis]?.value ?? null];
    if (ours === null || theirs === null) return Number.NaN;
    return data.better[axis] === "less" ? ours - theirs : theirs - ours;
  };
  return rows.some((other) => {
    const gains = axes.map((axis) => gain(other, axis));
    return gains.every((each) => each >= 0) && gains.some((each) => each > 0);
  });
}

function drawFront(data: StudyData): void {
  const indexOf = (id: string): number => byId(id, HTMLSelectElement).selectedIndex;
  const [across, up] = [indexOf("across"), indexOf("up")];
  const condition = byId("under", HTMLSelectElement).value;
  const rows = data.rows.filter((row) => {
    const [x, y] = [row.estimates[across]?.value, row.estimates[up]?.value];
    return row.condition === condition && typeof x === "number" && typeof y === "number";
  });
  const [x, y] = [
    scaleOf(rows, across, FRONT_MARGIN, FRONT_WIDTH - 140),
    scaleOf(rows, up, FRONT_HEIGHT - 40, 20),
  ];
  const svg = svgElement("svg", {
    viewBox: `0 0 ${FRONT_WIDTH} ${FRONT_HEIGHT}`,
    role: "img",
    "aria-label": `${data.measures[up] ?? ""} against ${data.measures[across] ?? ""}`,
  });
  const front: string[] = [];
  for (const row of rows) {
    const off = isBeaten(data, rows, row, [across, up]);
    if (!off) front.push(row.policy);
    svg.append(...drawPoint(row, across, up, x, y, off));
  }
  svg.append(
    svgElement("text", { x: FRONT_WIDTH / 2, y: FRONT_HEIGHT - 6, class: "x" }, axisText(data, across)),
    svgElement("text", { x: 8, y: 14 }, axisText(data, up)),
  );
  byId("front", HTMLDivElement).replaceChildren(svg);
  const text =
    front.length === 0 ? "Nothing was measured here." : `Nobody is better by both than: ${front.join(", ")}.`;
  byId("front-text", HTMLParagraphElement).textContent = text;
}

function axisText({ measures, units, better }: StudyData, axis: number): string {
  return `${measures[axis] ?? ""} (${units[axis] ?? ""}, ${better[axis] ?? ""} is better)`;
}

/** From the values of all points, with some room, to places in the picture. */
function scaleOf(
  rows: readonly StudyPoint[],
  axis: number,
  from: number,
  to: number,
): (value: number) => number {
  const values = rows.flatMap((row) => {
    const { value, low, high } = row.estimates[axis] ?? { value: null, low: null, high: null };
    return [value, low, high].filter((each): each is number => each !== null);
  });
  const low = Math.min(...values);
  const width = Math.max(...values) - low || 1;
  return (value) => from + ((value - low) / width) * (to - from);
}

type Scale = (value: number) => number;

function drawPoint(
  row: StudyPoint,
  across: number,
  up: number,
  x: Scale,
  y: Scale,
  off: boolean,
): SVGElement[] {
  const [first, second] = [row.estimates[across], row.estimates[up]];
  const [cx, cy] = [x(first?.value ?? 0), y(second?.value ?? 0)];
  const wide = `M${x(first?.low ?? 0)} ${cy}H${x(first?.high ?? 0)}M${cx} ${y(second?.low ?? 0)}V${y(second?.high ?? 0)}`;
  return [
    svgElement("path", { d: wide, class: "bar-line" }),
    svgElement("circle", { cx, cy, r: 5, class: off ? "dot off" : "dot" }),
    svgElement("text", { x: cx + 9, y: cy - 6 }, row.policy),
  ];
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
