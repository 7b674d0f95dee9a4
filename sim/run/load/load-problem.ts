/**
 * What is wrong with a file, as data. Loaders find problems; {@link renderProblem} makes the one line that a
 * person reads.
 */

export type Path = readonly (string | number)[];

/** A place in a text, both counted from 1. */
export interface Position {
  readonly line: number;
  readonly column: number;
}

export interface Problem {
  readonly file: string;
  /** Null when the problem is the file itself: it does not exist, it is a directory, it is too large. */
  readonly position: Position | null;
  /** Where in the content, as in `network.latency.kind`; empty for the file as a whole. */
  readonly path: string;
  /** What was expected, what was found, and the nearest match where there is one. */
  readonly message: string;
}

/** A problem that is known by its place in the content, not yet by its place in the text. */
export interface Finding {
  readonly path: Path;
  /** Whether the name is wrong (an unknown key) or what it stands for. */
  readonly at: "key" | "value";
  readonly message: string;
}

/** A text that could be read: what it says, and where it says it. */
export interface Source {
  readonly value: unknown;
  /** Where a part of the content is written; the nearest part around it when it is not written at all. */
  locate(path: Path, at: "key" | "value"): Position;
}

export type Loaded<T> =
  { readonly ok: true; readonly value: T } | { readonly ok: false; readonly problems: readonly Problem[] };

/** More would only scroll the first ones away. */
const PROBLEMS_SHOWN_MAX = 20;

export function failed(problems: readonly Problem[]): Loaded<never> {
  return { ok: false, problems };
}

/** In the order of the text, so that a reader goes through the file once. */
export function problemsOf(file: string, source: Source, findings: readonly Finding[]): Problem[] {
  const problems: Problem[] = findings
    .slice(0, PROBLEMS_SHOWN_MAX)
    .map(({ path, at, message }) => ({ path, message, position: source.locate(path, at) }))
    .sort((a, b) => a.position.line - b.position.line || a.position.column - b.position.column)
    .map(({ path, message, position }) => ({ file, position, path: pathText(path), message }));
  const hidden = findings.length - problems.length;
  if (hidden > 0) problems.push({ file, position: null, path: "", message: `and ${hidden} more problems` });
  return problems;
}

/** `faults[0].lasts` */
export function pathText(path: Path): string {
  return path.reduce<string>((text, part) => {
    if (typeof part === "number") return `${text}[${part}]`;
    return text === "" ? part : `${text}.${part}`;
  }, "");
}

/** `partition.yaml:5:11 network.latency.kind: expected constant or uniform, got "uniforn"; did you mean ...` */
export function renderProblem({ file, position, path, message }: Problem): string {
  const place = position === null ? file : `${file}:${position.line}:${position.column}`;
  return path === "" ? `${place}: ${message}` : `${place} ${path}: ${message}`;
}

/** A value of a file as a message shows it. */
export function shown(value: unknown): string {
  if (value === null || value === undefined) return "nothing";
  if (typeof value === "string")
    return JSON.stringify(value.length > 60 ? `${value.slice(0, 57)}...` : value);
  if (Array.isArray(value)) return value.length === 0 ? "an empty list" : `a list of ${value.length}`;
  return typeof value === "number" || typeof value === "boolean" ? String(value) : "a mapping";
}
