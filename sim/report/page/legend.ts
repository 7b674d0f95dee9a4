import { byId, element, svgElement } from "./dom.ts";

/** What the shapes of the diagram mean. */
export function showLegend(): void {
  const box = (attributes: Readonly<Record<string, string | number>>): Node =>
    svgElement("rect", { x: 1, y: 3, width: 20, height: 10, ...attributes });
  const cross = svgElement("path", {
    d: "M1 2 L11 8 M8 5 L14 11 M14 5 L8 11",
    stroke: "var(--lost)",
    fill: "none",
    "stroke-width": 1.5,
  });
  const arrow = svgElement("path", {
    d: "M1 3 L19 12 M19 12 L12 12 M19 12 L16 6",
    stroke: "var(--message)",
    fill: "none",
    "stroke-width": 1.5,
  });
  const entries: readonly (readonly [Node, string])[] = [
    [box({ fill: "var(--ok)" }), "operation ok"],
    [box({ fill: "var(--fail)", "fill-opacity": 0.25, stroke: "var(--fail)" }), "failed"],
    [
      box({
        fill: "var(--unknown)",
        "fill-opacity": 0.25,
        stroke: "var(--unknown)",
        "stroke-dasharray": "4 3",
      }),
      "indeterminate: may have happened",
    ],
    [arrow, "message"],
    [cross, "lost message"],
    [box({ fill: "var(--fault)" }), "fault"],
    [box({ fill: "var(--down)" }), "machine down"],
    [box({ fill: "none", stroke: "var(--bad)", "stroke-width": 2 }), "in the certificate"],
    [
      svgElement("path", {
        d: "M1 12 L10 4 L21 4",
        stroke: "var(--accent)",
        fill: "none",
        "stroke-width": 2.5,
      }),
      "what led to the selected event",
    ],
  ];
  byId("legend", HTMLElement).replaceChildren(
    ...entries.map(([shape, text]) =>
      element("li", {}, svgElement("svg", { width: 22, height: 16, "aria-hidden": "true" }, shape), text),
    ),
  );
}
