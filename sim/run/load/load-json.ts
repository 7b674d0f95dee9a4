import type { Path, Position, Source } from "./load-problem.ts";

/**
 * Where things are in a JSON text that `JSON.parse` has accepted. Plans may have millions of lines; a YAML
 * parser, which also knows positions, would need a hundred times the memory.
 */

interface Frame {
  readonly isList: boolean;
  /** Names seen so far; null in a list. */
  readonly names: Set<string> | null;
  /** The part being read: its name or its index. */
  part: string | number;
  partOffset: number;
}

/** Something about a valid JSON text that a file of ours may not have. */
export interface JsonFlaw {
  readonly path: Path;
  readonly offset: number;
  readonly message: string;
}

/** Anything deeper is no file of ours. */
export const DEPTH_MAX = 50;
export const FLAWS = {
  duplicate: "is given twice: keep one",
  forbidden: "not a name that can be used",
  deep: `nested more than ${DEPTH_MAX} levels deep`,
} as const;

export function jsonSource(text: string, value: unknown): Source {
  return {
    value,
    locate(path, at) {
      for (let length = path.length; length > 0; length--) {
        const found = findPart(text, path.slice(0, length));
        if (found === null) continue;
        const isKey = (at === "key" && length === path.length) || length < path.length;
        return positionAt(text, isKey ? found.partOffset : found.valueOffset);
      }
      return positionAt(text, Math.max(0, text.search(/\S/)));
    },
  };
}

/** The first thing that JSON allows and we do not. */
export function jsonFlaw(text: string): JsonFlaw | null {
  let flaw: JsonFlaw | null = null;
  scan(text, {
    name(frames, isDuplicate) {
      const { part, partOffset } = frames.at(-1) as Frame;
      if (!isDuplicate && part !== "__proto__") return false;
      const path = frames.map((frame) => frame.part);
      flaw = { path, offset: partOffset, message: isDuplicate ? FLAWS.duplicate : FLAWS.forbidden };
      return true;
    },
    value(frames, offset) {
      if (frames.length <= DEPTH_MAX) return false;
      flaw = { path: [], offset, message: FLAWS.deep };
      return true;
    },
  });
  return flaw;
}

export function positionAt(text: string, offset: number): Position {
  let line = 1;
  let lineStart = 0;
  for (;;) {
    const end = text.indexOf("\n", lineStart);
    if (end === -1 || end >= offset) return { line, column: offset - lineStart + 1 };
    line++;
    lineStart = end + 1;
  }
}

function findPart(text: string, path: Path): { partOffset: number; valueOffset: number } | null {
  let found: { partOffset: number; valueOffset: number } | null = null;
  scan(text, {
    value(frames, valueOffset) {
      if (frames.length !== path.length) return false;
      if (!frames.every(({ part }, depth) => part === path[depth])) return false;
      const { isList, partOffset } = frames.at(-1) as Frame;
      found = { partOffset: isList ? valueOffset : partOffset, valueOffset };
      return true;
    },
    // Behind the mapping or list that should have held it there is nothing more to find.
    close: (frames) => frames.every(({ part }, depth) => depth === frames.length - 1 || part === path[depth]),
  });
  return found;
}

interface Visitor {
  /** Called at each value inside a mapping or a list; true ends the scan. */
  value?(frames: readonly Frame[], offset: number): boolean;
  /** Called at each name of a mapping; true ends the scan. */
  name?(frames: readonly Frame[], isDuplicate: boolean): boolean;
  /** Called at the end of each mapping and list, which is the last of the frames; true ends the scan. */
  close?(frames: readonly Frame[]): boolean;
}

/** Reads a valid JSON text without recursion, since its nesting may be as deep as its author likes. */
function scan(text: string, visitor: Visitor): void {
  const token = /[{}[\],]|"[^"\\]*(?:\\.[^"\\]*)*"(\s*:)?|[^\s{}[\],":]+/g;
  const frames: Frame[] = [];
  for (let match = token.exec(text); match !== null; match = token.exec(text)) {
    const [found, colon] = match;
    const frame = frames.at(-1);
    if (found === "}" || found === "]") {
      if (visitor.close?.(frames) === true) return;
      frames.pop();
    } else if (found === ",") {
      if (frame?.isList === true) frame.part = (frame.part as number) + 1;
    } else if (colon !== undefined) {
      const { names } = frame as Frame & { names: Set<string> };
      const name = JSON.parse(found.slice(0, -colon.length)) as string;
      const isDuplicate = names.has(name);
      names.add(name);
      (frame as Frame).part = name;
      (frame as Frame).partOffset = match.index;
      if (visitor.name?.(frames, isDuplicate) === true) return;
    } else {
      if (frame !== undefined && visitor.value?.(frames, match.index) === true) return;
      if (found === "{") frames.push({ isList: false, names: new Set(), part: "", partOffset: match.index });
      if (found === "[") frames.push({ isList: true, names: null, part: 0, partOffset: match.index });
    }
  }
}
