/**
 * Makes text from a plan safe to print: plans come from strangers, and a control character in a key could move
 * the cursor, change the title of a window, or turn the direction of what follows.
 */
export function visible(text: string): string {
  return text.replaceAll(UNPRINTABLE, (character) => {
    const short = SHORT[character];
    if (short !== undefined) return short;
    const code = (character.codePointAt(0) as number).toString(16);
    return code.length <= 2 ? `\\x${code.padStart(2, "0")}` : `\\u{${code}}`;
  });
}

const SHORT: Readonly<Record<string, string>> = { "\n": "\\n", "\r": "\\r", "\t": "\\t" };

/**
 * Control and format characters (the bidirectional ones and those without width among them), separators of lines
 * and paragraphs, private and unassigned ones, and halves of surrogate pairs.
 */
const UNPRINTABLE = /[\p{C}\p{Zl}\p{Zp}]/gu;

/** The same, cut to a length. */
export function visibleAtMost(text: string, lengthMax: number): string {
  return cut(visible(text), lengthMax);
}

export function cut(text: string, lengthMax: number): string {
  if (text.length <= lengthMax) return text;
  const kept = text.slice(0, Math.max(0, lengthMax - 1));
  // Half of a surrogate pair is no character.
  return `${/[\uD800-\uDBFF]$/.test(kept) ? kept.slice(0, -1) : kept}…`;
}
