import { byId, element, onClick, svgElement } from "./dom.ts";
import type { PageExplanation } from "./payload.ts";
import type { RunModel } from "./run-model.ts";

const CURVE = { width: 1000, height: 200, left: 56, bottom: 28, top: 12 } as const;

/** Why the run fails, if somebody has found out. */
export function showExplanation(model: RunModel, select: (event: number) => void): void {
  const { explanation, faults } = model.payload;
  if (explanation === null) return;
  const { story, curve, necessaryFaults, pointOfNoReturn } = explanation;
  const needed = necessaryFaults.map((place) => faults[place]?.text ?? `fault ${place}`);
  const button = element(
    "button",
    { type: "button" },
    `Show event #${pointOfNoReturn ?? 0}, after which it could not be averted`,
  );
  onClick(button, () => select(pointOfNoReturn ?? 0));
  byId("explanation", HTMLElement).hidden = false;
  byId("explanation-body", HTMLElement).replaceChildren(
    ...story.map((paragraph) => element("p", {}, paragraph)),
    ...(needed.length === 0
      ? []
      : [
          element("h3", {}, "Faults that it takes"),
          element("ul", {}, ...needed.map((text) => element("li", {}, text))),
        ]),
    ...(pointOfNoReturn === null ? [] : [element("div", { class: "row" }, button)]),
    ...(curve.length === 0
      ? []
      : [
          element("h3", {}, "How likely it was to fail, from that moment on"),
          curveChart(curve, model.payload.endUs / 1000),
        ]),
  );
}

function curveChart(curve: PageExplanation["curve"], endMs: number): Node {
  const x = (ms: number): number => CURVE.left + (ms / endMs) * (CURVE.width - CURVE.left - 10);
  const y = (share: number): number => CURVE.top + (1 - share) * (CURVE.height - CURVE.top - CURVE.bottom);
  const points = curve.map(({ atMs, runs, failures }) => ({
    atMs,
    runs,
    failures,
    share: runs === 0 ? 0 : failures / runs,
  }));
  const line = points
    .map(({ atMs, share }, step) => `${step === 0 ? "M" : "L"}${x(atMs).toFixed(1)} ${y(share).toFixed(1)}`)
    .join(" ");
  const marks = points.map(({ atMs, runs, failures, share }) =>
    svgElement(
      "circle",
      { cx: x(atMs), cy: y(share), r: 4, fill: "var(--bad)" },
      svgElement("title", {}, `${atMs} ms: ${failures} of ${runs} runs failed`),
    ),
  );
  const grid = [0, 0.5, 1].flatMap((share) => [
    svgElement("line", {
      x1: CURVE.left,
      x2: CURVE.width - 10,
      y1: y(share),
      y2: y(share),
      stroke: "var(--line)",
    }),
    svgElement(
      "text",
      { x: CURVE.left - 8, y: y(share) + 4, "text-anchor": "end", "font-size": 12, fill: "var(--soft)" },
      `${share * 100} %`,
    ),
  ]);
  return svgElement(
    "svg",
    {
      viewBox: `0 0 ${CURVE.width} ${CURVE.height}`,
      width: "100%",
      id: "curve",
      role: "img",
      "aria-label": "Share of runs that fail, by the moment from which all choices are drawn anew",
    },
    ...grid,
    svgElement("path", { d: line, fill: "none", stroke: "var(--bad)", "stroke-width": 2 }),
    ...marks,
  );
}
