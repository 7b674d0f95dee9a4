import type { JsonChange } from "../trace/json-diff.ts";
import type { Page } from "./page.ts";
import { visible, visibleAtMost } from "./visible.ts";

const INDENT = "  ";

/** Plain data as an outline: one line for each mapping and each value, values that fit on their line. */
export function outline(value: unknown, { width, style }: Page, indent = ""): string[] {
  if (typeof value !== "object" || value === null) return [indent + scalar(value, width - indent.length)];
  const entries = Object.entries(value);
  if (entries.length === 0) return [`${indent}${Array.isArray(value) ? "[]" : "{}"}`];
  return entries.flatMap(([name, part]) => {
    const title = `${indent}${style.faint(visible(name))}`;
    const room = width - indent.length - visible(name).length - 1;
    const short = oneLine(part);
    if (short.length <= room) return [`${title} ${visible(short)}`];
    if (typeof part !== "object" || part === null) return [`${title} ${scalar(part, room)}`];
    return [title, ...outline(part, { width, style }, indent + INDENT)];
  });
}

/** What changed, a line a place: what was there, and what is there now. */
export function changeLines(changes: readonly JsonChange[], { width, style }: Page, indent = ""): string[] {
  return changes.flatMap(({ path, before, after }) => {
    const place = visible(path.join(".") || "all of it");
    const [was, is] = [before, after].map((value) => visible(oneLine(value)));
    const line = `${place}  ${was} -> ${is}`;
    if (line.length + indent.length <= width) {
      return [`${indent}${style.faint(place)}  ${style.bad(was ?? "")} -> ${style.good(is ?? "")}`];
    }
    const room = width - indent.length - INDENT.length - 2;
    return [
      indent + style.faint(visibleAtMost(place, width - indent.length)),
      `${indent}${INDENT}${style.bad(`- ${visibleAtMost(oneLine(before), room)}`)}`,
      `${indent}${INDENT}${style.good(`+ ${visibleAtMost(oneLine(after), room)}`)}`,
    ];
  });
}

function scalar(value: unknown, lengthMax: number): string {
  return visibleAtMost(oneLine(value), Math.max(8, lengthMax));
}

function oneLine(value: unknown): string {
  return value === undefined ? "nothing" : JSON.stringify(value);
}
