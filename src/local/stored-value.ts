/**
 * What the text of a record says. Mostly it is the value as JSON. A value that was loaded may have more to it: for
 * how long before its end it is stale, or that there is no value, which is worth remembering too. That stands before
 * the JSON as `@milliseconds:`, and no JSON begins so.
 *
 * The time is relative to the end of the record, so that a touch moves both.
 */
export interface StoredValue {
  /** Null: the loader said that there is none. */
  readonly json: string | null;
  /** For how long before the record expires it is to be loaded anew. */
  readonly staleMs: number;
}

const MARK = 64; // "@"

/** True for plain JSON. */
export function isPlain(text: string): boolean {
  return text.charCodeAt(0) !== MARK;
}

export function encodeStored({ json, staleMs }: StoredValue): string {
  return json !== null && staleMs === 0 ? json : `@${staleMs}:${json ?? ""}`;
}

export function decodeStored(text: string): StoredValue {
  if (isPlain(text)) return { json: text, staleMs: 0 };
  const end = text.indexOf(":");
  const json = text.slice(end + 1);
  return { json: json === "" ? null : json, staleMs: Number(text.slice(1, end)) };
}
