import { byId, svgElement } from "./dom.ts";
import { type Axis, axisOf } from "./study-axis.ts";
import type { StudyData, StudyPoint } from "./study-data.ts";

const WIDTH = 900;
const HEIGHT = 380;
const LEFT = 70;
const TOP = 28;
const BOTTOM = 52;
const LINE_HEIGHT = 14;
/** Of a letter of a name, at most. */
const LETTER_WIDTH = 7;
const NAMES_WIDTH_MAX = 400;

/** Two measures of a picture, by their places in the list. */
interface Measures {
  readonly across: number;
  readonly up: number;
}

/** Draws the policies under one condition, one measure against another, and who is not beaten by both. */
export function drawFront(data: StudyData): void {
  const indexOf = (id: string): number => byId(id, HTMLSelectElement).selectedIndex;
  const chosen = { across: indexOf("across"), up: indexOf("up") };
  const condition = byId("under", HTMLSelectElement).value;
  const rows = data.rows.filter(
    (row) =>
      row.condition === condition && valueOf(row, chosen.across) !== null && valueOf(row, chosen.up) !== null,
  );
  const front = rows.filter((row) => !isBeaten(data, rows, row, chosen));
  byId("front", HTMLDivElement).replaceChildren(rows.length === 0 ? "" : picture(data, rows, front, chosen));
  byId("front-text", HTMLParagraphElement).textContent =
    front.length === 0
      ? "Nothing was measured here."
      : `Nobody is better by both than: ${front.map(({ policy }) => policy).join(", ")}.`;
}

/** Whether another policy is at least as good by both measures, and better by one. */
function isBeaten(
  data: StudyData,
  rows: readonly StudyPoint[],
  row: StudyPoint,
  { across, up }: Measures,
): boolean {
  return rows.some((other) => {
    const gains = [across, up].map((measure) => {
      const gain = (valueOf(row, measure) ?? Number.NaN) - (valueOf(other, measure) ?? Number.NaN);
      return data.better[measure] === "less" ? gain : -gain;
    });
    return gains.every((gain) => gain >= 0) && gains.some((gain) => gain > 0);
  });
}

function picture(
  data: StudyData,
  rows: readonly StudyPoint[],
  front: readonly StudyPoint[],
  chosen: Measures,
): SVGElement {
  const { across, up } = chosen;
  const longest = Math.max(...rows.map(({ policy }) => policy.length));
  const namesWidth = Math.min(NAMES_WIDTH_MAX, longest * LETTER_WIDTH + 20);
  const right = WIDTH - namesWidth;
  const x = axisOf(rows, across, data.units[across] ?? "", LEFT, right);
  const y = axisOf(rows, up, data.units[up] ?? "", HEIGHT - BOTTOM, TOP);
  const svg = svgElement("svg", {
    viewBox: `0 0 ${WIDTH} ${HEIGHT}`,
    role: "img",
    "aria-label": `${data.measures[up] ?? ""} against ${data.measures[across] ?? ""}`,
  });
  svg.append(
    ...gridLines(x, y, right),
    svgElement("text", { x: (LEFT + right) / 2, y: HEIGHT - 10, class: "x" }, axisText(data, across)),
    svgElement("text", { x: 8, y: 14 }, axisText(data, up)),
    frontLine(front, chosen, x, y),
    ...rows.flatMap((row) => drawPoint(row, front.includes(row), chosen, x, y)),
    ...labels(rows, chosen, x, y, namesWidth),
  );
  return svg;
}

function gridLines(x: Axis, y: Axis, right: number): SVGElement[] {
  return [
    ...y.ticks.flatMap(({ at, text }) => [
      svgElement("path", { d: `M${LEFT} ${at}H${right}`, class: "grid" }),
      svgElement("text", { x: LEFT - 8, y: at, class: "y" }, text),
    ]),
    ...x.ticks.flatMap(({ at, text }) => [
      svgElement("path", { d: `M${at} ${TOP}V${HEIGHT - BOTTOM}`, class: "grid" }),
      svgElement("text", { x: at, y: HEIGHT - BOTTOM + 18, class: "x" }, text),
    ]),
  ];
}

/** From one policy that is not beaten to the next. */
function frontLine(front: readonly StudyPoint[], { across, up }: Measures, x: Axis, y: Axis): SVGElement {
  const places = front
    .map((row) => [x.place(valueOf(row, across) ?? 0), y.place(valueOf(row, up) ?? 0)] as const)
    .sort(([a], [b]) => a - b);
  return svgElement("path", {
    d: `M${places.map(([px, py]) => `${px} ${py}`).join("L")}`,
    class: "front-line",
  });
}

function drawPoint(
  { estimates }: StudyPoint,
  isOnFront: boolean,
  { across, up }: Measures,
  x: Axis,
  y: Axis,
): SVGElement[] {
  const [first, second] = [estimates[across], estimates[up]];
  const [cx, cy] = [x.place(first?.value ?? 0), y.place(second?.value ?? 0)];
  const cross =
    `M${x.place(first?.low ?? 0)} ${cy}H${x.place(first?.high ?? 0)}` +
    `M${cx} ${y.place(second?.low ?? 0)}V${y.place(second?.high ?? 0)}`;
  return [
    svgElement("path", { d: cross, class: "bar-line" }),
    svgElement("circle", { cx, cy, r: 5, class: isOnFront ? "dot" : "dot off" }),
  ];
}

/** The names of the policies, moved down where they would be written over each other. */
function labels(
  rows: readonly StudyPoint[],
  { across, up }: Measures,
  x: Axis,
  y: Axis,
  width: number,
): SVGElement[] {
  const places = rows
    .map((row) => ({
      text: row.policy,
      left: x.place(valueOf(row, across) ?? 0) + 9,
      y: y.place(valueOf(row, up) ?? 0) - 7,
    }))
    .sort((a, b) => a.y - b.y);
  const placed: typeof places = [];
  for (const label of places) {
    const isOver = (other: (typeof places)[number]): boolean =>
      Math.abs(other.y - label.y) < LINE_HEIGHT && Math.abs(other.left - label.left) < width;
    while (placed.some(isOver))
      label.y = Math.max(...placed.filter(isOver).map((other) => other.y)) + LINE_HEIGHT;
    placed.push(label);
  }
  return placed.map(({ text, left, y: top }) =>
    svgElement("text", { x: left, y: top, class: "policy" }, text),
  );
}

function valueOf({ estimates }: StudyPoint, measure: number): number | null {
  return estimates[measure]?.value ?? null;
}

function axisText({ measures, units, better }: StudyData, measure: number): string {
  return `${measures[measure] ?? ""} (${units[measure] ?? ""}, ${better[measure] ?? ""} is better)`;
}
