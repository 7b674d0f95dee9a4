import { byId, element, svgElement } from "./dom.ts";
import type { RunModel } from "./run-model.ts";

/** What the shapes of the diagram mean. */
export function showLegend({ payload, marks }: RunModel): void {
  const { changes, absences } = payload;
  const isMarked = marks.length > 0;
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
  const diamond = svgElement("path", { d: "M11 2 L17 8 L11 14 L5 8 Z", fill: "var(--fault-ink)" });
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
    ...(changes.length + absences.length === 0
      ? []
      : [
          [box({ fill: "var(--change)" }), "change of the cluster"] as const,
          [box({ fill: "var(--absent)" }), "no member"] as const,
        ]),
    ...(isMarked
      ? [[diamond, "what happens to a machine in a moment: its disk, a process, a detour"] as const]
      : []),
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
