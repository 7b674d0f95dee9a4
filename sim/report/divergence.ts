import type { TraceEvent } from "../kernel/trace-sink.ts";
import type { Divergence } from "../trace/divergence.ts";
import { alignedLines } from "./columns.ts";
import { renderEvents } from "./event-log.ts";
import type { Page } from "./page.ts";
import { count, counted, instant } from "./units.ts";
import { visible, visibleAtMost } from "./visible.ts";
import { indented } from "./wrap.ts";

const INDENT = "  ";
/** Of two payloads that have little in common, the first fields tell as much as all of them. */
const FIELDS_SHOWN_MAX = 12;
const PAYLOAD_LENGTH_MAX = 600;
const CELL_WIDTH_MIN = 12;

/** Where two runs of one plan part: what they have in common until then, and the first event that differs. */
export function renderDivergence({ commonCount, before, first, second }: Divergence, page: Page): string[] {
  const { style, width } = page;
  const common =
    before.length === 0
      ? ["nothing in common"]
      : [
          `${counted(commonCount, "event")} in common, the last of them:`,
          ...indented(renderEvents(before, [], { ...page, width: width - INDENT.length }), INDENT),
        ];
  return [
    ...common,
    style.bad(`event #${count(commonCount)} is the first that differs:`),
    ...indented(comparison(first, second, width - INDENT.length, page), INDENT),
    ...[first, second].map((event, index) => {
      const name = index === 0 ? "first " : "second";
      const payload = event === null ? "the run had ended" : JSON.stringify(event.data ?? null);
      return `${INDENT}${style.faint(`${name}  `)}${visibleAtMost(payload, PAYLOAD_LENGTH_MAX)}`;
    }),
  ];
}

/** The fields of both events beside each other; those of their data only where they differ. */
function comparison(
  first: TraceEvent | null,
  second: TraceEvent | null,
  width: number,
  { style }: Page,
): string[] {
  const [left, right] = [fieldsOf(first), fieldsOf(second)];
  const names = [...new Set([...left.keys(), ...right.keys()])];
  const shown = names.filter((name) => !name.startsWith("data") || left.get(name) !== right.get(name));
  const hidden = shown.length - FIELDS_SHOWN_MAX;
  const nameWidth = Math.max(...shown.map((name) => visible(name).length));
  const cellWidth = Math.max(CELL_WIDTH_MIN, Math.floor((width - nameWidth - 4) / 2));
  const cell = (text: string | undefined, isOther: boolean) => ({
    text: visibleAtMost(text ?? "-", cellWidth),
    set: isOther ? style.bad : undefined,
  });
  const rows = shown.slice(0, FIELDS_SHOWN_MAX).map((name) => {
    const [a, b] = [left.get(name), right.get(name)];
    return [{ text: visible(name), set: style.faint }, cell(a, a !== b), cell(b, a !== b)];
  });
  const header = ["", "first run", "second run"].map((text) => ({ text, set: style.faint }));
  return [
    ...alignedLines([header, ...rows], ["left", "left", "left"]),
    ...(hidden > 0 ? [style.faint(`… and ${counted(hidden, "more field")}`)] : []),
  ];
}

function fieldsOf(event: TraceEvent | null): Map<string, string> {
  const fields = new Map<string, string>();
  if (event === null) return fields;
  const { timeUs, machine, kind, cause, activity, data } = event;
  fields.set("time", `${instant(timeUs)} ms`);
  fields.set("machine", machine ?? "none");
  fields.set("kind", kind);
  fields.set("cause", `${cause < 0 ? "none" : `#${cause}`}, part of ${activity}`);
  addLeaves(fields, "data", data);
  return fields;
}

/** Plain data as its leaves, each under its path: `data.message.id`. */
function addLeaves(fields: Map<string, string>, path: string, data: unknown): void {
  if (typeof data !== "object" || data === null) {
    fields.set(path, JSON.stringify(data) ?? "nothing");
    return;
  }
  for (const [name, value] of Object.entries(data)) addLeaves(fields, `${path}.${name}`, value);
}
