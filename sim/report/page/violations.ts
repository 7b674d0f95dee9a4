import { byId, element, milliseconds, onClick } from "./dom.ts";
import type { PageOperation, PageViolation } from "./payload.ts";
import type { RunModel } from "./run-model.ts";

const CHOICES_MAX = 60;
const CERTIFICATE_MAX = 12;

export interface ViolationsActions {
  /** A violation was chosen. */
  readonly look: (violation: PageViolation) => void;
  /** One of the operations of its certificate was. */
  readonly select: (operation: PageOperation, violation: PageViolation) => void;
}

/** On top of the page, one violation at a time: what is wrong, and the operations that prove it. */
export function createViolationsView(
  model: RunModel,
  actions: ViolationsActions,
): { show(violation: PageViolation): void } {
  const { violations, operations } = model.payload;
  const section = byId("violations", HTMLElement);
  const choices = violations.slice(0, CHOICES_MAX).map((violation) => {
    const button = element("button", { type: "button", "aria-pressed": "false" }, nameOf(violation));
    if (violation.expected !== null) button.classList.add("expected");
    onClick(button, () => actions.look(violation));
    return { violation, button };
  });
  const hidden = violations.length - choices.length;
  const list = element(
    "div",
    { class: "choices", role: "group", "aria-label": "Violations" },
    ...choices.map(({ button }) => button),
    ...(hidden > 0 ? [element("span", { class: "quiet" }, `and ${hidden} more`)] : []),
  );
  const card = element("article", { class: "card violation", id: "certificate" });
  if (violations.length > 0) section.replaceChildren(card);

  return {
    show(violation) {
      for (const choice of choices) {
        choice.button.setAttribute("aria-pressed", String(choice.violation === violation));
      }
      card.classList.toggle("expected", violation.expected !== null);
      card.replaceChildren(...(violations.length > 1 ? [list] : []), ...parts(violation));
    },
  };

  function parts(violation: PageViolation): Node[] {
    const { summary, notes, expected } = violation;
    const shown = violation.operations.slice(0, CERTIFICATE_MAX);
    const rest = violation.operations.length - shown.length;
    const items = shown.flatMap((place) => {
      const operation = operations[place];
      return operation === undefined
        ? []
        : [certificateItem(operation, () => actions.select(operation, violation))];
    });
    return [
      element(
        "h2",
        {},
        nameOf(violation),
        element(
          "span",
          { class: "badge" },
          expected === null ? "a promise was broken" : `expected: ${expected}`,
        ),
      ),
      element("p", {}, summary),
      element("ul", { class: "certificate", "aria-label": "Operations that cannot all be right" }, ...items),
      ...(rest > 0 ? [element("p", { class: "quiet" }, `and ${rest} more operations`)] : []),
      element("ul", { class: "notes" }, ...notes.map((note) => element("li", {}, note))),
    ];
  }
}

function nameOf({ invariant, key }: PageViolation): string {
  return key === null ? invariant : `${invariant} ${key}`;
}

function certificateItem(operation: PageOperation, select: () => void): Node {
  const { id, callUs, returnUs, request, answer } = operation;
  const until = returnUs === null ? "still open at the end" : `to ${milliseconds(returnUs)}`;
  const button = element(
    "button",
    { type: "button" },
    element("span", {}, id),
    element("span", { class: "quiet" }, `${milliseconds(callUs)} ${until} ms`),
    element("span", { class: "request" }, request),
    element("span", { class: "result" }, answer),
  );
  onClick(button, select);
  return element("li", {}, button);
}
