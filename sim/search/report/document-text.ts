import type { CampaignDocument } from "./document.ts";

/** An operation that never returned has no number for when it did, and JSON no word for infinity. */
const NEVER = "never";

/** The document as the text of a file: the same document, the same text. */
export function documentText(document: CampaignDocument): string {
  return `${JSON.stringify(document, (_name, value: unknown) => (value === Infinity ? NEVER : value), 1)}\n`;
}

/** The inverse of what `documentText` does to a value that is no JSON. */
export function reviveNever(name: string, value: unknown): unknown {
  return value === NEVER && name.endsWith("Us") ? Infinity : value;
}
