import { byId, element, milliseconds, onClick } from "./dom.ts";
import type { PageOperation, PageViolation } from "./payload.ts";
import type { RunModel } from "./run-model.ts";

const SHOWN_MAX = 20;
const CERTIFICATE_MAX = 12;
const OPEN_MAX = 3;

/** The violations on top of the page: what is wrong, and the operations that prove it. */
export function showViolations(
  model: RunModel,
  look: (violation: PageViolation) => void,
  select: (operation: PageOperation, violation: PageViolation) => void,
): void {
  const { violations, operations } = model.payload;
  const cards = violations.slice(0, SHOWN_MAX).map((violation, place) => {
    const { invariant, key, summary, notes, expected, event } = violation;
    const button = element("button", { type: "button" }, "Show in the diagram");
    button.disabled = event === null;
    onClick(button, () => look(violation));
    const shown = violation.operations.slice(0, CERTIFICATE_MAX);
    const hidden = violation.operations.length - shown.length;
    const proof = [
      element(
        "ul",
        { class: "certificate", "aria-label": "Operations that cannot all be right" },
        ...shown.map((at) => certificateItem(operations[at], (operation) => select(operation, violation))),
      ),
      ...(hidden > 0 ? [element("p", { class: "quiet" }, `and ${hidden} more operations`)] : []),
      element("ul", { class: "notes" }, ...notes.map((note) => element("li", {}, note))),
    ];
    const isOpen = place < OPEN_MAX;
    return element(
      "article",
      { class: expected === null ? "card violation" : "card violation expected" },
      element(
        "h2",
        {},
        key === null ? invariant : `${invariant}, key ${key}`,
        element(
          "span",
          { class: "badge" },
          expected === null ? "a promise was broken" : `expected: ${expected}`,
        ),
      ),
      element("p", {}, summary),
      ...(isOpen ? proof : [element("details", {}, element("summary", {}, "Certificate"), ...proof)]),
      element("div", { class: "row" }, button),
    );
  });
  const more = violations.length - cards.length;
  byId("violations", HTMLElement).replaceChildren(
    ...cards,
    ...(more > 0 ? [element("p", { class: "quiet" }, `and ${more} more violations`)] : []),
  );
}

function certificateItem(
  operation: PageOperation | undefined,
  select: (operation: PageOperation) => void,
): Node {
  if (operation === undefined) return element("li", {});
  const { id, callUs, returnUs, request, answer } = operation;
  const until = returnUs === null ? "still open" : milliseconds(returnUs);
  const button = element(
    "button",
    { type: "button" },
    element("span", {}, id),
    element("span", { class: "quiet" }, `${milliseconds(callUs)} ms`),
    element("span", { class: "request", title: `until ${until}` }, request),
    element("span", { class: "result" }, answer),
  );
  onClick(button, () => select(operation));
  return element("li", {}, button);
}
