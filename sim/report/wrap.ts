/** Breaks text between words into lines of at most `width`; a longer word stays whole, so that it can be copied. */
export function wrap(text: string, width: number): string[] {
  return wrapPhrases(text.split(" "), width);
}

/** Breaks a list between its items, which are separated by commas. */
export function wrapList(items: readonly string[], width: number): string[] {
  const phrases = items.map((item, index) => (index < items.length - 1 ? `${item},` : item));
  return wrapPhrases(phrases, width);
}

/** Puts phrases, none of which is broken, into lines of at most `width`, with a space between two of a line. */
export function wrapPhrases(phrases: readonly string[], width: number): string[] {
  const lines: string[] = [];
  let line = "";
  for (const phrase of phrases) {
    if (line !== "" && line.length + 1 + phrase.length > width) {
      lines.push(line);
      line = phrase;
    } else {
      line = line === "" ? phrase : `${line} ${phrase}`;
    }
  }
  return line === "" ? lines : [...lines, line];
}

/** The same text, every line moved to the right. */
export function indented(lines: readonly string[], indent: string): string[] {
  return lines.map((line) => (line === "" ? "" : indent + line));
}
