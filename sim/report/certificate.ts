import type { Data, Operation } from "../run/history.ts";
import type { Violation } from "../run/invariant.ts";
import { alignedLines } from "./columns.ts";
import type { Page } from "./page.ts";
import { exactSpan, intervals } from "./units.ts";
import { visible, visibleAtMost } from "./visible.ts";
import { indented, wrap } from "./wrap.ts";

const KEY_LENGTH_MAX = 40;
const VALUE_LENGTH_MAX = 60;
const OPERATIONS_SHOWN_MAX = 50;
const INDENT = "  ";
const BULLET = "- ";

/**
 * A violation with what proves it: the operations that cannot all be right, in time order, and the notes.
 *
 * @param whyExpected null when it was not
 */
export function renderViolation(violation: Violation, whyExpected: string | null, page: Page): string[] {
  const { style, width } = page;
  const key = violation.key === null ? "" : `, key ${visibleAtMost(violation.key, KEY_LENGTH_MAX)}`;
  const title = `${visible(violation.invariant)}${key}`;
  const paragraph = (text: string): string[] => indented(wrap(visible(text), width - INDENT.length), INDENT);
  return [
    whyExpected === null
      ? style.bad(`${title}  UNEXPECTED`)
      : `${style.notable(title)}  ${style.faint(`expected: ${whyExpected}`)}`,
    ...paragraph(violation.summary),
    ...indented(operationLines(violation.operations, page), INDENT),
    ...violation.notes.flatMap((note) => {
      const [first = "", ...others] = wrap(visible(note), width - INDENT.length - BULLET.length);
      return indented([BULLET + first, ...indented(others, " ".repeat(BULLET.length))], INDENT);
    }),
  ];
}

/** Operations in time order: who, where, when, what, and how it ended. */
function operationLines(operations: readonly Operation[], { style }: Page): string[] {
  if (operations.length === 0) return [];
  const inOrder = [...operations].sort((a, b) => a.callUs - b.callUs || a.returnUs - b.returnUs);
  const shown = inOrder.slice(0, OPERATIONS_SHOWN_MAX);
  const times = intervals(shown.map(({ callUs, returnUs }) => ({ fromUs: callUs, toUs: returnUs })));
  const rows = shown.map((operation, index) => [
    { text: visible(operation.id) },
    { text: visible(operation.machine) },
    { text: times[index] ?? "" },
    { text: requestText(operation) },
    { text: resultText(operation) },
  ]);
  const header = ["operation", "machine", "ms", "what", "result"].map((text) => ({ text, set: style.faint }));
  const lines = alignedLines([header, ...rows], ["left", "left", "left", "left", "left"]);
  const hidden = inOrder.length - shown.length;
  return hidden === 0 ? lines : [...lines, style.faint(`… and ${hidden} more`)];
}

/** "set k1 = c1:7, ttl 500 ms" */
export function requestText(request: {
  readonly kind: string;
  readonly key: string;
  readonly value?: string | null | undefined;
  readonly ttlMs?: number | null | undefined;
  readonly f?: string | undefined;
  readonly input?: Data | undefined;
}): string {
  const { kind, key, value, ttlMs, f, input } = request;
  if (kind === "call") {
    return `${visible(f ?? kind)} ${visibleAtMost(key, KEY_LENGTH_MAX)}${dataText(" ", input)}`;
  }
  const ttl = typeof ttlMs === "number" ? `, ttl ${exactSpan(ttlMs)}` : "";
  const isWritten = kind !== "get" && typeof value === "string";
  const written = isWritten ? ` = ${valueText(value)}` : "";
  return `${visible(kind)} ${visibleAtMost(key, KEY_LENGTH_MAX)}${written}${ttl}`;
}

/** "ok, read c1:7", "ok, a miss", "ok, touched", "fail (unavailable)" */
export function resultText({
  kind,
  result,
  value,
  error,
  effect,
  found = null,
  output,
}: Pick<Operation, "kind" | "result" | "value" | "error" | "effect" | "found" | "output">): string {
  const why = error === null ? "" : ` (${visibleAtMost(error, VALUE_LENGTH_MAX)})`;
  const isRead = kind === "get" || effect === "found";
  if (result !== "ok") return `${result}${why}`;
  if (kind === "call") return `ok${dataText(", ", output)}${why}`;
  if (!isRead) return `ok${effect === undefined ? "" : `, ${effect}`}${why}`;
  const read = kind === "get" ? value : found;
  return read === null ? `ok, a miss${why}` : `ok, read ${valueText(read)}${why}`;
}

/** Nothing for null, which says nothing. */
function dataText(before: string, data: Data | undefined): string {
  if (data === undefined || data === null) return "";
  return before + visibleAtMost(JSON.stringify(data), VALUE_LENGTH_MAX);
}

export function valueText(value: string): string {
  return value === "" ? '""' : visibleAtMost(value, VALUE_LENGTH_MAX);
}
