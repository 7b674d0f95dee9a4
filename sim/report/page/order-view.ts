import { byId, element, milliseconds, svgElement } from "./dom.ts";
import type { KeyHistory, PageOperation } from "./payload.ts";
import type { RunModel } from "./run-model.ts";

const ROW = 24;
const ORDER = { left: 112, right: 18, top: 26 } as const;
const OPERATIONS_MAX = 200;

/**
 * The operations on one key as bars, with the moment at which each may have happened: an order that explains them all,
 * or the longest one and what cannot follow it.
 */
export function createOrderView(
  model: RunModel,
  select: (operation: PageOperation) => void,
): { show(key: string): void } {
  const choice = byId("order-key", HTMLSelectElement);
  const { keys, violations, operations } = model.payload;
  choice.replaceChildren(...keys.map(({ key }) => element("option", { value: key }, key)));
  choice.addEventListener("change", () => draw(choice.value));
  const [first] = keys;
  if (first !== undefined) draw(first.key);

  function draw(key: string): void {
    const history = keys.find((candidate) => candidate.key === key);
    if (history === undefined) return;
    choice.value = key;
    const proof = new Set(
      violations.filter((violation) => violation.key === key).flatMap((violation) => violation.operations),
    );
    byId("order", HTMLElement).replaceChildren(
      element("p", { id: "order-verdict" }, verdictText(history, operations)),
      orderChart(history, operations, proof, select),
      ...(history.operations.length > OPERATIONS_MAX
        ? [
            element(
              "p",
              { class: "quiet" },
              `The first ${OPERATIONS_MAX} of ${history.operations.length} operations.`,
            ),
          ]
        : []),
    );
  }
  return { show: draw };
}

function verdictText(history: KeyHistory, operations: readonly PageOperation[]): string {
  const { verdict, points, blocked, isOfProof } = history;
  const names = blocked.map((place) => operations[place]?.id ?? "").join(", ");
  switch (verdict) {
    case "order":
      return `Linearizable: each operation can be given one moment (the dot) at which it happened; their order is numbered.`;
    case "stuck":
      return `Not linearizable: the longest order${isOfProof ? " of the operations of the certificate" : ""} has ${points.length} operations. ${names} cannot follow: no answer left fits what the key holds then.`;
    case "unknown":
      return `Too many orders to try them all; as far as ${points.length} operations the numbered order is right.`;
    case "none":
      return "What these operations mean is known to the system's model alone: no order is shown.";
  }
}

function orderChart(
  history: KeyHistory,
  operations: readonly PageOperation[],
  proof: ReadonlySet<number>,
  select: (operation: PageOperation) => void,
): Node {
  const shown = history.operations.slice(0, OPERATIONS_MAX).flatMap((place) => {
    const operation = operations[place];
    return operation === undefined ? [] : [{ place, operation }];
  });
  const width = 1180;
  const height = ORDER.top + shown.length * ROW + 10;
  const startUs = Math.min(...shown.map(({ operation }) => operation.callUs));
  const stopUs = Math.max(...shown.map(({ operation }) => operation.returnUs ?? operation.callUs)) + 1;
  const x = (us: number): number =>
    ORDER.left + ((us - startUs) / (stopUs - startUs)) * (width - ORDER.left - ORDER.right);
  const numbers = new Map(
    history.points.map(([place, atUs], number) => [place, { number: number + 1, atUs }]),
  );
  const blocked = new Set(history.blocked);
  const rows = shown.map(({ place, operation }, row) =>
    rowOf(
      operation,
      ORDER.top + row * ROW,
      x,
      stopUs,
      numbers.get(place),
      { isBlocked: blocked.has(place), isProof: proof.has(place) },
      select,
    ),
  );
  const path = history.points
    .map(([place, atUs]) => ({ row: shown.findIndex((candidate) => candidate.place === place), atUs }))
    .filter(({ row }) => row >= 0)
    .map(
      ({ row, atUs }, step) =>
        `${step === 0 ? "M" : "L"}${x(atUs).toFixed(1)} ${ORDER.top + row * ROW + ROW / 2}`,
    )
    .join(" ");
  return svgElement(
    "svg",
    {
      viewBox: `0 0 ${width} ${height}`,
      width: "100%",
      role: "img",
      "aria-label": `Operations on ${history.key} in time`,
    },
    svgElement("text", { x: ORDER.left, y: 14, class: "soft" }, `${milliseconds(startUs)} ms`),
    svgElement(
      "text",
      { x: width - ORDER.right, y: 14, class: "soft", "text-anchor": "end" },
      `${milliseconds(stopUs - 1)} ms`,
    ),
    svgElement("path", { d: path, fill: "none", stroke: "var(--line)", "stroke-width": 1.5 }),
    ...rows,
  );
}

interface Marks {
  readonly isBlocked: boolean;
  readonly isProof: boolean;
}

function rowOf(
  operation: PageOperation,
  y: number,
  x: (us: number) => number,
  stopUs: number,
  point: { readonly number: number; readonly atUs: number } | undefined,
  { isBlocked, isProof }: Marks,
  select: (operation: PageOperation) => void,
): Node {
  const { id, request, answer, result, callUs, returnUs } = operation;
  const [from, to] = [x(callUs), x(returnUs ?? stopUs)];
  const colour = { ok: "var(--ok)", fail: "var(--fail)", indeterminate: "var(--unknown)" }[result];
  const isRight = from > 760;
  const text = `${request}: ${answer}`;
  const group = svgElement(
    "g",
    { class: isBlocked ? "operation blocked" : "operation" },
    svgElement(
      "title",
      {},
      `${id} ${text}, ${milliseconds(callUs)} to ${returnUs === null ? "the end" : milliseconds(returnUs)} ms`,
    ),
    ...(isBlocked || isProof
      ? [svgElement("rect", { x: 0, y: y + 1, width: 1180, height: ROW - 2, rx: 5, fill: "var(--bad-soft)" })]
      : []),
    svgElement("text", { x: 8, y: y + 16 }, id),
    svgElement("rect", {
      x: from,
      y: y + 5,
      width: Math.max(3, to - from),
      height: ROW - 10,
      rx: 3,
      fill: colour,
      "fill-opacity": result === "ok" ? 0.35 : 0.12,
      stroke: isBlocked ? "var(--bad)" : colour,
      "stroke-width": isBlocked ? 2 : 1,
      ...(result === "indeterminate" && { "stroke-dasharray": "4 3" }),
    }),
    ...(point === undefined
      ? []
      : [
          svgElement("circle", { cx: x(point.atUs), cy: y + ROW / 2, r: 4, fill: colour }),
          svgElement(
            "text",
            { x: ORDER.left - 10, y: y + 16, class: "soft", "text-anchor": "end" },
            String(point.number),
          ),
        ]),
    svgElement(
      "text",
      isRight
        ? { x: from - 8, y: y + 16, "text-anchor": "end" }
        : { x: Math.max(from, Math.min(to, 700)) + 10, y: y + 16 },
      isBlocked ? `${text}  ✗` : text,
    ),
  );
  group.addEventListener("click", () => select(operation));
  onClickStyle(group);
  return group;
}

function onClickStyle(group: SVGGElement): void {
  group.style.cursor = "pointer";
}
